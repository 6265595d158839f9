/** Turns pictures into the tensors that image packages declare. */
package io.sensorium.encoder.image;
