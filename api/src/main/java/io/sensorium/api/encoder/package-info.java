/**
 * The one interface that a new modality implements.
 *
 * <pre>{@code
 * @Component(property = {"sensorium.modality=motion", "sensorium.accepts=*.motion.csv"})
 * public final class MotionEncoder implements ModalityEncoder {
 *   public Preprocessor open(ModelGraph graph) {
 *     int window = graph.manifest().preprocessing().integer("window");
 *     return input -> Map.of("input_values", Accelerometer.parse(input).lastSamples(window));
 *   }
 * }
 * }</pre>
 */
@Version("1.0.0")
package io.sensorium.api.encoder;

import org.osgi.annotation.versioning.Version;
