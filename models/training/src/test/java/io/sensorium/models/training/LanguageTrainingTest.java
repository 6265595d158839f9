package io.sensorium.models.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import io.sensorium.models.training.BytePairTrainer.Merge;
import io.sensorium.models.world.Seeds;
import io.sensorium.models.world.Split;
import io.sensorium.models.world.talk.Conversation;
import io.sensorium.models.world.talk.ConversationWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(
    value = OS.LINUX,
    architectures = "amd64",
    disabledReason = "the engine's natives are on the class path for linux-x86_64 only")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LanguageTrainingTest {
  private static final int LENGTH = 64;

  @TempDir Path folder;
  private LanguageTokenizer vocabulary;
  private LlamaArchitecture architecture;
  private ConversationTokens tokens;

  @BeforeAll
  void learnAFewWords() {
    var trainer = new BytePairTrainer();
    var writer = new ConversationWriter(Split.TRAIN);
    for (int index = 0; index < 200; index++) {
      writer
          .write(4, Seeds.generator(3, index))
          .exchanges()
          .forEach(exchange -> trainer.learn(exchange.question() + " " + exchange.answer()));
    }
    List<Merge> merges = trainer.merges(400);
    vocabulary = new LanguageTokenizer(merges);
    architecture = new LlamaArchitecture(vocabulary.size(), 32, 48, 2, 4, 2, 8);
    tokens = new ConversationTokens(vocabulary);
  }

  @AfterAll
  void close() {
    tokens.close();
  }

  private List<TokenRow> rows(int count) {
    var writer = new ConversationWriter(Split.TRAIN);
    var rows = new ArrayList<TokenRow>();
    for (int index = 0; rows.size() < count; index++) {
      RandomGenerator random = Seeds.generator(9, index);
      Conversation talk = writer.write(1, 2, random);
      tokens.row(talk, LENGTH, 0.5, random).ifPresent(rows::add);
    }
    return rows;
  }

  @Test
  void stepsLowerTheLossAndLeaveNoArrayBehind() {
    List<TokenRow> rows = rows(3);
    for (boolean bfloat16 : new boolean[] {false, true}) {
      try (var module = new TorchModule(LanguageScript.step(architecture, bfloat16))) {
        var state = new TrainingState(module, architecture.initialise(7));
        int resources = module.managedResources();
        float first = 0;
        float last = 0;
        for (int step = 0; step < 30; step++) {
          List<NDArray> batch = ConversationBatches.arrays(module, rows, LENGTH);
          last = state.advance(batch, 5e-3, 0)[0];
          first = step == 0 ? last : first;
          assertThat(module.managedResources()).as("step %d", step).isEqualTo(resources);
        }
        assertThat(first).isBetween(5f, 9f);
        assertThat(last).isLessThan(0.4f * first);
      }
    }
  }

  @Test
  void aStoppedTrainingResumesToTheSameBits() {
    var schedule = new Schedule(16 * 40, 16, 1e-3, 0.05, 5);
    StateFile straight = train(schedule, "straight", 2);
    train(schedule, "stopped", 1);
    StateFile resumed = train(schedule, "stopped", 2);
    assertThat(resumed.step()).isEqualTo(2);
    for (int i = 0; i < straight.tensors().size(); i++) {
      assertThat(
              Arrays.equals(resumed.tensors().get(i).values(), straight.tensors().get(i).values()))
          .as(straight.tensors().get(i).name())
          .isTrue();
    }
  }

  private StateFile train(Schedule schedule, String file, int lastStep) {
    var batches = new ConversationBatches(tokens, schedule.seed());
    return new ResumableTraining("language", folder.resolve(file), schedule, batches, line -> {})
        .run(LanguageScript.step(architecture, true), architecture.initialise(5), true, lastStep);
  }

  @Test
  void whatFollowsAnAnswerDoesNotChangeIt() {
    var whole = new TokenRow(8);
    var cut = new TokenRow(8);
    for (int place = 0; place < 8; place++) {
      whole.token(20 + place, 1);
      if (place < 5) {
        cut.token(20 + place, 1);
      }
    }
    float[] long8 = examine(List.of(whole, whole), 8);
    float[] short5 = examine(List.of(cut), 8);
    for (int place = 0; place < 4; place++) {
      assertThat(short5[8 + place]).isCloseTo(long8[16 + place], within(1e-5f));
    }
  }

  @Test
  void oneWordFoldedIsThatWordAndTwoAreTheirSum() {
    var plain = new TokenRow(6);
    var folded = new TokenRow(6);
    for (TokenRow row : List.of(plain, folded)) {
      row.token(21, 0);
    }
    plain.token(30, 0);
    folded.folded(new int[] {30}, new float[] {1});
    for (TokenRow row : List.of(plain, folded)) {
      row.token(22, 1);
      row.token(23, 1);
    }
    float[] expected = examine(List.of(plain), 6);
    float[] actual = examine(List.of(folded), 6);
    for (int at = 6; at < 12; at++) {
      assertThat(actual[at]).isCloseTo(expected[at], within(1e-5f));
    }
    var mixed = new TokenRow(6);
    mixed.token(21, 0);
    mixed.folded(new int[] {30, 40}, new float[] {0.5f, 0.5f});
    mixed.token(22, 1);
    mixed.token(23, 1);
    assertThat(examine(List.of(mixed), 6)[7]).isNotCloseTo(expected[7], within(1e-4f));
  }

  private float[] examine(List<TokenRow> rows, int length) {
    return Examining.examine(architecture, architecture.initialise(11), rows, length);
  }

  @Test
  void aModelThatKnowsNothingAnswersNothing() {
    var evaluation = new LanguageEvaluation(architecture, tokens);
    LanguageEvaluation.Result result = evaluation.evaluate(architecture.initialise(1), 16);
    assertThat(result.percentages())
        .containsKeys("picture.colour", "sound.count", "picture-of-one-kind.size", "folded", "open")
        .doesNotContainKey("sound.colour");
    assertThat(result.percentages().values()).allMatch(percent -> percent < 20);
    assertThat(result.loss()).isCloseTo(Math.log(vocabulary.size()), within(1.0));
  }

  @Test
  void rowsKeepWithinTheirLengthAndWeighEveryAnswer() {
    var writer = new ConversationWriter(Split.TRAIN);
    int full = 0;
    for (int index = 0; index < 200; index++) {
      RandomGenerator random = Seeds.generator(13, index);
      var row = tokens.row(writer.write(12, random), 128, 0.6, random);
      if (row.isPresent()) {
        full++;
        assertThat(row.get().size()).isLessThanOrEqualTo(128);
        var ids = new float[128];
        var mix = new float[128 * 128];
        var targets = new float[128];
        var weights = new float[128];
        row.get().copyTo(ids, mix, targets, weights, 0, 128);
        row.get()
            .answers()
            .forEach(
                answer -> {
                  for (int at = answer.from(); at < answer.to(); at++) {
                    assertThat(weights[at]).isEqualTo(1f);
                  }
                  assertThat(targets[answer.to() - 1]).isEqualTo(LanguageTokenizer.id("<|end|>"));
                });
      }
    }
    assertThat(full).isGreaterThan(100);
  }
}
