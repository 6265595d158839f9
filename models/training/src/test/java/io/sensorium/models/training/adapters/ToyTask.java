package io.sensorium.models.training.adapters;

import io.sensorium.models.training.DecoderShape;
import io.sensorium.models.training.Parameter;
import io.sensorium.models.training.adapters.ProjectionShape.Features;
import io.sensorium.models.training.adapters.ProjectionShape.Kind;
import io.sensorium.models.training.adapters.ProjectionShape.Pool;
import io.sensorium.models.world.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Media of a few classes, a tiny model of random weights, and lessons that ask for the class. */
final class ToyTask {
  static final FeatureShape FEATURES = new FeatureShape(7, 1, 2, 3, 5, 6);
  static final int CLASSES = 4;
  private static final int MEDIA = 24;

  private ToyTask() {}

  static ProjectionShape shape(Kind kind) {
    boolean whole = kind == Kind.ONE_TOKEN || kind == Kind.ZERO_GATED;
    Features features = whole ? Features.EMBEDDING : Features.BOTH;
    Pool pool = kind == Kind.LINEAR ? Pool.NONE : new Pool(1, 3);
    int rows = kind == Kind.ONE_TOKEN ? 1 : 2;
    int queries = kind == Kind.QUERY ? 3 : 0;
    int blocks = kind == Kind.QUERY || kind == Kind.ZERO_GATED ? 2 : 0;
    boolean keep = kind != Kind.MLP;
    return new ProjectionShape(
        kind, features, FEATURES, keep, pool, rows, 12, 32, queries, blocks, 3);
  }

  static FrozenDecoder decoder(boolean biased, boolean normed, boolean tied) {
    return decoder(1, biased, normed, tied);
  }

  static FrozenDecoder decoder(int layers, boolean biased, boolean normed, boolean tied) {
    var shape = new DecoderShape(23, 32, 48, layers, 4, 2, 8, 1e-5, 10_000, biased, normed, tied);
    RandomGenerator random = Seeds.generator(5);
    var weights = new ArrayList<Parameter>();
    for (DecoderShape.Slot slot : shape.slots()) {
      Parameter weight = Parameter.filled(slot.name(), 1, slot.shape());
      for (int at = 0; slot.shape().length > 1 && at < weight.values().length; at++) {
        weight.values()[at] = half(random.nextGaussian() * 0.3);
      }
      weights.add(weight);
    }
    return new FrozenDecoder(shape, weights);
  }

  /** What half precision keeps of a value, as checkpoints do. */
  static float half(double value) {
    return Float.float16ToFloat(Float.floatToFloat16((float) value));
  }

  static FeatureSource features() {
    return new FeatureSource() {
      @Override
      public FeatureShape shape() {
        return FEATURES;
      }

      @Override
      public void read(int medium, float[] target, int offset) {
        RandomGenerator noise = Seeds.generator(9, medium);
        for (int at = 0; at < FEATURES.values(); at++) {
          double mean = Seeds.generator(8, medium % CLASSES * 1_000L + at).nextGaussian();
          target[offset + at] = (float) (mean + 0.1 * noise.nextGaussian());
        }
      }
    };
  }

  /** Asks for one medium or for two, the answers in order. */
  static Lesson lesson(int medium, boolean two) {
    var lesson = new Lesson.Builder().given(1, 3).medium(medium);
    if (two) {
      lesson.given(4).medium(medium + 1);
    }
    lesson.given(5, 6).answer("class", 10 + medium % CLASSES);
    if (two) {
      lesson.given(7).answer("other", 10 + (medium + 1) % CLASSES);
    }
    return lesson.build();
  }

  static List<Lesson> batch(int step) {
    RandomGenerator random = Seeds.generator(11, step);
    var lessons = new ArrayList<Lesson>();
    for (int row = 0; row < 6; row++) {
      lessons.add(lesson(random.nextInt(MEDIA), row == 5));
    }
    return lessons;
  }

  static List<Lesson> held() {
    var lessons = new ArrayList<Lesson>();
    for (int medium = 100; medium < 113; medium++) {
      lessons.add(lesson(medium, medium % 5 == 0));
    }
    return lessons;
  }
}
