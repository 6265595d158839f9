/** Boots the framework: the bundles that the host carries, its cache, its log, its readiness. */
package io.sensorium.host.launch;
