/**
 * Trains the default models with DJL: an image tower and a text head against each other, then an
 * audio tower against the image tower. The command is {@link
 * io.sensorium.models.training.TrainDefaults}.
 *
 * <p>A batch depends on its seed and number alone, and a step is one TorchScript call that updates
 * its state in place; a training that was stopped goes on to the same bits.
 */
package io.sensorium.models.training;
