package io.sensorium.models.training;

import ai.djl.ndarray.NDArray;
import io.sensorium.models.world.Seeds;
import io.sensorium.models.world.Split;
import io.sensorium.models.world.talk.Conversation;
import io.sensorium.models.world.talk.ConversationWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Freshly written conversations; those of a step depend on the seed and the step alone. After the
 * first, easy steps most have many short rows, some few long ones, all as many places. One thread
 * at a time.
 */
final class ConversationBatches implements ResumableTraining.BatchSource {
  /** The longest row. */
  static final int LONGEST = 512;

  /** Places of a step. */
  static final int PLACES = 2_048;

  private static final int LESSON = 64;
  private static final int CHOICE = 96;
  private static final int SHORT = 128;
  private static final int MIDDLE = 256;

  /** So long nothing is asked for but what can be looked up. */
  private static final int LESSON_STEPS = 4_500;

  /** So long every other step is a lesson too, mostly one in which to choose between two kinds. */
  private static final int MIXED_STEPS = 16_000;

  private static final double FOLD_SHARE = 0.6;

  private final ConversationTokens tokens;
  private final ConversationWriter writer = new ConversationWriter(Split.TRAIN);
  private final long seed;

  ConversationBatches(ConversationTokens tokens, long seed) {
    this.tokens = tokens;
    this.seed = seed;
  }

  @Override
  public List<NDArray> batch(TorchModule module, int step) {
    boolean first = step < LESSON_STEPS;
    boolean lesson = first || (step < MIXED_STEPS && step % 2 == 0);
    int length = first ? LESSON : lesson ? CHOICE : length(step);
    double foldShare = lesson ? 0 : FOLD_SHARE;
    var rows = new ArrayList<TokenRow>();
    while (rows.size() < PLACES / length) {
      RandomGenerator random = Seeds.generator(seed + step, rows.size());
      Optional<TokenRow> row = Optional.empty();
      while (row.isEmpty()) {
        Conversation talk =
            lesson ? writer.lesson(first ? 0.2 : 0.8, length / 20, random) : talk(length, random);
        row = tokens.row(talk, length, foldShare, random);
      }
      rows.add(row.get());
    }
    return arrays(module, rows, length);
  }

  private static int length(int step) {
    return switch (step % 16) {
      case 15 -> MIDDLE;
      case 7 -> LONGEST;
      default -> SHORT;
    };
  }

  private Conversation talk(int length, RandomGenerator random) {
    int exchanges = length / 14;
    return length == SHORT
        ? writer.write(exchanges, random)
        : writer.write(length / SHORT, exchanges, random);
  }

  /**
   * Rows, each padded to one length, as the arrays of {@link LanguageScript}, which belong to the
   * caller.
   */
  static List<NDArray> arrays(TorchModule module, List<TokenRow> rows, int length) {
    int count = rows.size();
    var ids = new float[count * length];
    var mix = new float[count * length * length];
    var targets = new float[count * length];
    var weights = new float[count * length];
    for (int row = 0; row < count; row++) {
      rows.get(row).copyTo(ids, mix, targets, weights, row, length);
    }
    return List.of(
        module.array(ids, count, length),
        module.array(mix, count, length, length),
        module.array(targets, count, length),
        module.array(weights, count, length));
  }
}
