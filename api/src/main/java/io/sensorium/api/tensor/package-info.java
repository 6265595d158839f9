/** Typed tensors over plain memory: what crosses between encoders, runtime and spaces. */
@Version("1.0.0")
package io.sensorium.api.tensor;

import org.osgi.annotation.versioning.Version;
