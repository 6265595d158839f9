package io.sensorium.api.encoder;

import io.sensorium.api.model.ModelGraph;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What a bundle registers to bring a modality: it says which bytes it accepts and turns them into
 * the tensors that its graphs declare. Sessions, batching, leasing, normalising, self-tests and
 * metrics are the host's.
 *
 * <p>Register it as an OSGi service with the properties {@link #MODALITY} (required) and {@link
 * #ACCEPTS}. Called from several threads.
 */
@ConsumerType
@FunctionalInterface
public interface ModalityEncoder {
  /** Service property: the modality's name, for instance {@code motion}. */
  String MODALITY = "sensorium.modality";

  /**
   * Service property, a list: media types ({@code image/*}, {@code audio/wav}) or file name
   * patterns ({@code *.motion.csv}) that are this modality's.
   */
  String ACCEPTS = "sensorium.accepts";

  /**
   * Reads what a graph of this modality declares and answers its preprocessor.
   *
   * @throws io.sensorium.api.ModelLoadException if the declaration cannot be honoured
   */
  Preprocessor open(ModelGraph graph);
}
