/** A sense for motion: recordings of accelerometers become the tensors of a small transformer. */
package io.sensorium.examples.motion;
