/**
 * One strike sound per thing, synthesised from oscillators and filtered noise. A strike is at most
 * {@link io.sensorium.models.world.sounds.Strike#MAXIMUM_SECONDS} long and peaks at 1; its nominal
 * frequencies are multiplied by the pitch.
 */
package io.sensorium.models.world.sounds;
