package io.sensorium.language.decoding;

import io.sensorium.api.language.Extension;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * One request's way through a model: a state machine that whoever runs the model drives, so that
 * many requests can share a run. One thread at a time; {@link #close} ends its sequences.
 */
public interface Decoding extends AutoCloseable {
  /** What is to be run next; empty once the text has ended. Asking twice changes nothing. */
  List<Extension> wanted();

  /**
   * Goes on.
   *
   * @param logits one buffer for each extension wanted, in their order; may be changed in place
   * @throws io.sensorium.api.InferenceException if they are no numbers
   */
  void accept(List<FloatBuffer> logits);

  /** The tokens that are certain so far; they only grow. */
  List<Integer> certain();

  @Override
  void close();
}
