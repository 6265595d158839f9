/** Many requests through one model. */
package io.sensorium.language.scheduling;
