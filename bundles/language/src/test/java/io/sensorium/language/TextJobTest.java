package io.sensorium.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.RequestContext;
import io.sensorium.api.language.DecodingOptions;
import io.sensorium.api.language.DecodingStrategy;
import io.sensorium.api.language.FinishReason;
import io.sensorium.api.language.Generation;
import io.sensorium.api.language.GenerationRequest;
import io.sensorium.api.language.Prompt;
import io.sensorium.api.language.SequenceLimits;
import io.sensorium.api.model.ModelImporter.ImportRequest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.backend.transformer.TransformerBackend;
import io.sensorium.importer.CheckpointImporter;
import io.sensorium.language.scheduling.SchedulerSettings;
import io.sensorium.runtime.onnx.OnnxInferenceRuntime;
import io.sensorium.runtime.onnx.SessionSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a request may ask of a text at the same time, in the default language model's words. */
@Timeout(120)
class TextJobTest {
  private static final Path CHECKPOINT =
      Path.of("..", "..", "models", "defaults", "src", "main", "checkpoints", "lm-default");
  private static final Prompt RAW = Prompt.of("There are two small ");
  private static final List<String> STRATEGIES =
      List.of("greedy", "sample,seed=3", "beam,width=3", "contrastive,top-k=3");

  @TempDir static Path folder;

  private static OnnxInferenceRuntime runtime;
  private static Generator generator;

  @BeforeAll
  static void open() {
    runtime = new OnnxInferenceRuntime("cpu", new SessionSettings(1, false, Duration.ofSeconds(5)));
    ModelPackage model =
        new CheckpointImporter(runtime)
            .importCheckpoint(CHECKPOINT, folder.resolve("model"), ImportRequest.of("talk"));
    generator =
        new Generator(
            new GeneratorSettings(
                new SequenceLimits(4, 256),
                new SchedulerSettings(20, 64, true),
                Duration.ofMinutes(1),
                Duration.ofSeconds(60)));
    generator.add(new TransformerBackend(runtime, runtime));
    generator.add(model, 1);
  }

  @AfterAll
  static void close() {
    generator.close();
    runtime.close();
  }

  @Test
  void everyStrategyEndsBeforeAStopTextThatTokensShare() {
    for (String strategy : STRATEGIES) {
      Generation whole = say(RAW, options(strategy, List.of(), false, Optional.empty()));
      String stop = whole.text().substring(6, 11);
      Generation cut = say(RAW, options(strategy, List.of(stop), false, Optional.empty()));
      assertThat(cut.text()).as("%s, %s", strategy, stop).doesNotContain(stop);
      if (!strategy.startsWith("beam")) {
        assertThat(cut.text()).as(strategy).isEqualTo(before(whole.text(), stop));
        assertThat(cut.finishReason()).as(strategy).isEqualTo(FinishReason.STOP);
      }
      assertThat(cut.tokenIds()).as(strategy).hasSizeLessThanOrEqualTo(whole.tokenIds().size());
    }
  }

  @Test
  void aBeamThatReachesItsStopIsWeighedAsFinished() {
    // Whatever comes has a vowel soon: every text is finished, and none goes on behind its stop.
    List<String> stops = List.of("a", "e", "i", "o", "u");
    Generation made = say(RAW, options("beam,width=4", stops, false, Optional.empty()));
    assertThat(made.finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(made.text()).doesNotContain(stops);
    assertThat(made.tokenIds()).hasSizeLessThan(5);
  }

  @Test
  void aHealedPromptIsFollowedByAWholeValueOfTheSchema() {
    String schema = "{\"enum\": [\"bells\", \"fish\", 12]}";
    for (String strategy : STRATEGIES) {
      Generation plain = say(RAW, options(strategy, List.of(), false, Optional.of(schema)));
      Generation healed = say(RAW, options(strategy, List.of(), true, Optional.of(schema)));
      assertThat(List.of("\"bells\"", "\"fish\"", "12"))
          .as(strategy)
          .contains(plain.text(), healed.text());
      // The space at the prompt's end is the answer's now.
      assertThat(healed.promptTokens()).as(strategy).isEqualTo(plain.promptTokens() - 1);
    }
  }

  @Test
  void onlyStopTextsThatNoValueHasGoTogetherWithASchema() {
    Optional<String> schema = Optional.of("{\"type\": \"boolean\"}");
    Generation made = say(RAW, options("greedy", List.of("\n", "\n\nUser:"), false, schema));
    assertThat(made.text()).isIn("true", "false");
    assertThat(made.finishReason()).isEqualTo(FinishReason.END);
    assertThatThrownBy(() -> say(RAW, options("greedy", List.of("\n", "ru"), false, schema)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot cut the value")
        .hasMessageContaining("got 'ru'");
  }

  private static String before(String text, String stop) {
    return text.substring(0, text.indexOf(stop));
  }

  private static Generation say(Prompt prompt, DecodingOptions options) {
    return generator.generate(
        new GenerationRequest("talk", prompt, options),
        piece -> {},
        RequestContext.within(Duration.ofSeconds(60)));
  }

  private static DecodingOptions options(
      String strategy, List<String> stops, boolean healing, Optional<String> schema) {
    return new DecodingOptions(
        DecodingStrategy.parse(strategy),
        DecodingOptions.Penalties.NONE,
        24,
        schema.isEmpty(),
        stops,
        healing,
        -1,
        schema,
        Optional.empty());
  }
}
