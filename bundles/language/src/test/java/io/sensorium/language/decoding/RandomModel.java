package io.sensorium.language.decoding;

import io.sensorium.api.RequestContext;
import io.sensorium.api.ResourceExhaustedException;
import io.sensorium.api.language.Extension;
import io.sensorium.api.language.LanguageModel;
import io.sensorium.api.language.Prediction;
import io.sensorium.api.language.Sequence;
import io.sensorium.api.model.ModelLicence;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.Settings;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A model whose logits and hidden states are random numbers that depend on every token before them,
 * so that a sequence that remembers anything wrong says something else.
 */
public final class RandomModel implements LanguageModel {
  static final int HIDDEN = 5;

  private final int vocabulary;
  private final int places;
  private final int context;
  private final long seed;
  private int hiddenWidth = HIDDEN;
  private final List<Remembered> living = new ArrayList<>();
  int runTokens;

  /** One with so many places for sequences of at most so many tokens. */
  public RandomModel(int vocabulary, int places, int context, long seed) {
    this.vocabulary = vocabulary;
    this.places = places;
    this.context = context;
    this.seed = seed;
  }

  private final class Remembered implements Sequence {
    private final List<Integer> tokens = new ArrayList<>();

    @Override
    public int length() {
      return tokens.size();
    }

    @Override
    public Sequence fork() {
      Remembered fork = (Remembered) begin();
      fork.tokens.addAll(tokens);
      return fork;
    }

    @Override
    public void become(Sequence other, int shared) {
      List<Integer> theirs = ((Remembered) other).tokens;
      if (!living.contains(other) || other == this) {
        throw new IllegalArgumentException("another living sequence is required");
      }
      // What is said to be shared is not copied.
      tokens.subList(shared, tokens.size()).clear();
      tokens.addAll(theirs.subList(shared, theirs.size()));
    }

    @Override
    public boolean truncate(int length) {
      tokens.subList(length, tokens.size()).clear();
      return true;
    }

    @Override
    public void close() {
      living.remove(this);
    }
  }

  /** The logits after tokens. */
  float[] logits(List<Integer> tokens) {
    SplittableRandom random = new SplittableRandom(seed * 1_000_003 + tokens.hashCode());
    float[] logits = new float[vocabulary];
    for (int token = 0; token < vocabulary; token++) {
      logits[token] = (float) (3 * random.nextGaussian());
    }
    return logits;
  }

  /** The hidden state of the last of some tokens. */
  float[] hidden(List<Integer> tokens) {
    SplittableRandom random = new SplittableRandom(seed * 999_983 - tokens.hashCode());
    float[] hidden = new float[HIDDEN];
    for (int i = 0; i < HIDDEN; i++) {
      hidden[i] = (float) random.nextGaussian();
    }
    return hidden;
  }

  RandomModel withoutHiddenStates() {
    hiddenWidth = 0;
    return this;
  }

  /** Sequences that are not closed. */
  public int living() {
    return living.size();
  }

  /** Drives a decoding to its end. */
  public static <D extends Decoding> D run(LanguageModel model, D decoding) {
    List<Integer> certain = List.of();
    while (!decoding.wanted().isEmpty()) {
      decoding.accept(
          model.extend(decoding.wanted(), RequestContext.within(Duration.ofMinutes(1))));
      if (!decoding.certain().subList(0, certain.size()).equals(certain)) {
        throw new AssertionError("what is certain must only grow");
      }
      certain = List.copyOf(decoding.certain());
    }
    return decoding;
  }

  @Override
  public ModelPackage model() {
    ModelManifest manifest =
        new ModelManifest(
            "random",
            "1",
            ModelManifest.GENERATION,
            "random",
            Optional.empty(),
            ModelLicence.UNKNOWN,
            List.of(),
            Settings.of("model.json", Map.of()),
            List.of());
    return new ModelPackage(manifest, Path.of("random"));
  }

  @Override
  public int vocabularySize() {
    return vocabulary;
  }

  @Override
  public int contextLength() {
    return context;
  }

  @Override
  public int mediaWidth() {
    return 2;
  }

  @Override
  public int hiddenWidth() {
    return hiddenWidth;
  }

  @Override
  public Sequence begin() {
    if (living.size() == places) {
      throw new ResourceExhaustedException("all " + places + " sequences live");
    }
    Remembered begun = new Remembered();
    living.add(begun);
    return begun;
  }

  @Override
  public List<Prediction> extend(List<Extension> extensions, RequestContext request) {
    List<Prediction> predictions = new ArrayList<>();
    for (Extension extension : extensions) {
      Remembered sequence = (Remembered) extension.sequence();
      if (!living.contains(sequence)) {
        throw new IllegalArgumentException("the sequence is closed");
      }
      List<float[]> states = new ArrayList<>();
      for (int token : extension.tokens()) {
        sequence.tokens.add(token);
        states.add(hidden(sequence.tokens));
      }
      runTokens += extension.tokens().size();
      predictions.add(
          new Prediction(
              FloatBuffer.wrap(logits(sequence.tokens)),
              extension.hiddenStates() ? Optional.of(rows(states)) : Optional.empty()));
    }
    return predictions;
  }

  private static Tensor rows(List<float[]> states) {
    float[] all = new float[states.size() * HIDDEN];
    for (int row = 0; row < states.size(); row++) {
      System.arraycopy(states.get(row), 0, all, row * HIDDEN, HIDDEN);
    }
    return Tensor.ofFloats(Shape.of(states.size(), HIDDEN), all);
  }

  @Override
  public long exchangedBytes() {
    return 0;
  }

  @Override
  public void close() {
    living.clear();
  }
}
