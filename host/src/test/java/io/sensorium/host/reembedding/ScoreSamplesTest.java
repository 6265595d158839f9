package io.sensorium.host.reembedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.Modality;
import io.sensorium.api.index.ScoreScale;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.SpaceId;
import io.sensorium.host.reembedding.ScoreSamples.Sample;
import io.sensorium.host.reembedding.ScoreSamples.SampleKey;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Two encoders that see the same things differently, as two trainings do: the newer one mixes what
 * it sees by another matrix into fewer dimensions, weighs them unevenly, crowds everything into a
 * cone, and errs in its own way. Nothing about it is a rotation of the older one.
 */
class ScoreSamplesTest {
  private static final SpaceId OLD = new SpaceId("world", "1");
  private static final SpaceId NEW = new SpaceId("world", "2");
  private static final SampleKey IMAGES = new SampleKey(OLD, NEW, Modality.IMAGE);

  private static final int MEANING = 24;
  private static final double LENGTH = Math.sqrt(MEANING);
  private static final double NOISE = 0.15;
  private static final int KINDS = 40;
  private static final int ITEMS = 601;
  private static final int QUERIES = 101;
  private static final int TOP = 10;

  @TempDir private Path folder;

  /** Were the versions' cosines alike, mapping would cost little; where they differ, it helps. */
  @ParameterizedTest
  @CsvSource({
    "3, 0, 0.7, -0.05",
    "17, 0, 0.7, -0.05",
    "2026, 0, 0.7, -0.05",
    "3, 2, 0.6, 0.12",
    "17, 2, 0.6, 0.12",
    "2026, 2, 0.6, 0.12",
  })
  void halfMovedItemsAreFoundAlmostAsIfAllHadMovedToATrainingOfItsOwn(
      long seed, double cone, double least, double gain) {
    Random random = new Random(seed);
    double[][] kinds = gaussians(random, KINDS, MEANING);
    Encoder older = new Encoder(random, OLD, 64, 0);
    Encoder newer = new Encoder(random, NEW, 48, cone);
    List<Sample> items = sight(random, older, newer, kinds, ITEMS);
    List<Sample> queries = sight(random, older, newer, kinds, QUERIES);
    ScoreSamples samples = ScoreSamples.load(folder.resolve("samples"));
    samples.add(IMAGES, items.subList(0, ScoreSamples.ENOUGH));

    Agreement agreement = new Agreement();
    queries.forEach(query -> agreement.add(query, items, samples));
    System.out.printf("seed %d, cone %s: %s%n", seed, cone, agreement);

    assertThat(agreement.mapped()).isGreaterThan(least);
    assertThat(agreement.mapped()).isGreaterThan(agreement.unmapped() + gain);
    assertThat(agreement.mapped()).isGreaterThan(agreement.fitted() - 0.05);
  }

  /** How much of what is found were everything moved is found while half is, on average. */
  private static final class Agreement {
    private double mapped;
    private double unmapped;
    private double fitted;
    private double movedShare;
    private int queries;

    void add(Sample query, List<Sample> items, ScoreSamples samples) {
      ScoreScale scale = samples.scales(query.older(), query.newer()).get(Modality.IMAGE);
      Set<Integer> wanted = top(query, items, ITEMS, ScoreScale.IDENTITY);
      Set<Integer> found = top(query, items, ITEMS / 2, scale);
      mapped += overlap(wanted, found);
      unmapped += overlap(wanted, top(query, items, ITEMS / 2, ScoreScale.IDENTITY));
      fitted += overlap(wanted, top(query, items, ITEMS / 2, everyItem(query, items)));
      movedShare += found.stream().filter(item -> item < ITEMS / 2).count() / (double) TOP;
      queries++;
    }

    /** What could be known at best of a line: from every item, not from a sample. */
    private static ScoreScale everyItem(Sample query, List<Sample> items) {
      double[] from = items.stream().mapToDouble(i -> query.older().cosine(i.older())).toArray();
      double[] to = items.stream().mapToDouble(i -> query.newer().cosine(i.newer())).toArray();
      double factor = Math.sqrt(variance(to) / variance(from));
      return new ScoreScale(factor, mean(to) - factor * mean(from));
    }

    private static double mean(double[] values) {
      return java.util.Arrays.stream(values).average().orElseThrow();
    }

    private static double variance(double[] values) {
      double mean = mean(values);
      return java.util.Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum()
          / values.length;
    }

    private static Set<Integer> top(Sample query, List<Sample> items, int moved, ScoreScale scale) {
      double[] scores =
          IntStream.range(0, items.size())
              .mapToDouble(
                  item ->
                      item < moved
                          ? query.newer().cosine(items.get(item).newer())
                          : scale.of(query.older().cosine(items.get(item).older())))
              .toArray();
      return new HashSet<>(
          IntStream.range(0, scores.length)
              .boxed()
              .sorted(Comparator.comparingDouble(item -> -scores[item]))
              .limit(TOP)
              .toList());
    }

    private static double overlap(Set<Integer> wanted, Set<Integer> found) {
      return found.stream().filter(wanted::contains).count() / (double) TOP;
    }

    double mapped() {
      return mapped / queries;
    }

    double unmapped() {
      return unmapped / queries;
    }

    double fitted() {
      return fitted / queries;
    }

    double movedShare() {
      return movedShare / queries;
    }

    @Override
    public String toString() {
      return "of the best %d, mapped %.3f, not mapped %.3f, by every item %.3f; moved ones %.3f"
          .formatted(TOP, mapped(), unmapped(), fitted(), movedShare());
    }
  }

  private static List<Sample> sight(
      Random random, Encoder older, Encoder newer, double[][] kinds, int count) {
    List<Sample> seen = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double[] meaning = kinds[random.nextInt(KINDS)].clone();
      for (int axis = 0; axis < MEANING; axis++) {
        meaning[axis] += 0.5 * random.nextGaussian();
      }
      seen.add(new Sample(older.encode(random, meaning), newer.encode(random, meaning)));
    }
    return seen;
  }

  private static double[][] gaussians(Random random, int rows, int columns) {
    double[][] numbers = new double[rows][columns];
    for (double[] row : numbers) {
      for (int column = 0; column < columns; column++) {
        row[column] = random.nextGaussian();
      }
    }
    return numbers;
  }

  private static final class Encoder {
    private final SpaceId space;
    private final double[][] mixing;
    private final double[] scales;
    private final double[] cone;

    /**
     * @param cone how far everything is moved to one side, in lengths of what is encoded
     */
    Encoder(Random random, SpaceId space, int dimension, double cone) {
      this.space = space;
      this.mixing = gaussians(random, dimension, MEANING);
      this.scales = random.doubles(dimension, 0.5, 1.5).toArray();
      this.cone = random.doubles(dimension).map(part -> part * 2 * cone * LENGTH).toArray();
    }

    Embedding encode(Random random, double[] meaning) {
      float[] vector = new float[mixing.length];
      double squares = 0;
      for (int row = 0; row < mixing.length; row++) {
        double sum = cone[row] + NOISE * LENGTH * random.nextGaussian();
        for (int column = 0; column < meaning.length; column++) {
          sum += mixing[row][column] * meaning[column];
        }
        vector[row] = (float) (scales[row] * sum);
        squares += (double) vector[row] * vector[row];
      }
      for (int row = 0; row < vector.length; row++) {
        vector[row] /= (float) Math.sqrt(squares);
      }
      return Embedding.of(space, FloatBuffer.wrap(vector));
    }
  }
}
