package io.sensorium.models.training;

import ai.djl.ndarray.NDArray;
import io.sensorium.models.training.TokenRow.Answer;
import io.sensorium.models.world.Seeds;
import io.sensorium.models.world.Split;
import io.sensorium.models.world.talk.Conversation;
import io.sensorium.models.world.talk.ConversationWriter;
import io.sensorium.models.world.talk.Medium.Sense;
import io.sensorium.models.world.talk.QuestionKind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Measures how many answers a language model gives word for word, about scenes and sounds that
 * training held out. An answer counts where the model's likeliest token is the right one at every
 * place of it, which is exactly where greedy decoding writes it. One thread at a time.
 */
final class LanguageEvaluation {
  /**
   * What was measured.
   *
   * @param loss the training's loss on held-out talk about several media
   */
  record Result(Map<String, Double> percentages, double loss) {}

  private static final Set<QuestionKind> UNHEARD =
      EnumSet.of(QuestionKind.COLOUR, QuestionKind.POSITION, QuestionKind.BACKGROUND);
  private static final Set<QuestionKind> ATTRIBUTES =
      EnumSet.of(
          QuestionKind.THING,
          QuestionKind.COLOUR,
          QuestionKind.COUNT,
          QuestionKind.SIZE,
          QuestionKind.POSITION,
          QuestionKind.BACKGROUND);
  private static final int LENGTH = 160;
  private static final int ROWS = 16;
  private static final long SEED = 0xE7A1_0007L;

  private final LanguageArchitecture architecture;
  private final ConversationTokens tokens;

  LanguageEvaluation(LanguageArchitecture architecture, ConversationTokens tokens) {
    this.architecture = architecture;
    this.tokens = tokens;
  }

  /**
   * Percentages by name: {@code picture.colour}, {@code sound.count}; {@code
   * picture-of-one-kind.colour} where nothing else is in the picture; {@code folded} for heaps of
   * words in few places; {@code several-media} and {@code open} for talk about up to three media of
   * which not everything is told; {@code never-trained-pairs}.
   *
   * @param questions how many of each kind
   */
  Result evaluate(List<Parameter> parameters, int questions) {
    var figures = new TreeMap<String, Double>();
    double loss;
    try (var module = new TorchModule(LanguageScript.examination(architecture))) {
      var arrays = new ArrayList<NDArray>();
      for (Parameter parameter : parameters) {
        NDArray array = module.array(parameter.values(), parameter.shape());
        array.setName("parameters[]");
        arrays.add(array);
      }
      var held = new ConversationWriter(Split.COMBO);
      for (Sense sense : Sense.values()) {
        for (QuestionKind kind : QuestionKind.values()) {
          if (sense == Sense.PICTURE || !UNHEARD.contains(kind)) {
            var tally = new Tally();
            Drawing drawing = random -> held.examine(sense, kind, random);
            run(module, arrays, drawing, 0, questions, tally);
            String name = sense.name() + "." + kind.id();
            figures.put(name.toLowerCase(Locale.ROOT), tally.percent());
          }
        }
      }
      for (QuestionKind kind : ATTRIBUTES) {
        var tally = new Tally();
        run(module, arrays, random -> oneKind(held, kind, random), 0, questions, tally);
        figures.put("picture-of-one-kind." + kind.id(), tally.percent());
      }
      var folded = new Tally();
      run(module, arrays, random -> heap(held, random), 1, questions, folded);
      figures.put("folded", folded.percent());
      var several = new Tally();
      Drawing mixed = random -> held.write(random.nextInt(1, 4), 4, random);
      run(module, arrays, mixed, 0, questions, several);
      figures.put("several-media", several.percent());
      figures.put("open", several.openPercent());
      loss = several.loss();
      var pairs = new Tally();
      var untrained = new ConversationWriter(Split.PAIR);
      run(module, arrays, random -> untrained.write(1, 4, random), 0, questions, pairs);
      figures.put("never-trained-pairs", pairs.percent());
    }
    return new Result(figures, loss);
  }

  private static Conversation oneKind(
      ConversationWriter writer, QuestionKind kind, RandomGenerator random) {
    Conversation talk;
    do {
      talk = writer.examine(Sense.PICTURE, kind, random);
    } while (talk.media().getFirst().claim().groups().size() > 1);
    return talk;
  }

  private static Conversation heap(ConversationWriter writer, RandomGenerator random) {
    QuestionKind[] kinds = QuestionKind.values();
    Conversation talk;
    do {
      talk = writer.examine(Sense.PICTURE, kinds[random.nextInt(kinds.length)], random);
    } while (!talk.media().getFirst().unordered());
    return talk;
  }

  @FunctionalInterface
  private interface Drawing {
    Conversation draw(RandomGenerator random);
  }

  private void run(
      TorchModule module,
      List<NDArray> parameters,
      Drawing drawing,
      double foldShare,
      int conversations,
      Tally tally) {
    int next = 0;
    while (next < conversations) {
      var rows = new ArrayList<TokenRow>();
      for (; rows.size() < ROWS && next < conversations; next++) {
        RandomGenerator random = Seeds.generator(SEED, next);
        tokens.row(drawing.draw(random), LENGTH, foldShare, random).ifPresent(rows::add);
      }
      int length = rows.stream().mapToInt(TokenRow::size).max().orElseThrow();
      List<NDArray> batch = ConversationBatches.arrays(module, rows, length);
      try {
        batch.forEach(array -> array.setName("batch[]"));
        var inputs = new ArrayList<>(parameters);
        inputs.addAll(batch);
        tally.count(rows, module.call(inputs), batch.getLast().toFloatArray(), length);
      } finally {
        batch.forEach(NDArray::close);
      }
    }
  }

  /** Right and wrong answers. */
  private static final class Tally {
    private int answers;
    private int right;
    private int open;
    private int openRight;
    private double logProbability;
    private double weight;

    void count(List<TokenRow> rows, float[] found, float[] weights, int length) {
      for (int row = 0; row < rows.size(); row++) {
        for (Answer answer : rows.get(row).answers()) {
          boolean all = true;
          for (int at = answer.from(); at < answer.to(); at++) {
            all &= found[row * length + at] > 0;
          }
          answers++;
          right += all ? 1 : 0;
          open += answer.exchange().open() ? 1 : 0;
          openRight += answer.exchange().open() && all ? 1 : 0;
        }
      }
      for (int at = 0; at < weights.length; at++) {
        logProbability += found[weights.length + at];
        weight += weights[at];
      }
    }

    double percent() {
      return 100.0 * right / answers;
    }

    double openPercent() {
      return 100.0 * openRight / Math.max(1, open);
    }

    double loss() {
      return -logProbability / weight;
    }
  }
}
