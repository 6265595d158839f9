package io.sensorium.language.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sensorium.api.RequestContext;
import io.sensorium.api.language.DecodingOptions;
import io.sensorium.api.language.DecodingOptions.Penalties;
import io.sensorium.api.language.DecodingStrategy;
import io.sensorium.api.language.DecodingStrategy.Sample;
import io.sensorium.api.language.LanguageModel;
import io.sensorium.api.language.Sequence;
import io.sensorium.api.language.SequenceLimits;
import io.sensorium.api.model.ModelImporter.ImportRequest;
import io.sensorium.backend.transformer.TransformerBackend;
import io.sensorium.importer.CheckpointImporter;
import io.sensorium.runtime.onnx.OnnxInferenceRuntime;
import io.sensorium.runtime.onnx.SessionSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What transformers' generate made with the same models is what the strategies make. */
@Timeout(120)
class TransformersGenerationTest {
  private static final Path REFERENCE = Path.of("..", "..", "models", "reference");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"llama-grouped", "qwen3-biased", "mistral-sliding"})
  void makesWhatTransformersMakes(String name) throws IOException {
    JsonNode recorded = new ObjectMapper().readTree(REFERENCE.resolve("generation.json").toFile());
    int compared = 0;
    try (OnnxInferenceRuntime runtime =
            new OnnxInferenceRuntime("cpu", new SessionSettings(1, false, Duration.ofSeconds(5)));
        LanguageModel model =
            new TransformerBackend(runtime, runtime)
                .open(
                    new CheckpointImporter(runtime)
                        .importCheckpoint(
                            REFERENCE.resolve(name).resolve("checkpoint"),
                            folder.resolve(name),
                            ImportRequest.of(name)),
                    new SequenceLimits(16, 256),
                    soon())) {
      for (JsonNode example : recorded.get("cases")) {
        if (example.get("model").asText().equals(name)) {
          compare(model, example);
          compared++;
        }
      }
    }
    assertThat(compared).isGreaterThan(40);
  }

  private static void compare(LanguageModel model, JsonNode example) {
    DecodingStrategy strategy = DecodingStrategy.parse(example.get("strategy").asText());
    DecodingOptions options =
        new DecodingOptions(
            strategy,
            new Penalties(example.get("repetitionPenalty").asDouble(), 0, 0),
            example.get("maxTokens").asInt(),
            false,
            List.of(),
            false,
            0,
            Optional.empty(),
            Optional.empty());
    DecodingRequest request =
        new DecodingRequest(
            ids(example, "prompt"), options, new HashSet<>(ids(example, "endTokens")));
    if (strategy instanceof Sample sample) {
      compareDistribution(model, request, sample, example);
    } else {
      compareText(model, request, example);
    }
  }

  private static void compareText(LanguageModel model, DecodingRequest request, JsonNode example) {
    try (Decoding decoding =
        RandomModel.run(model, Decodings.begin(model, model.begin(), request))) {
      assertThat(decoding.certain()).as(example.toString()).isEqualTo(ids(example, "ids"));
      JsonNode expected = example.path("logProbabilities");
      for (int i = 0; i < expected.size(); i++) {
        // Logits of the two implementations differ by 1e-4 at most, and there are two of them here.
        assertThat(decoding.scores().get(i).logProbability())
            .isCloseTo(expected.get(i).asDouble(), within(1e-3));
      }
    }
  }

  private static void compareDistribution(
      LanguageModel model, DecodingRequest request, Sample sample, JsonNode example) {
    try (Sequence sequence = model.begin()) {
      TextRun run = new TextRun(model, sequence, request);
      float[] logits = run.logits(model.extend(run.prompt(false), soon()).getFirst(), 0);
      run.rules().apply(logits);
      Candidates candidates = new Sampler(sample).filter(logits);
      List<Integer> kept = new ArrayList<>();
      for (int i = 0; i < candidates.count(); i++) {
        kept.add(candidates.token(i));
        // As above; a probability changes by at most a quarter of what logits change.
        assertThat(candidates.probability(i))
            .as(example.toString())
            .isCloseTo(example.get("probabilities").get(i).asDouble(), within(1e-4));
      }
      assertThat(kept).as(example.toString()).isEqualTo(ids(example, "ids"));
    }
  }

  private static List<Integer> ids(JsonNode example, String field) {
    return StreamSupport.stream(example.get(field).spliterator(), false)
        .map(JsonNode::asInt)
        .toList();
  }

  private static RequestContext soon() {
    return RequestContext.within(Duration.ofSeconds(60));
  }
}
