/** Teaches motion to the space {@code world}, through pictures alone. */
package io.sensorium.examples.motion.training;
