/**
 * What {@code sensorium bench hotplug} does: changes a running host under load, in every bad way.
 */
package io.sensorium.host.bench.hotplug;
