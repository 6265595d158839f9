/** Model packages: what they declare and where they are kept. */
@Version("1.0.0")
package io.sensorium.api.model;

import org.osgi.annotation.versioning.Version;
