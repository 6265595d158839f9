/** The persistent memory: vectors, words, metadata. */
@Version("1.0.0")
package io.sensorium.api.index;

import org.osgi.annotation.versioning.Version;
