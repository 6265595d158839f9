package io.sensorium.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.RequestContext;
import io.sensorium.api.memory.MemoryAmounts;
import io.sensorium.api.memory.MemoryHolding;
import io.sensorium.api.memory.MemoryKind;
import io.sensorium.api.memory.MemoryRequest;
import io.sensorium.api.memory.Reservation;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SessionMeasureTest {
  private static final int ITEMS = 32;

  @TempDir Path temporary;
  private long allocated = 1000;
  private long mapped = 50;
  private final QuietTime quiet = new QuietTime();
  private final DeviceLedger ledger = new DeviceLedger(device -> 10_000, HolderPolicy.NONE);
  private Path file;
  private SessionMeasure.Tools tools;

  @BeforeEach
  void prepare() {
    file = temporary.resolve("memory/measured.properties");
    tools = tools();
  }

  private SessionMeasure.Tools tools() {
    return new SessionMeasure.Tools(
        (device, files) ->
            Optional.of(new NativeMeter.Reading(allocated, files.isEmpty() ? 0 : mapped)),
        quiet,
        new MeasuredMemory(Optional.of(file)),
        ITEMS);
  }

  private final MemoryAmounts planned =
      new MemoryAmounts(Map.of(MemoryKind.WEIGHTS, 400L, MemoryKind.ACTIVATIONS, 640L));

  private SessionMeasure measure(ModelGraph graph) {
    Reservation reservation =
        ledger.reserve(
            new MemoryRequest(
                "cpu",
                graph.toString(),
                planned,
                tools.expected(graph, Device.CPU, planned),
                Optional.empty()),
            RequestContext.within(Duration.ofMinutes(1)));
    return new SessionMeasure(tools, graph, Device.CPU, planned, reservation);
  }

  private MemoryHolding holding() {
    return ledger.report().getFirst().holdings().getLast();
  }

  private void open(SessionMeasure measure, long bytes) {
    open(measure, bytes, RequestContext.within(Duration.ofMinutes(1)));
  }

  private void open(SessionMeasure measure, long bytes, RequestContext context) {
    measure.open(
        () -> {
          allocated += bytes;
          return null;
        },
        context);
  }

  private void run(SessionMeasure measure, int items, long growth) {
    Map<String, Tensor> inputs = Map.of("x", Tensor.ofFloats(Shape.of(items, 3)));
    measure.run(
        inputs,
        () -> {
          allocated += growth;
          return growth;
        });
  }

  @Test
  void aLargeRunTellsWhatTheSessionTakesAndTheNextOneCountsThat() throws IOException {
    ModelGraph graph = graph(Shape.of(Shape.DYNAMIC, 3));
    SessionMeasure measure = measure(graph);
    open(measure, 300);
    assertThat(holding().measured()).isEqualTo(MemoryAmounts.of(MemoryKind.WEIGHTS, 300));
    assertThat(holding().reserved()).isEqualTo(planned);
    run(measure, 16, 100);
    assertThat(holding().measured().of(MemoryKind.ACTIVATIONS)).isEqualTo(100);
    assertThat(holding().reserved().of(MemoryKind.WEIGHTS)).isEqualTo(300);
    assertThat(holding().reserved().of(MemoryKind.ACTIVATIONS)).isEqualTo(200);
    run(measure, 8, 9999);
    assertThat(holding().measured().of(MemoryKind.ACTIVATIONS)).isEqualTo(100);
    run(measure, 32, 60);
    assertThat(holding().reserved().of(MemoryKind.ACTIVATIONS)).isEqualTo(160);
    assertThat(holding().planned()).isEqualTo(planned);

    tools = tools();
    SessionMeasure again = measure(graph);
    assertThat(holding().reserved().total()).isEqualTo(460);
    open(again, 7777);
    assertThat(holding().measured()).isEqualTo(MemoryAmounts.of(MemoryKind.WEIGHTS, 300));
    assertThat(Files.readString(file)).contains("planned 400 640 measured 300 160");
  }

  /** From a shape's second run on its values lie in one block. */
  @Test
  void theSecondRunOfTheLargestSizeCountsTooAndNoFurtherOne() throws IOException {
    SessionMeasure measure = measure(graph(Shape.of(Shape.DYNAMIC, 3)));
    open(measure, 300);
    run(measure, 32, 100);
    run(measure, 32, 150);
    assertThat(holding().measured().of(MemoryKind.ACTIVATIONS)).isEqualTo(250);
    run(measure, 32, 9999);
    assertThat(holding().measured().of(MemoryKind.ACTIVATIONS)).isEqualTo(250);
  }

  @Test
  void aSmallRunOnlyRaisesWhatIsCounted() throws IOException {
    SessionMeasure measure = measure(graph(Shape.of(Shape.DYNAMIC, 3)));
    open(measure, 300);
    run(measure, 1, 30);
    assertThat(holding().reserved().of(MemoryKind.ACTIVATIONS)).isEqualTo(640);
    run(measure, 7, 700);
    assertThat(holding().reserved().of(MemoryKind.ACTIVATIONS)).isEqualTo(730);
  }

  @Test
  void sequencesOfAnyLengthOnlyRaiseWhatIsCounted() throws IOException {
    SessionMeasure measure = measure(graph(Shape.of(Shape.DYNAMIC, Shape.DYNAMIC)));
    open(measure, 300);
    run(measure, 32, 30);
    assertThat(holding().reserved().of(MemoryKind.ACTIVATIONS)).isEqualTo(640);
    assertThat(holding().reserved().of(MemoryKind.WEIGHTS)).isEqualTo(300);
  }

  @Test
  void pagesOfWeightsThatTheFirstRunTouchesAreWeights() throws IOException {
    SessionMeasure measure = measure(graph(Shape.of(Shape.DYNAMIC, 3)));
    open(measure, 300);
    measure.run(
        Map.of("x", Tensor.ofFloats(Shape.of(32, 3))),
        () -> {
          mapped += 50;
          return null;
        });
    assertThat(holding().measured().of(MemoryKind.WEIGHTS)).isEqualTo(350);
  }

  @Test
  void whatWasDisturbedCountsNothingAndIsNotKept() throws IOException {
    SessionMeasure measure = measure(graph(Shape.of(Shape.DYNAMIC, 3)));
    try (QuietTime.Step other = quiet.begin(Duration.ZERO)) {
      assertThat(other.isAlone()).isTrue();
      open(measure, 300);
      assertThat(other.isAlone()).isFalse();
    }
    assertThat(holding().measured().total()).isZero();
    run(measure, 32, 50);
    assertThat(holding().measured()).isEqualTo(MemoryAmounts.of(MemoryKind.ACTIVATIONS, 50));
    assertThat(holding().reserved().of(MemoryKind.WEIGHTS)).isEqualTo(400);
    assertThat(file).doesNotExist();
  }

  @Test
  void aTurnToBeMeasuredIsWaitedForWithinTheDeadlineOfTheRequest() throws IOException {
    ModelGraph graph = graph(Shape.of(Shape.DYNAMIC, 3));
    // A machine that stands still for so long may make one of them late.
    boolean inTime = false;
    for (int attempt = 0; attempt < 5 && !inTime; attempt++) {
      SessionMeasure measure = measure(graph);
      RequestContext brief = RequestContext.within(Duration.ofMillis(1_500));
      try (QuietTime.Step other = quiet.begin(Duration.ofSeconds(1))) {
        open(measure, 300, brief);
        inTime = !brief.isOver();
        assertThat(other.isAlone()).isFalse();
      }
      assertThat(holding().measured().total()).isZero();
    }
    assertThat(inTime).as("it opened in time").isTrue();
  }

  @Test
  void figuresForAnotherPlanAndDamagedOnesAreNotUsed() throws IOException {
    ModelGraph graph = graph(Shape.of(Shape.DYNAMIC, 3));
    MeasuredMemory kept = new MeasuredMemory(Optional.of(file));
    kept.keep("m on cpu", planned, MemoryAmounts.of(MemoryKind.WEIGHTS, 1));
    assertThat(kept.of("m on cpu", planned.with(MemoryKind.WEIGHTS, 7))).isEmpty();
    Files.writeString(file, "m\\ on\\ cpu=planned 400 -1 measured 2 3\nrubbish\n\\u00zz");
    assertThat(new MeasuredMemory(Optional.of(file)).of("m on cpu", planned)).isEmpty();
    assertThat(tools().expected(graph, Device.CPU, planned)).isEqualTo(planned);
  }

  private ModelGraph graph(Shape input) throws IOException {
    return Graphs.write(
        temporary,
        "m",
        Graphs.identity(Graphs.FLOAT),
        Map.of("weights.bin", new byte[1 << 20]),
        List.of(new TensorSpec("x", ElementType.FLOAT32, input)),
        List.of());
  }
}
