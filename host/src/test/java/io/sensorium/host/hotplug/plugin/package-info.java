/** Activators of bundles that tests make; each goes into a bundle of its own. */
package io.sensorium.host.hotplug.plugin;
