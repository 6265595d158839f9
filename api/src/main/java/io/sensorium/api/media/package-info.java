/** Untrusted bytes in, pixels, samples and characters out. */
@Version("1.0.0")
package io.sensorium.api.media;

import org.osgi.annotation.versioning.Version;
