package io.sensorium.language.decoding;

import io.sensorium.api.language.Extension;
import io.sensorium.api.language.FinishReason;
import io.sensorium.api.language.Prediction;
import java.util.List;
import java.util.Optional;

/**
 * One request's way through a model: a state machine that whoever runs the model drives, so that
 * many requests can share a run. One thread at a time; {@link #close} ends its sequences.
 */
public interface Decoding extends AutoCloseable {
  /**
   * What is to be run next: the whole prompt first, then a token for each of its sequences; empty
   * once the text has ended. Asking twice changes nothing.
   */
  List<Extension> wanted();

  /**
   * Goes on.
   *
   * @param predictions one for each extension wanted, in their order; logits may be changed in
   *     place. Who runs an extension in pieces joins them: {@link Prediction#join}
   * @throws io.sensorium.api.InferenceException if logits are no numbers, or nothing may follow
   */
  void accept(List<Prediction> predictions);

  /** The tokens that are certain so far, one that ends the text included; they only grow. */
  List<Integer> certain();

  /**
   * How probable the certain tokens were where they were chosen: one each if log-probabilities were
   * asked for, else none.
   */
  List<ScoredToken> scores();

  /** Why the text ended; empty while it goes on. */
  Optional<FinishReason> finishReason();

  @Override
  void close();
}
