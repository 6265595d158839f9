package io.sensorium.host.reembedding;

import io.sensorium.api.Modality;
import io.sensorium.api.index.ScoreScale;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.SpaceId;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Items of which the vectors in two versions of a space are known, by which scores of the older
 * version are brought to the newer one's scale. Thread-safe.
 *
 * <p>Cosines of two models are different numbers for the same likeness. But how a query scores
 * against the same items in both versions is known for the sample; matching mean and deviation of
 * those two lists tells how a score in the older version reads in the newer one (linear equating:
 * Kolen and Brennan, "Test Equating, Scaling, and Linking", 2014, chapter 2). It is done for every
 * query and modality anew, as both shift cosines. Where the newer version is the older one rotated,
 * scores are left as they are, and so is the ranking.
 */
public final class ScoreSamples {
  /** Items a modality. */
  static final int ENOUGH = 64;

  private static final int FEWEST = 8;
  private static final double LEAST_DEVIATION = 1e-6;

  private final SampleFile file;
  private volatile Map<SampleKey, List<Sample>> samples;

  /** An item in both versions. */
  record Sample(Embedding older, Embedding newer) {}

  /** What a sample is of. */
  record SampleKey(SpaceId from, SpaceId to, Modality modality) {}

  private ScoreSamples(SampleFile file, Map<SampleKey, List<Sample>> samples) {
    this.file = file;
    this.samples = Map.copyOf(samples);
  }

  /** What an earlier start left in a file; nothing if it cannot be read. */
  public static ScoreSamples load(Path path) {
    SampleFile file = new SampleFile(path);
    return new ScoreSamples(file, file.read());
  }

  /**
   * How cosines with the older embedding read beside cosines with the newer one, by modality of the
   * items; nothing for a modality without a sample.
   *
   * @param older what is looked for, in the version whose scores are to be brought over
   * @param newer the same in the other version
   */
  public Map<Modality, ScoreScale> scales(Embedding older, Embedding newer) {
    Map<Modality, ScoreScale> scales = new HashMap<>();
    samples.forEach(
        (key, sample) -> {
          if (key.from().equals(older.space())
              && key.to().equals(newer.space())
              && sample.size() >= FEWEST) {
            scales.put(key.modality(), scale(sample, older, newer));
          }
        });
    return scales;
  }

  private static ScoreScale scale(List<Sample> sample, Embedding older, Embedding newer) {
    double[] from = sample.stream().mapToDouble(pair -> older.cosine(pair.older())).toArray();
    double[] to = sample.stream().mapToDouble(pair -> newer.cosine(pair.newer())).toArray();
    double fromMean = mean(from);
    double toMean = mean(to);
    double fromDeviation = deviation(from, fromMean);
    double toDeviation = deviation(to, toMean);
    boolean flat = fromDeviation < LEAST_DEVIATION || toDeviation < LEAST_DEVIATION;
    double factor = flat ? 1 : toDeviation / fromDeviation;
    return new ScoreScale(factor, toMean - factor * fromMean);
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static double deviation(double[] values, double mean) {
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    return Math.sqrt(squares / values.length);
  }

  boolean has(SampleKey key) {
    return samples.containsKey(key);
  }

  /** Adds a sample and writes all down; whether that could be done does not matter to this run. */
  synchronized void add(SampleKey key, List<Sample> sample) {
    Map<SampleKey, List<Sample>> more = new HashMap<>(samples);
    more.put(key, List.copyOf(sample));
    samples = Map.copyOf(more);
    file.write(samples);
  }

  /** Forgets samples of versions that have no items any more. */
  synchronized void retain(Collection<SpaceId> populated) {
    Map<SampleKey, List<Sample>> left = new HashMap<>(samples);
    left.keySet().removeIf(key -> !populated.contains(key.from()));
    if (left.size() < samples.size()) {
      samples = Map.copyOf(left);
      file.write(samples);
    }
  }
}
