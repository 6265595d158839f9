package io.sensorium.language.scheduling;

import io.sensorium.api.InferenceException;
import io.sensorium.api.language.Extension;
import io.sensorium.api.language.FinishReason;
import io.sensorium.api.language.Generation;
import io.sensorium.api.language.LanguageModel;
import io.sensorium.api.language.Prediction;
import io.sensorium.api.language.Sequence;
import io.sensorium.language.decoding.Decoding;
import io.sensorium.language.decoding.ScoredToken;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A request for so many of the most probable tokens, whose text is their numbers. */
final class SaidTokens implements Job {
  private final List<Integer> prompt;
  private final int count;
  private final int sequences;
  private int told;

  SaidTokens(List<Integer> prompt, int count, int sequences) {
    this.prompt = prompt;
    this.count = count;
    this.sequences = sequences;
  }

  @Override
  public int sequences() {
    return sequences;
  }

  @Override
  public void prepare() {
    if (prompt.isEmpty()) {
      throw new IllegalArgumentException("a prompt must have a token");
    }
  }

  @Override
  public Decoding begin(LanguageModel model, Sequence sequence) {
    return new Largest(sequence);
  }

  @Override
  public String advance(Decoding decoding) {
    StringBuilder piece = new StringBuilder();
    decoding.certain().stream().skip(told).forEach(token -> piece.append(token).append(' '));
    told = decoding.certain().size();
    return piece.toString();
  }

  @Override
  public String end() {
    return "";
  }

  @Override
  public Generation finish(Decoding decoding, Duration prefill, Duration decode) {
    return new Generation(
        "",
        decoding.certain(),
        "said",
        prompt.size(),
        FinishReason.LENGTH,
        List.of(),
        prefill,
        decode);
  }

  private final class Largest implements Decoding {
    private final List<Sequence> sequences = new ArrayList<>();
    private final List<Integer> made = new ArrayList<>();

    private Largest(Sequence first) {
      sequences.add(first);
    }

    @Override
    public List<Extension> wanted() {
      if (made.size() == count) {
        return List.of();
      }
      List<Integer> tokens = made.isEmpty() ? prompt : List.of(made.getLast());
      return sequences.stream().map(sequence -> new Extension(sequence, tokens)).toList();
    }

    @Override
    public void accept(List<Prediction> predictions) {
      int best = 0;
      for (Prediction prediction : predictions) {
        FloatBuffer row = prediction.logits();
        for (int token = 0; token < row.limit(); token++) {
          if (Float.isNaN(row.get(token))) {
            throw new InferenceException("logits must be numbers; got " + row.get(token));
          }
          best = row.get(token) > row.get(best) ? token : best;
        }
      }
      made.add(best);
      while (sequences.size() < SaidTokens.this.sequences) {
        sequences.add(sequences.getFirst().fork());
      }
    }

    @Override
    public List<Integer> certain() {
      return List.copyOf(made);
    }

    @Override
    public List<ScoredToken> scores() {
      return List.of();
    }

    @Override
    public Optional<FinishReason> finishReason() {
      return made.size() == count ? Optional.of(FinishReason.LENGTH) : Optional.empty();
    }

    @Override
    public void close() {
      sequences.forEach(Sequence::close);
    }
  }
}
