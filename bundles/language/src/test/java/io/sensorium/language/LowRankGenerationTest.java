package io.sensorium.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.RequestContext;
import io.sensorium.api.language.DecodingOptions;
import io.sensorium.api.language.Generation;
import io.sensorium.api.language.GenerationRequest;
import io.sensorium.api.language.Prompt;
import io.sensorium.api.language.PromptPart;
import io.sensorium.api.language.SequenceLimits;
import io.sensorium.api.memory.MemoryHolding;
import io.sensorium.api.memory.MemoryKind;
import io.sensorium.api.model.ModelImporter.ImportRequest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.backend.transformer.TransformerBackend;
import io.sensorium.importer.CheckpointImporter;
import io.sensorium.language.scheduling.SchedulerSettings;
import io.sensorium.models.checkpoints.SafetensorsFile;
import io.sensorium.runtime.onnx.OnnxInferenceRuntime;
import io.sensorium.runtime.onnx.SessionSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Adapters come, serve beside each other, and go, in a generator over the real backend. */
@Timeout(120)
class LowRankGenerationTest {
  private static final Path REFERENCE = Path.of("..", "..", "models", "reference");
  private static final Path RECORDED = REFERENCE.resolve("lora-llama-grouped");
  private static final List<String> OUTPUTS = List.of("base", "all", "some", "vectors", "both");

  @TempDir Path folder;

  private final OnnxInferenceRuntime runtime =
      new OnnxInferenceRuntime("cpu", new SessionSettings(1, false, Duration.ofSeconds(5)));
  private final CheckpointImporter importer = new CheckpointImporter(runtime);
  private final Generator generator =
      new Generator(
          new GeneratorSettings(
              new SequenceLimits(5, 64),
              new SchedulerSettings(200, 16, true),
              Duration.ofMinutes(1),
              Duration.ofSeconds(60)));
  private final SafetensorsFile golden =
      SafetensorsFile.open(RECORDED.resolve("golden.safetensors"));
  private ModelPackage base;

  @BeforeEach
  void importBase() {
    base =
        importer.importCheckpoint(
            REFERENCE.resolve("llama-grouped").resolve("checkpoint"),
            folder.resolve("base"),
            ImportRequest.of("tiny"));
    generator.add(new TransformerBackend(runtime, runtime));
    generator.add(base, 1);
  }

  @AfterEach
  void close() {
    generator.close();
    golden.close();
    runtime.close();
  }

  @Test
  void requestsWithDifferentAdaptersRunSideBySide() {
    // The model is open in its plain form when the first adapter is asked for.
    assertThat(next("base", 0, 9).join().tokenIds()).containsExactly(expected("base", 0, 9));
    addAdapter("all", 2);
    addAdapter("some", 3);
    for (int round = 0; round < 2; round++) {
      List<CompletableFuture<Generation>> together = new ArrayList<>();
      for (int row = 0; row < 2; row++) {
        for (int length = 9; length < 23; length++) {
          for (String output : OUTPUTS) {
            together.add(next(output, row, length));
          }
        }
      }
      int at = 0;
      for (int row = 0; row < 2; row++) {
        for (int length = 9; length < 23; length++) {
          for (String output : OUTPUTS) {
            assertThat(together.get(at++).join().tokenIds())
                .as("%s, prompt %d of %d tokens", output, row, length)
                .containsExactly(expected(output, row, length));
          }
        }
      }
    }
    assertThat(runtime.sessions()).hasSize(1);
  }

  @Test
  void anAdapterThatLeavesIsUnloadedAndUnknownAfterwards() {
    addAdapter("all", 2);
    addAdapter("some", 3);
    next("all", 0, 12).join();
    next("some", 0, 12).join();
    assertThat(owners()).contains("all 1", "some 1");

    List<CompletableFuture<Generation>> running = new ArrayList<>();
    for (int length = 9; length < 23; length++) {
      running.add(next("all", 1, length));
    }
    generator.removeAdapter(2);
    assertThat(owners()).contains("some 1").doesNotContain("all 1");
    for (int i = 0; i < running.size(); i++) {
      assertThat(running.get(i).join().tokenIds()).containsExactly(expected("all", 1, 9 + i));
    }
    assertThatThrownBy(() -> generate("tiny", "all"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'all' is none of those in service: [some]");
    assertThat(next("some", 1, 15).join().tokenIds()).containsExactly(expected("some", 1, 15));
    assertThat(next("base", 1, 15).join().tokenIds()).containsExactly(expected("base", 1, 15));
  }

  @Test
  void comingAndGoingAdaptersCostNoRequestAndLeaveNoMemory() throws InterruptedException {
    addAdapter("some", 3);
    ModelPackage leaving =
        importer.importCheckpoint(
            RECORDED.resolve("all"), folder.resolve("all"), ImportRequest.of("all").basedOn(base));
    next("some", 0, 12).join();
    long weights = weights();
    long before = reserved();
    AtomicBoolean over = new AtomicBoolean();
    AtomicLong mostWeights = new AtomicLong();
    AtomicInteger mostSessions = new AtomicInteger();
    Thread watch =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!over.get()) {
                    mostWeights.accumulateAndGet(weights(), Math::max);
                    mostSessions.accumulateAndGet(runtime.sessions().size(), Math::max);
                  }
                });
    List<CompletableFuture<Generation>> answers = new ArrayList<>();
    List<Integer> expected = new ArrayList<>();
    for (int round = 0; round < 12; round++) {
      generator.addAdapter(leaving, 10 + round);
      for (int length = 9; length < 23; length++) {
        String output = OUTPUTS.get((round + length) % OUTPUTS.size());
        answers.add(next(output, round % 2, length));
        expected.add(expected(output, round % 2, length));
      }
      answers.get(14 * round + round).join();
      // Those that took it are answered, and others are under way.
      generator.removeAdapter(10 + round);
      assertThat(owners()).contains("some 1").doesNotContain("all 1");
    }
    for (int i = 0; i < answers.size(); i++) {
      assertThat(answers.get(i).join().tokenIds())
          .as("request %d", i)
          .containsExactly(expected.get(i));
    }
    over.set(true);
    watch.join();
    assertThat(reserved()).isEqualTo(before);
    assertThat(mostWeights).hasValue(weights);
    assertThat(mostSessions).hasValue(1);
  }

  private long reserved() {
    return runtime.report().devices().getFirst().reservedBytes();
  }

  /** Of the model; adapters are something else. */
  private long weights() {
    return runtime.report().devices().getFirst().holdings().stream()
        .filter(holding -> holding.owner().startsWith("tiny"))
        .mapToLong(holding -> holding.reserved().of(MemoryKind.WEIGHTS))
        .sum();
  }

  @Test
  void anAdapterOfAnotherModelIsRefused() {
    addAdapter("all", 2);
    ModelPackage other =
        importer.importCheckpoint(
            REFERENCE.resolve("llama-yarn").resolve("checkpoint"),
            folder.resolve("other"),
            ImportRequest.of("other"));
    generator.add(other, 5);
    assertThatThrownBy(() -> generate("other", "all"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("adapter 'all' is for model 'tiny'; it cannot be used with 'other'");
  }

  private List<String> owners() {
    return runtime.report().devices().getFirst().holdings().stream()
        .map(MemoryHolding::owner)
        .toList();
  }

  private void addAdapter(String name, long serviceId) {
    generator.addAdapter(
        importer.importCheckpoint(
            RECORDED.resolve(name), folder.resolve(name), ImportRequest.of(name).basedOn(base)),
        serviceId);
  }

  private Generation generate(String model, String adapter) {
    Prompt prompt = new Prompt.Raw(List.of(new PromptPart.Tokens(List.of(5, 6, 7))));
    return generator.generate(
        new GenerationRequest(model, prompt, options(Optional.of(adapter))), piece -> {}, soon());
  }

  /** The token after some of a recorded prompt. */
  private CompletableFuture<Generation> next(String output, int row, int length) {
    List<Integer> ids = new ArrayList<>();
    Tensor recorded = golden.tensor("input.input_ids");
    int columns = (int) recorded.shape().dimension(1);
    for (int i = 0; i < length; i++) {
      ids.add((int) recorded.asLongs().get(row * columns + i));
    }
    Optional<String> adapter =
        switch (output) {
          case "all", "both" -> Optional.of("all");
          case "some" -> Optional.of("some");
          default -> Optional.empty();
        };
    boolean adds = output.equals("vectors") || output.equals("both");
    return generator.generateAsync(
        new GenerationRequest(
            "tiny",
            new Prompt.Raw(List.of(new PromptPart.Tokens(ids))),
            options(adapter),
            adds ? Optional.of(golden.tensor("vectors")) : Optional.empty()),
        piece -> {},
        soon());
  }

  private int expected(String output, int row, int length) {
    Tensor logits = golden.tensor("output." + output);
    int columns = (int) logits.shape().dimension(1);
    int width = (int) logits.shape().dimension(2);
    int at = (row * columns + length - 1) * width;
    int best = 0;
    for (int token = 1; token < width; token++) {
      best = logits.asFloats().get(at + token) > logits.asFloats().get(at + best) ? token : best;
    }
    return best;
  }

  private static DecodingOptions options(Optional<String> adapter) {
    return new DecodingOptions(
        DecodingOptions.greedy(1).strategy(),
        DecodingOptions.Penalties.NONE,
        1,
        true,
        List.of(),
        false,
        -1,
        Optional.empty(),
        adapter);
  }

  private static RequestContext soon() {
    return RequestContext.within(Duration.ofSeconds(60));
  }
}
