/** Running models: devices, sessions, leases. */
@Version("1.0.0")
package io.sensorium.api.runtime;

import org.osgi.annotation.versioning.Version;
