/** The little world: scenes with a look and a sound, described in sentences. */
package io.sensorium.models.world;
