/** What {@code sensorium bench} measures on the user's own machine. */
package io.sensorium.host.bench;
