package io.sensorium.language.scheduling;

import io.sensorium.api.language.Generation;
import io.sensorium.api.language.LanguageModel;
import io.sensorium.api.language.Sequence;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.language.decoding.Decoding;
import java.time.Duration;
import java.util.Optional;

/**
 * What a request is to the thread of its model: how it begins, what it tells on the way, how it
 * ends. Once it is prepared it is used by that thread alone; whatever it throws fails its own
 * request.
 */
public interface Job {
  /** Sequences that it may have at once, at least 1. */
  int sequences();

  /** The low-rank adapter that its sequences have; empty for the model as it is. */
  default Optional<AdapterSource> adapter() {
    return Optional.empty();
  }

  /** What is added to its sequences' attention, layer by layer; empty for nothing. */
  default Optional<Tensor> layerAdditions() {
    return Optional.empty();
  }

  /**
   * Does what may take long and needs no place, once the model is open, on a thread that nobody
   * else waits for.
   */
  void prepare();

  /**
   * Begins.
   *
   * @param model that runs it, to be asked for its sizes alone
   * @param sequence empty; the decoding's, which forks and closes it
   * @throws IllegalArgumentException if the model cannot do what is asked for
   */
  Decoding begin(LanguageModel model, Sequence sequence);

  /**
   * Looks at what the decoding has made since the last look.
   *
   * @return the text that has become certain; empty for none
   */
  String advance(Decoding decoding);

  /**
   * Nothing follows any more.
   *
   * @return the text that has become certain by that; empty for none
   */
  String end();

  /**
   * The answer, once it has ended.
   *
   * @param decoding that has ended
   * @param prefill from the first to the last run over the prompt
   * @param decode from then on
   */
  Generation finish(Decoding decoding, Duration prefill, Duration decode);
}
