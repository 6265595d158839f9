/** Turns text into the token tensors that text packages declare. */
package io.sensorium.encoder.text;
