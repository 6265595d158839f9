package io.sensorium.language.scheduling;

import io.sensorium.api.InferenceException;
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
import io.sensorium.api.runtime.Reclaimable;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A model whose next token depends on every token before it, so that a sequence that remembers
 * anything wrong says something else. One token makes runs fail, another one makes logits that are
 * no numbers.
 */
public final class HistoryModel implements LanguageModel {
  static final int VOCABULARY = 97;
  static final int FAILS = 95;
  static final int NO_NUMBER = 96;
  private static final int LARGEST_SAID = 90;

  private final ModelPackage model;
  private final int places;
  private final Runnable onRun;
  private final List<Remembered> living = new ArrayList<>();
  final List<List<Integer>> runs = new CopyOnWriteArrayList<>();
  public volatile boolean closed;
  public volatile Reclaimable holder;

  /**
   * @param onRun called before each run
   */
  HistoryModel(int places, Runnable onRun) {
    this(places, onRun, model("said", "1"));
  }

  /**
   * @param onRun called before each run
   * @param model the package that it is opened of
   */
  public HistoryModel(int places, Runnable onRun, ModelPackage model) {
    this.model = model;
    this.places = places;
    this.onRun = onRun;
  }

  private final class Remembered implements Sequence {
    private final List<Integer> tokens = new ArrayList<>();
    private boolean ended;

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
      tokens.clear();
      tokens.addAll(((Remembered) other).tokens);
    }

    @Override
    public boolean truncate(int length) {
      tokens.subList(length, tokens.size()).clear();
      return true;
    }

    @Override
    public void close() {
      if (!ended) {
        ended = true;
        living.remove(this);
      }
    }
  }

  /** What follows tokens. */
  static int next(List<Integer> tokens) {
    return Math.floorMod(tokens.hashCode() * 31, LARGEST_SAID);
  }

  /** What a model says that goes on with one text alone. */
  public static List<Integer> said(List<Integer> prompt, int count) {
    List<Integer> all = new ArrayList<>(prompt);
    for (int i = 0; i < count; i++) {
      all.add(next(all));
    }
    return all.subList(prompt.size(), all.size());
  }

  int places() {
    return places;
  }

  int living() {
    return living.size();
  }

  @Override
  public ModelPackage model() {
    return model;
  }

  /** A package without a tokenizer. */
  public static ModelPackage model(String id, String version) {
    ModelManifest manifest =
        new ModelManifest(
            id,
            version,
            ModelManifest.GENERATION,
            "history",
            Optional.empty(),
            ModelLicence.UNKNOWN,
            List.of(),
            Settings.of("model.json", Map.of()),
            List.of());
    return new ModelPackage(manifest, Path.of(id));
  }

  @Override
  public int vocabularySize() {
    return VOCABULARY;
  }

  @Override
  public int contextLength() {
    return 2_000_000;
  }

  @Override
  public int mediaWidth() {
    return 2;
  }

  @Override
  public int hiddenWidth() {
    return 0;
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
  public List<Prediction> extend(List<Extension> extensions, RequestContext context) {
    runs.add(extensions.stream().map(extension -> extension.tokens().size()).toList());
    onRun.run();
    context.check("a run");
    if (extensions.stream().anyMatch(extension -> extension.tokens().contains(FAILS))) {
      throw new InferenceException("the run failed");
    }
    List<Prediction> predictions = new ArrayList<>();
    for (Extension extension : extensions) {
      Remembered sequence = (Remembered) extension.sequence();
      sequence.tokens.addAll(extension.tokens());
      float[] row = new float[VOCABULARY];
      if (sequence.tokens.contains(NO_NUMBER)) {
        Arrays.fill(row, Float.NaN);
      } else {
        row[next(sequence.tokens)] = 1;
      }
      predictions.add(new Prediction(FloatBuffer.wrap(row)));
    }
    return predictions;
  }

  @Override
  public void reclaimableBy(Reclaimable asked) {
    holder = asked;
  }

  @Override
  public long exchangedBytes() {
    return 0;
  }

  @Override
  public void close() {
    closed = true;
  }
}
