/** Turns sounds into the tensors that audio packages declare. */
package io.sensorium.encoder.audio;
