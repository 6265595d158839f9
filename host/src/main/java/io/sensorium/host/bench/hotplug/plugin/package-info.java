/**
 * Code of the plug-ins that the hot-plug benchmark makes: its class files are copied into bundles,
 * and run there, not here.
 */
package io.sensorium.host.bench.hotplug.plugin;
