package io.sensorium.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sensorium.host.FakeOperations;
import io.sensorium.host.operations.Arguments.Item;
import io.sensorium.host.operations.Arguments.Term;
import io.sensorium.host.operations.GenerationArguments.Generate;
import io.sensorium.host.operations.GenerationArguments.Manner;
import io.sensorium.host.operations.GenerationArguments.Penalties;
import io.sensorium.host.operations.GenerationArguments.Words;
import io.sensorium.host.operations.Results.LeftOut;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineRunnerTest {
  private final FakeOperations host = new FakeOperations();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private GlobalOptions seen;

  @Test
  void searchCombinesItsTermsAndPrintsTheAgreedJson() throws IOException {
    int code =
        run(
            "search --text small_bells --audio bell.wav --minus-text blue --modality image,audio"
                + " --where extension=png --where folder=/a=b --top 7 --hybrid --json");

    assertThat(code).isZero();
    assertThat(host.searched.terms())
        .containsExactly(
            new Term(Item.text("small_bells"), 1),
            new Term(Item.file("audio", Path.of("bell.wav").toAbsolutePath().toString()), 1),
            new Term(Item.text("blue"), -1));
    assertThat(host.searched.modalities()).containsExactly("image", "audio");
    assertThat(host.searched.where())
        .containsEntry("extension", "png")
        .containsEntry("folder", "/a=b");
    assertThat(host.searched.top()).isEqualTo(7);
    assertThat(host.searched.hybrid()).isTrue();
    JsonNode hit = json().get("hits").get(0);
    assertThat(fieldNames(hit))
        .containsExactlyInAnyOrder("rank", "score", "modality", "path", "id", "metadata");
    assertThat(hit.get("path").asText()).isEqualTo("/a/ü.png");
    assertThat(host.closed).hasValue(1);
  }

  @Test
  void searchPrintsATableForPeople() {
    run("search --text bells");

    assertThat(out.toString().lines())
        .containsExactly(
            "rank  score  modality  path",
            "----  -----  --------  --------",
            "1     0.750  image     /a/ü.png",
            "2     0.500  audio     /b.wav");
  }

  @Test
  void manyItemsAreEmbeddedPartByPartInTheirOrder() throws IOException {
    List<String> line = new ArrayList<>(List.of("embed"));
    for (int i = 0; i < 300; i++) {
      line.add("--text=" + (i == 7 || i == 299 ? "!" : "") + "item_" + i);
    }

    assertThat(run(String.join(" ", line))).isEqualTo(ExitCode.PARTLY);

    assertThat(host.embedded).extracting(List::size).containsExactly(128, 128, 44);
    assertThat(host.embedded.stream().flatMap(List::stream).map(Item::text))
        .element(299)
        .isEqualTo("!item_299");
    List<String> printed = out.toString().lines().toList();
    assertThat(printed).hasSize(300).element(7).isEqualTo("");
    assertThat(printed).element(8).isEqualTo("0.6 -0.8");
    assertThat(err.toString().lines())
        .containsExactly(
            "sensorium: '!item_7' cannot be embedded: it is broken",
            "sensorium: '!item_299' cannot be embedded: it is broken");
  }

  @Test
  void jsonHasNullInThePlaceOfAnItemThatFailedAndSaysWhy() throws IOException {
    assertThat(run("embed --text !a --text b --json")).isEqualTo(ExitCode.PARTLY);
    assertThat(json().toString())
        .isEqualTo(
            "{\"space\":\"world\",\"version\":\"1\",\"dimension\":2,"
                + "\"embeddings\":[null,[0.6,-0.8]],"
                + "\"failed\":[{\"item\":0,\"reason\":\"it is broken\"}]}");
  }

  @Test
  void whoIsInterruptedBeforeItCanStopStopsOnceItCan() {
    CommandContext context =
        new CommandContext(new PrintWriter(out), new PrintWriter(err), () -> false, null);
    List<String> stopped = new ArrayList<>();
    context.interrupt();
    assertThat(context.isInterrupted()).isTrue();
    context.onInterruption(() -> stopped.add("at once"));
    assertThat(stopped).containsExactly("at once");
  }

  @Test
  void embeddingNothingAtAllIsAFailure() {
    assertThat(run("embed --text !a --json")).isEqualTo(ExitCode.FAILURE);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString())
        .isEqualToIgnoringNewLines("sensorium: '!a' cannot be embedded: it is broken");
  }

  @Test
  void embedAndClassifyPrintTheAgreedJson() throws IOException {
    assertThat(run("embed --text a --image b.png --json")).isZero();
    assertThat(json().toString())
        .isEqualTo(
            "{\"space\":\"world\",\"version\":\"1\",\"dimension\":2,"
                + "\"embeddings\":[[0.6,-0.8],[0.6,-0.8]]}");

    assertThat(run("classify --image b.png --labels a,b --json")).isZero();
    assertThat(json().toString())
        .isEqualTo(
            "{\"labels\":[{\"label\":\"a\",\"probability\":0.25},"
                + "{\"label\":\"b\",\"probability\":0.25}]}");
  }

  @Test
  void generateHandsOverEverythingAndPrintsTheAgreedJson() throws IOException {
    int code =
        run(
            "generate --model lm --question bells? --system short --max-tokens 9 --ignore-eos"
                + " --strategy sample,top-k=3 --seed 7 --stop . --stop x --repetition-penalty 1.5"
                + " --presence-penalty 0.5 --frequency-penalty -0.5 --token-healing --log-probs 2"
                + " --lora pirate --json");
    assertThat(code).isZero();
    assertThat(host.generated)
        .isEqualTo(
            new Generate(
                "lm",
                new Words(null, null, "bells?", "short"),
                new Manner(
                    "sample,top-k=3,seed=7",
                    new Penalties(1.5, 0.5, -0.5),
                    9,
                    true,
                    List.of(".", "x"),
                    true,
                    2,
                    null,
                    "pirate")));
    assertThat(fieldNames(json()))
        .containsExactlyInAnyOrder(
            "text",
            "tokenIds",
            "model",
            "promptTokens",
            "tokensPerSecond",
            "finishReason",
            "logProbs");

    assertThat(run("generate --model lm --prompt-ids 1,2,3 --json")).isZero();
    assertThat(host.generated.prompt().ids()).containsExactly(1, 2, 3);
    assertThat(host.generated.manner().strategy()).isEqualTo("greedy");
    assertThat(json().has("logProbs")).isFalse();
  }

  @Test
  void askHandsOverMediaInTheOrderOfTheCommandLine() throws IOException {
    int code =
        run(
            "ask --audio /b.wav --image /a.png --audio /c.wav Bells? --max-tokens 9 --model lm"
                + " --strategy beam,width=2 --json");
    assertThat(code).isZero();
    assertThat(host.asked.model()).isEqualTo("lm");
    assertThat(host.asked.question()).isEqualTo("Bells?");
    assertThat(host.asked.media())
        .containsExactly(
            Item.file("audio", "/b.wav"),
            Item.file("image", "/a.png"),
            Item.file("audio", "/c.wav"));
    assertThat(host.asked.manner().maxTokens()).isEqualTo(9);
    assertThat(host.asked.manner().strategy()).isEqualTo("beam,width=2");
    assertThat(fieldNames(json()))
        .containsExactlyInAnyOrder(
            "text", "tokenIds", "model", "promptTokens", "tokensPerSecond", "finishReason");

    assertThat(run("ask Bells?")).isZero();
    assertThat(out.toString().lines()).containsExactly("Three.");
    assertThat(host.asked.media()).isEmpty();
    assertThat(host.asked.model()).isEqualTo("lm-default");
  }

  @Test
  void generatePrintsTextAsItComes() {
    assertThat(run("generate --prompt two")).isZero();
    assertThat(out.toString().lines()).containsExactly("three bells");
  }

  @Test
  void aPromptFileMustBeUtf8(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("prompt.txt");
    Files.writeString(file, "zwei Glöckchen\n");
    assertThat(run("generate --prompt-file " + file)).isZero();
    assertThat(host.generated.prompt().text()).isEqualTo("zwei Glöckchen\n");

    Files.write(file, new byte[] {'a', (byte) 0xc3, 'b'});
    assertThat(run("generate --prompt-file " + file)).isEqualTo(1);
    assertThat(err.toString()).contains("a prompt must be UTF-8; " + file + " is not");
  }

  @Test
  void verifyPrintsTheAgreedJsonAndFailsWithTheModel() throws IOException {
    assertThat(run("models verify world-image --json")).isZero();
    JsonNode report = json();
    assertThat(fieldNames(report))
        .containsExactlyInAnyOrder("model", "passed", "outputs", "skipped");
    assertThat(fieldNames(report.get("outputs").get(0)))
        .containsExactlyInAnyOrder("name", "maxAbs", "meanAbs", "cosine");

    assertThat(run("models verify world-image --golden other.safetensors")).isEqualTo(1);
    assertThat(out.toString()).contains("world-image FAILED", "skipped depth_embeds");
  }

  @Test
  void planPrintsTheAgreedJsonAndExplainsTheFormula() throws IOException {
    assertThat(run("models plan some-model --precision int8 --batch 4 --json")).isZero();
    assertThat(fieldNames(json()))
        .contains("parameters", "bytes", "kvBytesPerToken", "stateBytes", "workingBytes");
    assertThat(json().get("architecture").asText()).isEqualTo("vit in int8");
    assertThat(json().get("workingBytes").asLong()).isEqualTo(20_000);
    run("models plan some-model");
    assertThat(out.toString())
        .contains("1,000,000 in the checkpoint's tensors", "900,000 (-10.0 %): it counts");
    assertThat(run("models plan some-model --precision int3")).isNotZero();
    assertThat(err.toString())
        .contains("the precision must be fp32, fp16, int8 or int4; got 'int3'");
  }

  @Test
  void indexSaysWhatItLeftOutAndExitsWithThree() throws IOException {
    assertThat(run("index somewhere --json")).isZero();
    assertThat(json().get("indexed").asInt()).isEqualTo(1);

    host.leftOut = List.of(new LeftOut("/x/broken.png", "truncated"));
    assertThat(run("index somewhere")).isEqualTo(3);
    assertThat(out.toString().lines())
        .containsExactly(
            "left out /x/broken.png: truncated",
            "1 indexed, 2 unchanged, 3 removed, 1 left out in 0.5 s");
  }

  @Test
  void doctorExitsWithOneOnASickHostAndStillTells() throws IOException {
    assertThat(run("doctor --json")).isEqualTo(1);
    assertThat(json().get("problems").get(0).asText()).isEqualTo("no encoder is ready");
    assertThat(json().get("index").get("vectorised").asBoolean()).isTrue();

    run("doctor");
    assertThat(out.toString()).contains("PROBLEM     no encoder is ready", "Problems: 1");
  }

  @Test
  void memoryShowsWhoHoldsWhatAndWhetherSomethingNewFits() throws IOException {
    assertThat(run("memory --json")).isZero();
    assertThat(json().get("devices").get(0).get("holders").get(0).get("state").asText())
        .isEqualTo("idle");
    assertThat(json().has("plan")).isFalse();

    assertThat(run("memory --plan clip-b32")).isZero();
    assertThat(out.toString())
        .contains("cpu  [##########" + ".".repeat(30) + "] 400.0 MiB of 1.6 GiB reserved")
        .contains("clip-b32 1 (vision)   idle      600.0 MiB  400.0 MiB  380.0 MiB  2")
        .contains("index (mapped files)  reported  -          -          1.0 MiB ")
        .contains("clip-b32 instead of clip-b32 1: fits once the old one has gone")
        .contains("needs 1.5 GiB; 400.0 MiB reserved of 1.6 GiB");
    assertThat(run("memory --plan . --precision int3")).isNotZero();
    assertThat(MemoryTable.bar(5, 3)).isEqualTo("#".repeat(40));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "models list",
        "models inspect world-image",
        "models list --available",
        "models import src --accept-non-commercial",
        "models remove world-image",
        "bundles list",
        "bundles update sensorium-space x.jar",
        "bundles remove sensorium-space",
        "reembed status",
        "reembed pause",
        "reembed resume"
      })
  void everyOtherCommandAnswersAsTextAndAsJson(String line) throws IOException {
    assertThat(run(line)).isZero();
    assertThat(out.toString()).isNotBlank();
    assertThat(run(line + " --json")).isZero();
    assertThat(json().isObject()).isTrue();
  }

  @Test
  void aFailureIsOneLineAndExitsWithOne() {
    assertThat(run("bundles install x.jar")).isEqualTo(1);
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .startsWith("sensorium: no bundle: ")
        .endsWith("x.jar");

    run("bundles install x.jar --verbose");
    assertThat(err.toString()).contains("UnsupportedInputException");
  }

  @Test
  void reembeddingNowSaysWhatStaysAndExitsWithThree() {
    assertThat(run("reembed now --forget")).isEqualTo(ExitCode.PARTLY);
    assertThat(out.toString())
        .contains("world@1", "world@2", "stays /a.png: cannot be read")
        .contains("now_and_forget: 5 moved, 1 removed")
        .contains("out of service: world@0");
  }

  static Stream<String> nonsense() {
    return Stream.of(
        "",
        "serch",
        "search",
        "ask --image /a.png",
        "ask",
        "generate --model lm",
        "generate --prompt a --prompt-ids 1",
        "generate --prompt-ids a",
        "generate --prompt a --strategy greedily",
        "generate --prompt a --strategy sample,top-p=7",
        "generate --prompt a --max-tokens 0",
        "generate --prompt a --repetition-penalty 0",
        "ask --strategy beam,width=x Bells?",
        "adapter train --data a.jsonl --kind cubic",
        "adapter train --data a.jsonl --batch 1",
        "models plan world-image --precision int3",
        "memory --plan world-image --precision int3",
        "run --reembed-share 2",
        "run --device gpu",
        "search --txt bell",
        "search --minus-text blue",
        "search --text a --top 0",
        "search --text a --top many",
        "search --text a --where nothing",
        "classify --image a.png",
        "classify --image a.png --labels one",
        "classify --image a.png --labels a,a",
        "classify --labels a,b",
        "embed",
        "index",
        "models",
        "models inspect",
        "bundles frobnicate",
        "reembed");
  }

  @ParameterizedTest
  @MethodSource("nonsense")
  void aCommandLineThatMakesNoSenseIsOneLineAndExitsWithTwo(String line) {
    assertThat(run(line)).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .startsWith("sensorium: ")
        .doesNotContain("Error:", "option option");
    assertThat(host.closed).hasValue(0);
  }

  @Test
  void adaptersAreListedWithWhatTheyStandBetween() throws IOException {
    host.adapters =
        List.of(
            FakeOperations.adapter("sees", "world-image", "lm-default"),
            FakeOperations.adapter("hears", "world-audio", "llama"));
    assertThat(run("adapter list")).isZero();
    assertThat(out.toString().lines())
        .hasSize(4)
        .anySatisfy(line -> assertThat(line).contains("encoder", "language model"))
        .anySatisfy(line -> assertThat(line).contains("sees", "query", "world-image", "lm-default"))
        .anySatisfy(line -> assertThat(line).contains("hears", "world-audio", "llama"));
    assertThat(run("adapter list --json")).isZero();
    JsonNode hears = json().get("models").get(1);
    assertThat(hears.get("id").asText()).isEqualTo("hears");
    assertThat(hears.get("task").asText()).isEqualTo("projection");
    assertThat(hears.get("encoder").asText()).isEqualTo("world-audio");
    assertThat(hears.get("languageModel").asText()).isEqualTo("llama");
  }

  @Test
  void suggestsWhatWasMeant() {
    run("serch --text a");
    assertThat(err.toString()).contains("did you mean", "search");

    run("search --minus-txt=a");
    assertThat(err.toString()).contains("'--minus-txt=a'; did you mean", "--minus-text");
  }

  @Test
  void takesGlobalOptionsBeforeAndAfterTheCommand() {
    run("--home /one models list --device auto");
    assertThat(seen.home()).isEqualTo(Path.of("/one"));
    assertThat(seen.device()).isEqualTo("auto");

    run("models list --home /two");
    assertThat(seen.home()).isEqualTo(Path.of("/two"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--help", "search --help", "models verify --help", "bundles --help", "--version"})
  void helpAndVersionGoToTheStandardOutput(String line) {
    assertThat(run(line)).isZero();
    assertThat(out.toString()).contains("sensorium");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void writesACompletionScript() {
    assertThat(run("generate-completion")).isZero();
    assertThat(out.toString()).contains("complete", "classify", "--minus-text");
  }

  private int run(String line) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandContext context =
        new CommandContext(
            new PrintWriter(out),
            new PrintWriter(err),
            () -> false,
            (options, needsEncoders) -> {
              seen = options;
              return host;
            });
    return new CommandLineRunner(context).run(line.isEmpty() ? new String[0] : line.split(" ", -1));
  }

  private JsonNode json() throws IOException {
    assertThat(out.toString().lines()).hasSize(1);
    return new ObjectMapper().readTree(out.toString());
  }

  private static List<String> fieldNames(JsonNode node) {
    return node.properties().stream().map(java.util.Map.Entry::getKey).toList();
  }
}
