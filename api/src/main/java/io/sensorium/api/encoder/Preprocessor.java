package io.sensorium.api.encoder;

import io.sensorium.api.media.MediaInput;
import io.sensorium.api.tensor.Tensor;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/** Turns one item into the input tensors of one graph. Called from several threads at once. */
@ConsumerType
@FunctionalInterface
public interface Preprocessor extends AutoCloseable {
  /**
   * The graph's inputs for one item, each of shape {@code [1, ...]}. Items whose other dimensions
   * differ are padded by the host with zeros where the graph leaves the dimension open.
   *
   * @throws io.sensorium.api.UnsupportedInputException if the item cannot be read
   */
  Map<String, Tensor> prepare(MediaInput input);

  /** Gives back what {@link ModalityEncoder#open} acquired. */
  @Override
  default void close() {}
}
