/** What happens to a plug-in between its arrival and the proof that it is gone. */
@Version("1.0.0")
package io.sensorium.api.lifecycle;

import org.osgi.annotation.versioning.Version;
