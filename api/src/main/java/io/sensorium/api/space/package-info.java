/** Typed, versioned embedding spaces and the service that embeds into them. */
@Version("1.0.0")
package io.sensorium.api.space;

import org.osgi.annotation.versioning.Version;
