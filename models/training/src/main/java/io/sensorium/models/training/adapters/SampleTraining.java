package io.sensorium.models.training.adapters;

import io.sensorium.models.training.TorchRuntime;
import io.sensorium.models.training.adapters.ProjectionShape.Features;
import io.sensorium.models.training.adapters.ProjectionShape.Kind;
import io.sensorium.models.training.adapters.ProjectionShape.Pool;
import io.sensorium.models.world.Seeds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Trains an adapter on samples that a user brings, and writes it as a checkpoint with its learning
 * curve. About a tenth of the media, with all that is asked about them, is held out. One thread at
 * a time.
 */
public final class SampleTraining {
  private static final int HELD_OUT_PERCENT = 10;
  private static final int HIDDEN_WIDTH = 128;
  private static final int QUERIES = 16;
  private static final int LAYERS = 2;
  private static final int BIND_BLOCKS = 3;
  private static final int HEADS = 4;
  private static final int EMBEDDING_ROWS = 8;
  private static final int LARGEST_UNPOOLED = 36;

  private final FrozenDecoder decoder;
  private final FeatureSource features;
  private final List<Sample> samples;
  private final List<List<Integer>> media;

  /**
   * How it is trained.
   *
   * @param steps at most so many
   * @param batch samples a step
   * @param rate AdamW's highest learning rate
   * @param patience after so many looks without a gain it ends; 0 for never
   */
  public record Settings(Kind kind, int steps, int batch, double rate, int patience) {}

  /**
   * @param features of the media, numbered in the order in which samples name them first
   * @param samples as {@link SampleFile} reads them
   */
  public SampleTraining(FrozenDecoder decoder, FeatureSource features, List<Sample> samples) {
    this.decoder = decoder;
    this.features = features;
    this.samples = List.copyOf(samples);
    Map<Path, Integer> numbers = new HashMap<>();
    List<Path> files = media(samples);
    files.forEach(file -> numbers.put(file, numbers.size()));
    media = samples.stream().map(s -> s.media().stream().map(numbers::get).toList()).toList();
  }

  /** Every medium once, in the order in which samples name them first. */
  public static List<Path> media(List<Sample> samples) {
    return samples.stream().flatMap(sample -> sample.media().stream()).distinct().toList();
  }

  /** What an adapter of a kind is made of here. */
  public ProjectionShape shape(Kind kind) {
    FeatureShape shape = features.shape();
    boolean poolable =
        shape.gridRows() % 2 == 0
            && shape.gridColumns() % 2 == 0
            && shape.gridRows() * shape.gridColumns() > LARGEST_UNPOOLED;
    boolean query = kind == Kind.QUERY;
    boolean whole = kind == Kind.ONE_TOKEN || kind == Kind.ZERO_GATED || shape.tokens() == 0;
    return new ProjectionShape(
        kind,
        whole ? Features.EMBEDDING : Features.BOTH,
        shape,
        query,
        poolable ? new Pool(2, 2) : Pool.NONE,
        kind == Kind.ONE_TOKEN ? 1 : EMBEDDING_ROWS,
        query ? HIDDEN_WIDTH : 2 * HIDDEN_WIDTH,
        decoder.shape().hidden(),
        query ? QUERIES : 0,
        kind == Kind.ZERO_GATED ? BIND_BLOCKS : query ? LAYERS : 0,
        HEADS);
  }

  /**
   * Trains.
   *
   * @param work where the state is kept
   * @param resume whether to go on from a state there
   */
  public AdapterTraining.Result run(
      Settings settings,
      LessonWriter writer,
      Path work,
      boolean resume,
      AdapterTraining.Listener listener) {
    TorchRuntime.useOneThread();
    var learnt = new ArrayList<Lesson>();
    var held = new ArrayList<Lesson>();
    divide(writer, learnt, held);
    int look = Math.clamp(settings.steps() / 12, 5, 200);
    var plan =
        new TrainingPlan(
            settings.steps(),
            settings.batch(),
            settings.rate(),
            0.01,
            1,
            look,
            settings.patience(),
            false);
    var training =
        new AdapterTraining(shape(settings.kind()), decoder, features, plan, work, listener);
    return training.run(
        training.initial(), step -> batch(learnt, step, settings.batch()), held, resume);
  }

  private void divide(LessonWriter writer, List<Lesson> learnt, List<Lesson> held) {
    boolean[] heldOut = heldOutMedia();
    for (int index = 0; index < samples.size(); index++) {
      Sample sample = samples.get(index);
      Lesson lesson;
      try {
        lesson = writer.write(media.get(index), sample.prompt(), sample.answer());
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "the sample of line %d cannot be asked: %s".formatted(sample.line(), e.getMessage()),
            e);
      }
      boolean out = media.get(index).stream().anyMatch(medium -> heldOut[medium]);
      (out ? held : learnt).add(lesson);
    }
    if (learnt.isEmpty() || held.isEmpty()) {
      throw new IllegalArgumentException(
          "samples about at least two media are required, so that some can be held out; %d samples"
                  .formatted(samples.size())
              + " are about "
              + media(samples).size());
    }
  }

  /** A tenth of the media, at least one. */
  private boolean[] heldOutMedia() {
    int count = media(samples).size();
    var heldOut = new boolean[count];
    RandomGenerator random = Seeds.generator(1);
    int wanted = Math.max(1, count * HELD_OUT_PERCENT / 100);
    for (int chosen = 0; chosen < wanted; ) {
      int medium = random.nextInt(count);
      if (!heldOut[medium]) {
        heldOut[medium] = true;
        chosen++;
      }
    }
    return heldOut;
  }

  /** Each epoch has its own order of all lessons. */
  private static List<Lesson> batch(List<Lesson> lessons, int step, int size) {
    int perEpoch = Math.max(1, lessons.size() / size);
    var order = new int[lessons.size()];
    Arrays.setAll(order, index -> index);
    RandomGenerator random = Seeds.generator(2, step / perEpoch);
    for (int at = order.length - 1; at > 0; at--) {
      int other = random.nextInt(at + 1);
      int kept = order[at];
      order[at] = order[other];
      order[other] = kept;
    }
    var batch = new ArrayList<Lesson>();
    int first = step % perEpoch * size;
    for (int index = first; index < Math.min(order.length, first + size); index++) {
      batch.add(lessons.get(order[index]));
    }
    return batch;
  }
}
