package io.sensorium.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sensorium.api.RequestCancelledException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.ServiceGoneException;
import io.sensorium.api.language.DecodingOptions;
import io.sensorium.api.language.FinishReason;
import io.sensorium.api.language.Generation;
import io.sensorium.api.language.GenerationRequest;
import io.sensorium.api.language.Prompt;
import io.sensorium.api.language.PromptPart;
import io.sensorium.api.language.TextGenerator;
import io.sensorium.api.memory.MemoryHolding;
import io.sensorium.api.memory.MemoryKind;
import io.sensorium.api.memory.MemoryLedger;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.api.SensoriumOptions;
import io.sensorium.it.ChildHost.Finished;
import io.sensorium.models.checkpoints.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Texts of a language model in the packaged host: alone, together, from afar, while it changes. */
@Timeout(300)
class GenerationIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path CHECKPOINT =
      Path.of("..", "models", "reference", "llama-grouped", "checkpoint");
  private static final int PROMPT = 9;

  @TempDir Path folder;

  @Test
  void textsComeAloneTogetherAndFromAfarAsTransformersMakesThem() throws Exception {
    Path home = folder.resolve("home");
    Finished imported =
        ChildHost.command(home, "models", "import", CHECKPOINT.toString(), "--to", "lm", "--json");
    assertThat(imported.exitCode()).as(imported.err()).isZero();
    long[][] golden = golden();
    try (Sensorium sensorium = start(home)) {
      // Alone, then eight at a time, of which some begin alike.
      for (long[] row : golden) {
        assertThat(generate(sensorium, row, row.length - PROMPT).tokenIds())
            .isEqualTo(ids(row, PROMPT, row.length));
      }
      TextGenerator generator = sensorium.service(TextGenerator.class);
      List<CompletableFuture<Generation>> together =
          IntStream.range(0, 24)
              .mapToObj(i -> generator.generateAsync(request(golden, i), piece -> {}, soon()))
              .toList();
      for (int i = 0; i < together.size(); i++) {
        long[] row = golden[i % golden.length];
        int prompt = PROMPT + i % 20;
        Generation made = together.get(i).join();
        assertThat(made.tokenIds()).isEqualTo(ids(row, prompt, row.length));
        assertThat(made.finishReason()).isEqualTo(FinishReason.LENGTH);
      }
      assertThat(caches(sensorium)).singleElement().matches(each -> each.reserved().total() > 0);

      sensorium.serve();
      JsonNode answer = answer(home, golden[0]);
      assertThat(answer.get("model").asText()).isEqualTo("lm");
      assertThat(answer.get("promptTokens").asInt()).isEqualTo(PROMPT);
      assertThat(answer.get("finishReason").asText()).isEqualTo("length");
      assertThat(answer.get("tokensPerSecond").asDouble()).isPositive();
      assertListed(home, golden.length + together.size() + 1);
    }
  }

  /** What the model has done is told by the host that did it. */
  private static void assertListed(Path home, int requests) throws Exception {
    Finished listed = ChildHost.command(home, "models", "list", "--json");
    assertThat(listed.exitCode()).as(listed.err()).isZero();
    JsonNode models = JSON.readTree(listed.out()).get("languageModels");
    JsonNode model =
        models.valueStream().filter(each -> each.get("id").asText().equals("lm")).findFirst().get();
    assertThat(model.get("open").asBoolean()).isTrue();
    assertThat(model.get("requests").asInt()).isEqualTo(requests);
    assertThat(model.get("sequences").asInt()).isEqualTo(8);
    assertThat(model.get("prefixHits").asInt()).isPositive();
    assertThat(model.get("rememberedTokens").asInt()).isPositive();
    assertThat(model.get("answerTokens").asInt()).isGreaterThan(40);
    assertThat(model.get("tokensPerSecond").asDouble()).isPositive();
    assertThat(model.get("running").asInt() + model.get("waiting").asInt()).isZero();
  }

  private static JsonNode answer(Path home, long[] row) throws Exception {
    String prompt = ids(row, 0, PROMPT).toString().replaceAll("[\\[\\] ]", "");
    Finished generated =
        ChildHost.command(
            home,
            "generate",
            "--model",
            "lm",
            "--prompt-ids",
            prompt,
            "--max-tokens",
            "40",
            "--ignore-eos",
            "--json");
    assertThat(generated.exitCode()).as(generated.err()).isZero();
    JsonNode answer = JSON.readTree(generated.out());
    assertThat(answer.get("tokenIds")).hasSize(40);
    for (int i = 0; i < 40; i++) {
      assertThat(answer.get("tokenIds").get(i).asLong()).isEqualTo(row[PROMPT + i]);
    }
    return answer;
  }

  @Test
  void whileItGeneratesAPackageMayLeaveAndBadInputHarmsNobody() throws Exception {
    Path home = folder.resolve("home");
    assertThat(
            ChildHost.command(home, "models", "import", CHECKPOINT.toString(), "--to", "lm")
                .exitCode())
        .isZero();
    long[][] golden = golden();
    try (Sensorium sensorium = start(home)) {
      assertRefused(sensorium, "no-such-model", ids(List.of(1)), "none of those in service");
      assertRefused(sensorium, "world-text", ids(List.of(1)), "none of those in service");
      assertRefused(sensorium, "lm", new Prompt.Raw(List.of()), "at least one token");
      assertRefused(sensorium, "lm", Prompt.of("words"), "no tokenizer");
      assertRefused(sensorium, "lm", ids(Collections.nCopies(300, 1)), "256");
      assertRefused(sensorium, "lm", ids(List.of(100_000)), "token ids must be in");

      TextGenerator generator = sensorium.service(TextGenerator.class);
      RequestContext cancelled = soon();
      CompletableFuture<Generation> stopped =
          generator.generateAsync(endless(240), piece -> {}, cancelled);
      cancelled.cancel();
      assertThatThrownBy(stopped::join).cause().isInstanceOf(RequestCancelledException.class);

      CompletableFuture<Generation> running =
          generator.generateAsync(request(golden, 0), piece -> {}, soon());
      CompletableFuture<Boolean> removal =
          CompletableFuture.supplyAsync(() -> sensorium.models().remove("lm"));
      assertThat(running.join().tokenIds()).isEqualTo(ids(golden[0], PROMPT, golden[0].length));
      assertThat(removal.join()).isTrue();
      assertThatThrownBy(() -> generate(sensorium, golden[0], 5))
          .isInstanceOf(ServiceGoneException.class)
          .hasMessageContaining("'lm' has left");
      assertThat(caches(sensorium)).isEmpty();
    }
  }

  private static void assertRefused(
      Sensorium sensorium, String model, Prompt prompt, String message) {
    GenerationRequest request = new GenerationRequest(model, prompt, DecodingOptions.greedy(5));
    assertThatThrownBy(() -> sensorium.generate(request, piece -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void commandsSayInOneLineWhatIsWrong() throws Exception {
    Path home = folder.resolve("home");
    Path notText = Files.write(folder.resolve("prompt"), new byte[] {(byte) 0xff, 'a'});
    assertFails(1, home, "must be UTF-8", "--prompt-file", notText.toString());
    assertFails(1, home, "none of those in service", "--prompt", "a", "--model", "no-such-model");
    assertFails(2, home, "a strategy must be", "--prompt", "a", "--strategy", "magic");
  }

  private static void assertFails(int exitCode, Path home, String message, String... arguments)
      throws IOException, InterruptedException {
    String[] line = new String[arguments.length + 1];
    line[0] = "generate";
    System.arraycopy(arguments, 0, line, 1, arguments.length);
    Finished failed = ChildHost.command(home, line);
    assertThat(failed.exitCode()).as(failed.err()).isEqualTo(exitCode);
    assertThat(failed.err().lines().filter(said -> said.startsWith("sensorium: ")))
        .singleElement()
        .asString()
        .contains(message);
    assertThat(failed.err()).doesNotContain("\tat ");
  }

  private static Sensorium start(Path home) {
    return Sensorium.start(SensoriumOptions.at(home).withoutAwaitingEncoders());
  }

  private static List<MemoryHolding> caches(Sensorium sensorium) {
    return sensorium.service(MemoryLedger.class).report().devices().stream()
        .flatMap(device -> device.holdings().stream())
        .filter(holding -> holding.reserved().of(MemoryKind.CACHE) > 0)
        .toList();
  }

  private static Generation generate(Sensorium sensorium, long[] row, int tokens) {
    return sensorium.generate(
        new GenerationRequest("lm", ids(ids(row, 0, PROMPT)), withoutEnd(tokens)), piece -> {});
  }

  /** Goes on from a recorded text after more and more of it. */
  private static GenerationRequest request(long[][] golden, int number) {
    long[] row = golden[number % golden.length];
    int prompt = PROMPT + number % 20;
    return new GenerationRequest("lm", ids(ids(row, 0, prompt)), withoutEnd(row.length - prompt));
  }

  private static GenerationRequest endless(int tokens) {
    return new GenerationRequest("lm", ids(List.of(5)), withoutEnd(tokens));
  }

  private static DecodingOptions withoutEnd(int tokens) {
    DecodingOptions greedy = DecodingOptions.greedy(tokens);
    return new DecodingOptions(
        greedy.strategy(),
        greedy.penalties(),
        tokens,
        true,
        greedy.stops(),
        greedy.tokenHealing(),
        greedy.logProbabilities(),
        greedy.jsonSchema(),
        greedy.adapter());
  }

  private static Prompt ids(List<Integer> ids) {
    return new Prompt.Raw(List.of(new PromptPart.Tokens(ids)));
  }

  private static List<Integer> ids(long[] row, int from, int to) {
    return Arrays.stream(row, from, to).mapToInt(id -> (int) id).boxed().toList();
  }

  private static long[][] golden() throws IOException {
    try (SafetensorsFile golden = SafetensorsFile.open(CHECKPOINT.resolve("golden.safetensors"))) {
      var tensor = golden.tensor("generate.greedy_ids");
      int columns = (int) tensor.shape().dimension(1);
      long[][] rows = new long[(int) tensor.shape().dimension(0)][columns];
      for (int row = 0; row < rows.length; row++) {
        tensor.asLongs().get(row * columns, rows[row]);
      }
      return rows;
    }
  }

  private static RequestContext soon() {
    return RequestContext.within(Duration.ofSeconds(60));
  }
}
