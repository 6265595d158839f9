package io.sensorium.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.language.DecodingOptions;
import io.sensorium.api.language.DecodingOptions.Penalties;
import io.sensorium.api.language.DecodingStrategy;
import io.sensorium.api.language.Generation;
import io.sensorium.api.language.GenerationRequest;
import io.sensorium.api.language.Prompt;
import io.sensorium.api.language.PromptPart;
import io.sensorium.api.language.TextGenerator;
import io.sensorium.api.memory.MemoryHolding;
import io.sensorium.api.memory.MemoryLedger;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.api.SensoriumOptions;
import io.sensorium.it.ChildHost.Finished;
import io.sensorium.models.checkpoints.SafetensorsFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Low-rank adapters in the packaged host, from peft's folders to texts that must be those of peft:
 * alone, together, from afar, while one of them leaves.
 */
@Timeout(180)
class LowRankIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path REFERENCE = Path.of("..", "models", "reference");
  private static final Path ADAPTERS = REFERENCE.resolve("lora-llama-grouped");
  private static final String BASE = "base";
  private static final int PROMPT = 9;
  private static final int TOGETHER = 18;

  @TempDir static Path home;
  private static Map<String, long[][]> recorded;

  @BeforeAll
  static void importThem() throws Exception {
    recorded = recorded();
    run("models", "import", REFERENCE.resolve("llama-grouped/checkpoint").toString(), "--to", "lm");
    for (String id : List.of("all", "some")) {
      run("models", "import", ADAPTERS.resolve(id).toString(), "--id", id, "--base", "lm");
    }
  }

  @Test
  void textsWithAdaptersAreThoseOfPeftUntilTheAdapterIsRemoved() throws Exception {
    assertThat(run("models", "verify", "all").out().strip()).isEqualTo("all passed");
    try (Sensorium sensorium = Sensorium.start(options())) {
      assertTogether(sensorium);
      sensorium.serve();
      for (String id : recorded.keySet()) {
        assertThat(fromAfar(id)).as(id).isEqualTo(wanted(id, 0));
      }
      assertRemovalWhileItSpeaks(sensorium);
      assertDamageIsFound(sensorium);
    }
  }

  /** Requests of all adapters and of none share runs. */
  private static void assertTogether(Sensorium sensorium) {
    TextGenerator generator = sensorium.service(TextGenerator.class);
    List<String> ids = List.copyOf(recorded.keySet());
    List<CompletableFuture<Generation>> texts =
        IntStream.range(0, TOGETHER)
            .mapToObj(i -> request(ids.get(i % ids.size()), i % 2, wanted(BASE, 0).size()))
            .map(request -> generator.generateAsync(request, piece -> {}, soon()))
            .toList();
    for (int i = 0; i < TOGETHER; i++) {
      String id = ids.get(i % ids.size());
      assertThat(texts.get(i).join().tokenIds()).as(id).isEqualTo(wanted(id, i % 2));
    }
  }

  private static void assertRemovalWhileItSpeaks(Sensorium sensorium) throws Exception {
    TextGenerator generator = sensorium.service(TextGenerator.class);
    assertThat(owners(sensorium)).contains("all 1", "some 1");
    List<CompletableFuture<Generation>> speaking =
        List.of(
            generator.generateAsync(request("all", 0, 240), piece -> {}, soon()),
            generator.generateAsync(request("some", 1, 240), piece -> {}, soon()));

    assertThat(sensorium.models().remove("all")).isTrue();

    assertThat(speaking.get(0)).isDone();
    assertThat(owners(sensorium)).contains("some 1").doesNotContain("all 1");
    assertThat(speaking.get(0).join().tokenIds())
        .startsWith(wanted("all", 0).toArray(Integer[]::new));
    assertThat(speaking.get(1).join().tokenIds())
        .startsWith(wanted("some", 1).toArray(Integer[]::new));
    assertThatThrownBy(() -> sensorium.generate(request("all", 0, 5), piece -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'all' is none of those in service: [some]");
    assertThat(fromAfar("some")).isEqualTo(wanted("some", 0));
    assertThat(fromAfar(BASE)).isEqualTo(wanted(BASE, 0));
  }

  private static void assertDamageIsFound(Sensorium sensorium) throws Exception {
    assertThat(sensorium.models().verify("some", Optional.empty()).passed()).isTrue();
    Path golden = ADAPTERS.resolve("golden.safetensors");
    assertThatThrownBy(() -> sensorium.models().verify("some", Optional.of(golden)))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("gives no outputs by itself");
    Path factors = home.resolve("packages/some/1/lora.safetensors");
    try (FileChannel file = FileChannel.open(factors, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(new byte[] {'?'}), Files.size(factors) - 1);
    }
    assertThatThrownBy(() -> sensorium.models().verify("some", Optional.empty()))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("lora.safetensors");

    run("models", "remove", "some");

    assertThat(owners(sensorium)).doesNotContain("some 1");
    assertThat(fromAfar(BASE)).isEqualTo(wanted(BASE, 0));
  }

  private static SensoriumOptions options() {
    return SensoriumOptions.at(home).withoutAwaitingEncoders();
  }

  private static List<String> owners(Sensorium sensorium) {
    return sensorium.service(MemoryLedger.class).report().devices().stream()
        .flatMap(device -> device.holdings().stream())
        .map(MemoryHolding::owner)
        .toList();
  }

  private static List<Integer> fromAfar(String id) throws Exception {
    List<String> line =
        new ArrayList<>(
            List.of("generate", "--model", "lm", "--ignore-eos", "--json", "--max-tokens"));
    line.addAll(List.of(Integer.toString(wanted(id, 0).size()), "--prompt-ids"));
    line.add(prompt(id, 0).stream().map(String::valueOf).collect(Collectors.joining(",")));
    if (!id.equals(BASE)) {
      line.addAll(List.of("--lora", id));
    }
    JsonNode ids = JSON.readTree(run(line.toArray(String[]::new)).out()).get("tokenIds");
    return IntStream.range(0, ids.size()).mapToObj(i -> ids.get(i).asInt()).toList();
  }

  private static Finished run(String... line) throws Exception {
    Finished finished = ChildHost.command(home, line);
    assertThat(finished.exitCode()).as(finished.err()).isZero();
    return finished;
  }

  private static GenerationRequest request(String id, int row, int tokens) {
    DecodingOptions options =
        new DecodingOptions(
            DecodingStrategy.parse("greedy"),
            new Penalties(1, 0, 0),
            tokens,
            true,
            List.of(),
            false,
            -1,
            Optional.empty(),
            Optional.of(id).filter(each -> !each.equals(BASE)));
    List<PromptPart> parts = List.of(new PromptPart.Tokens(prompt(id, row)));
    return new GenerationRequest("lm", new Prompt.Raw(parts), options);
  }

  private static List<Integer> prompt(String id, int row) {
    return ids(recorded.get(id)[row], 0, PROMPT);
  }

  private static List<Integer> wanted(String id, int row) {
    return ids(recorded.get(id)[row], PROMPT, recorded.get(id)[row].length);
  }

  private static List<Integer> ids(long[] row, int from, int to) {
    return Arrays.stream(row, from, to).mapToInt(Math::toIntExact).boxed().toList();
  }

  /** Prompts and what peft makes of them, by adapter. */
  private static Map<String, long[][]> recorded() {
    Map<String, long[][]> texts = new LinkedHashMap<>();
    try (SafetensorsFile file = SafetensorsFile.open(ADAPTERS.resolve("generated.safetensors"))) {
      for (String id : List.of(BASE, "all", "some")) {
        var tensor = file.tensor(id);
        int columns = (int) tensor.shape().dimension(1);
        long[][] rows = new long[(int) tensor.shape().dimension(0)][columns];
        for (int row = 0; row < rows.length; row++) {
          tensor.asLongs().get(row * columns, rows[row]);
        }
        texts.put(id, rows);
      }
    }
    return texts;
  }

  private static RequestContext soon() {
    return RequestContext.within(Duration.ofSeconds(60));
  }
}
