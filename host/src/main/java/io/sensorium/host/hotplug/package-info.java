/**
 * Bundles that come, are replaced and go while the host runs: the protocol, its journal, the jars
 * that are kept, and who is trusted.
 */
package io.sensorium.host.hotplug;
