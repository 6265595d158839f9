package io.sensorium.language.decoding;

import io.sensorium.api.language.DecodingStrategy;
import io.sensorium.api.language.DecodingStrategy.Beam;
import io.sensorium.api.language.DecodingStrategy.Contrastive;
import io.sensorium.api.language.DecodingStrategy.Greedy;
import io.sensorium.api.language.DecodingStrategy.Sample;
import io.sensorium.api.language.LanguageModel;
import io.sensorium.api.language.Sequence;

/** Begins texts, each by the strategy that its options name. Stateless. */
public final class Decodings {
  private Decodings() {}

  /** Sequences that a strategy needs at most, the first one included. */
  public static int sequences(DecodingStrategy strategy) {
    return switch (strategy) {
      case Greedy() -> 1;
      case Sample sample -> 1;
      case Beam beam -> beam.width();
      case Contrastive contrastive -> contrastive.topK();
    };
  }

  /**
   * Begins a text.
   *
   * @param model that will run it, asked for its sizes alone
   * @param sequence empty; the decoding forks it and closes it, also if this throws
   * @throws IllegalArgumentException if the prompt leaves no room in the model's context, or the
   *     model cannot do what the strategy needs
   */
  public static Decoding begin(LanguageModel model, Sequence sequence, DecodingRequest request) {
    try {
      return strategy(new TextRun(model, sequence, request));
    } catch (RuntimeException e) {
      sequence.close();
      throw e;
    }
  }

  private static Decoding strategy(TextRun run) {
    return switch (run.request().options().strategy()) {
      case Greedy() -> new SingleTextDecoding(run, Scores::largest);
      case Sample sample -> new SingleTextDecoding(run, new Sampler(sample));
      case Beam beam -> new BeamDecoding(run, beam);
      case Contrastive contrastive -> new ContrastiveDecoding(run, contrastive);
    };
  }
}
