/**
 * How the things of the little world move, as an accelerometer fixed to them would record it.
 *
 * <pre>{@code
 * Motion motion = new MotionSynthesizer().render(scene, Seeds.generator(7), Handling.CALM);
 * MotionFile.write(Path.of("bell.motion.csv"), motion);
 * }</pre>
 */
package io.sensorium.examples.motion.simulation;
