/** Language models as sequences of tokens, whatever their architecture. */
@Version("1.0.0")
package io.sensorium.api.language;

import org.osgi.annotation.versioning.Version;
