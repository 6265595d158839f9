package io.sensorium.models.training.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.models.training.Parameter;
import io.sensorium.models.training.StateFile;
import io.sensorium.models.training.TorchRuntime;
import io.sensorium.models.training.adapters.LearningCurve.Point;
import io.sensorium.models.training.adapters.ProjectionShape.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@EnabledOnOs(
    value = OS.LINUX,
    architectures = "amd64",
    disabledReason = "the engine's natives are on the class path for linux-x86_64 only")
class AdapterTrainingTest {
  private static final TrainingPlan PLAN = new TrainingPlan(120, 6, 2e-2, 0.01, 3, 20, 0, false);

  @TempDir Path folder;

  @BeforeAll
  static void useOneThread() {
    TorchRuntime.useOneThread();
  }

  private static final class Told implements AdapterTraining.Listener {
    private final List<Point> looks = new ArrayList<>();
    private int steps;
    private int stopAt = Integer.MAX_VALUE;

    @Override
    public void stepped(int step, double loss, double lessonsPerSecond) {
      steps++;
      if (step >= stopAt) {
        throw new IllegalStateException("stopped");
      }
    }

    @Override
    public void looked(Point point) {
      looks.add(point);
    }
  }

  private AdapterTraining training(Kind kind, TrainingPlan plan, String name, Told told) {
    return new AdapterTraining(
        ToyTask.shape(kind),
        ToyTask.decoder(false, false, true),
        ToyTask.features(),
        plan,
        folder.resolve(name),
        told);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void everyKindLearnsToTellMediaThatItNeverSaw(Kind kind) {
    var told = new Told();
    AdapterTraining training = training(kind, PLAN, kind.id(), told);
    AdapterTraining.Result result =
        training.run(training.initial(), ToyTask::batch, ToyTask.held(), false);
    assertThat(result.steps()).isEqualTo(PLAN.steps());
    assertThat(told.steps).isEqualTo(PLAN.steps());
    assertThat(told.looks).isEqualTo(result.curve().points()).hasSize(6);
    double first = told.looks.getFirst().trainingLoss();
    assertThat(result.curve().best().orElseThrow().validationLoss()).isLessThan(0.6 * first);
    try (var examination =
        new AdapterExamination(
            ToyTask.shape(kind),
            ToyTask.decoder(false, false, true),
            result.best(),
            ToyTask.features())) {
      List<Boolean> right = examination.right(ToyTask.held());
      assertThat(right).hasSize(16);
      assertThat(right.stream().filter(each -> each).count()).isGreaterThanOrEqualTo(8);
    }
  }

  @Test
  void stepsLeaveTheModelAsItIsAndNoArrayBehind() {
    FrozenDecoder decoder = ToyTask.decoder(true, true, false);
    List<float[]> before = decoder.weights().stream().map(w -> w.values().clone()).toList();
    ProjectionShape shape = ToyTask.shape(Kind.QUERY);
    List<Parameter> initial =
        new Projection(shape, 1).initialise(io.sensorium.models.world.Seeds.generator(2));
    try (var module = new AdapterModule(shape, decoder, initial, ToyTask.features(), false)) {
      module.step(ToyTask.batch(0), PLAN.schedule());
      module.examine(ToyTask.held());
      int resources = module.managedResources();
      for (int step = 1; step < 20; step++) {
        module.step(ToyTask.batch(step), PLAN.schedule());
        module.examine(ToyTask.held());
        assertThat(module.managedResources()).as("step %d", step).isEqualTo(resources);
      }
      List<float[]> after = module.frozenWeights();
      assertThat(after).hasSameSizeAs(before);
      for (int at = 0; at < before.size(); at++) {
        assertThat(Arrays.equals(after.get(at), before.get(at)))
            .as(decoder.weights().get(at).name())
            .isTrue();
      }
      assertThat(module.state().parameters().getLast().values())
          .as("the adapter itself has changed")
          .isNotEqualTo(initial.getLast().values());
    }
  }

  @Test
  void rowsLearnToSayWordsOfMediaThatTheyNeverSaw() {
    var plan = new TrainingPlan(150, 8, 2e-2, 0.01, 3, 50, 0, false);
    var told = new Told();
    AdapterTraining training = training(Kind.QUERY, plan, "words", told);
    List<Wording> held = wordings(200);
    AdapterTraining.Result result =
        training.runWords(training.initial(), step -> wordings(8 * (step % 12)), held, false);
    assertThat(told.looks).isEqualTo(result.curve().points()).hasSize(3);
    assertThat(result.curve().best().orElseThrow().exactMatch()).isGreaterThan(0.7);

    AdapterTraining resumed = training(Kind.QUERY, plan, "words", new Told());
    assertThat(resumed.runWords(resumed.initial(), step -> wordings(step), held, true).curve())
        .as("a training that had ended")
        .isEqualTo(result.curve());
    assertThatThrownBy(
            () ->
                training.runWords(
                    training.initial(),
                    _ -> List.of(new Wording(0, new int[] {1, 2, 3, 4})),
                    held,
                    false))
        .hasMessageContaining("at most 3; got 4");
  }

  /** Two words that the medium's class decides. */
  private static List<Wording> wordings(int first) {
    var wordings = new ArrayList<Wording>();
    for (int medium = first; medium < first + 8; medium++) {
      int word = 10 + medium % ToyTask.CLASSES;
      wordings.add(new Wording(medium, new int[] {word, word - 7}));
    }
    return wordings;
  }

  @Test
  void aGatedAdapterBeginsWithTheModelAsItIsAndEndsFarBetter() {
    AdapterTraining training = training(Kind.ZERO_GATED, PLAN, "gated", new Told());
    List<Parameter> initial = training.initial();
    AdapterTraining.Result result = training.run(initial, ToyTask::batch, ToyTask.held(), false);
    long before = right(initial);
    try (var examination = examination(initial)) {
      assertThat(examination.given(3, 7)).containsOnly(-0f, 0f).hasSize(32);
    }
    try (var examination = examination(result.best())) {
      assertThat(examination.given(3, 7))
          .as("the order of media")
          .isEqualTo(examination.given(7, 3));
      assertThat(examination.given(3, 7)).isNotEqualTo(examination.given(3));
    }
    assertThat(right(result.best())).isGreaterThanOrEqualTo(before + 8);
  }

  private static long right(List<Parameter> parameters) {
    try (var examination = examination(parameters)) {
      return examination.right(ToyTask.held()).stream().filter(each -> each).count();
    }
  }

  private static AdapterExamination examination(List<Parameter> parameters) {
    return new AdapterExamination(
        ToyTask.shape(Kind.ZERO_GATED),
        ToyTask.decoder(false, false, true),
        parameters,
        ToyTask.features());
  }

  @ParameterizedTest
  @EnumSource(names = {"MLP", "ZERO_GATED"})
  void aTrainingThatWasStoppedGoesOnToTheSameBits(Kind kind) {
    AdapterTraining straight = training(kind, PLAN, "straight", new Told());
    AdapterTraining.Result whole =
        straight.run(straight.initial(), ToyTask::batch, ToyTask.held(), false);
    var told = new Told();
    told.stopAt = 53;
    AdapterTraining stopped = training(kind, PLAN, "stopped", told);
    assertThatThrownBy(() -> stopped.run(stopped.initial(), ToyTask::batch, ToyTask.held(), false))
        .hasMessage("stopped");
    var later = new Told();
    AdapterTraining resumed = training(kind, PLAN, "stopped", later);
    AdapterTraining.Result rest =
        resumed.run(resumed.initial(), ToyTask::batch, ToyTask.held(), true);
    assertThat(later.steps).isEqualTo(PLAN.steps() - 40);
    assertThat(rest.curve()).isEqualTo(whole.curve());
    StateFile one = StateFile.read(folder.resolve("straight/adapter.state"));
    StateFile other = StateFile.read(folder.resolve("stopped/adapter.state"));
    for (int at = 0; at < one.tensors().size(); at++) {
      assertThat(Arrays.equals(other.tensors().get(at).values(), one.tensors().get(at).values()))
          .as(one.tensors().get(at).name())
          .isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void doesNotGoOnFromTheStateOfAnotherAdapter(Kind other) {
    Kind kind = other == Kind.MLP ? Kind.LINEAR : Kind.MLP;
    var plan = new TrainingPlan(3, 6, 2e-2, 0.01, 3, 3, 0, false);
    AdapterTraining before = training(other, plan, "state", new Told());
    before.run(before.initial(), ToyTask::batch, ToyTask.held(), false);
    AdapterTraining training = training(kind, plan, "state", new Told());
    assertThatThrownBy(() -> training.run(training.initial(), ToyTask::batch, ToyTask.held(), true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the state in " + folder.resolve("state"))
        .hasMessageContaining(other.id())
        .hasMessageContaining("; %s was asked for", kind.id());
  }

  @Test
  void endsWhenNothingIsGainedAnyMoreAndKeepsTheBest() {
    var plan = new TrainingPlan(400, 6, 0.3, 0, 3, 5, 3, false);
    AdapterTraining training = training(Kind.LINEAR, plan, "patient", new Told());
    AdapterTraining.Result result =
        training.run(training.initial(), ToyTask::batch, ToyTask.held(), false);
    assertThat(result.steps()).isLessThan(plan.steps());
    List<Point> points = result.curve().points();
    Point best = result.curve().best().orElseThrow();
    assertThat(points.getLast().step()).isEqualTo(best.step() + 15).isEqualTo(result.steps());
  }

  @Test
  void refusesRowsOfAnotherWidthThanTheModels() {
    var told = new Told();
    ProjectionShape wide =
        new ProjectionShape(
            Kind.ONE_TOKEN,
            ProjectionShape.Features.EMBEDDING,
            ToyTask.FEATURES,
            false,
            ProjectionShape.Pool.NONE,
            1,
            0,
            17,
            0,
            0,
            0);
    assertThatThrownBy(
            () ->
                new AdapterTraining(
                    wide,
                    ToyTask.decoder(false, false, true),
                    ToyTask.features(),
                    PLAN,
                    folder,
                    told))
        .hasMessage("rows must be 32 wide, as the language model is; got 17");
  }
}
