/** Looks at a running host and says what is wrong with it. */
package io.sensorium.host.doctor;
