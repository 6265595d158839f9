package io.sensorium.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sensorium.api.Modality;
import io.sensorium.api.language.Generation;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.host.api.Question;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.api.SensoriumOptions;
import io.sensorium.it.ChildHost.Finished;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** An adapter trained by a command is installed by it. */
@EnabledOnOs(
    value = OS.LINUX,
    architectures = "amd64",
    disabledReason = "the engine's natives are on the class path for linux-x86_64 only")
class AdapterTrainingIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path SAMPLES = Path.of("..", "examples", "adapter", "samples");

  @TempDir Path folder;

  @Test
  void aHandfulOfSamplesMakesAnAdapterThatIsInService() throws Exception {
    Path home = folder.resolve("home");
    Path data = someSamples(16);
    Path target = folder.resolve("trained");

    Finished trained =
        ChildHost.command(
            home,
            "adapter",
            "train",
            "--data",
            data.toString(),
            "--kind",
            "linear",
            "--id",
            "few-eyes",
            "--to",
            target.toString(),
            "--steps",
            "6",
            "--batch",
            "4",
            "--json");
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    JsonNode outcome = JSON.readTree(trained.out());
    assertThat(outcome.path("adapter").asText()).isEqualTo("few-eyes");
    assertThat(outcome.path("steps").asInt()).isEqualTo(6);
    assertThat(outcome.path("rows").asInt()).isEqualTo(8 + 25);
    assertThat(target.resolve("curve.png")).isNotEmptyFile();
    assertThat(target.resolve("checkpoint/golden.safetensors")).isNotEmptyFile();

    JsonNode listed =
        JSON.readTree(ChildHost.command(home, "adapter", "list", "--json").out()).path("models");
    assertThat(listed.findValuesAsText("id")).contains("few-eyes");
    Finished verified = ChildHost.command(home, "models", "verify", "few-eyes", "--json");
    assertThat(verified.exitCode()).as(verified.err()).isZero();
  }

  @Test
  void aGatedAdapterAnswersFarBetterThanTheModelAlone() throws Exception {
    Path home = folder.resolve("home");
    Path data = someSamples(60);
    Finished trained =
        ChildHost.command(
            home,
            "adapter",
            "train",
            "--data",
            data.toString(),
            "--kind",
            "zero_gated",
            "--id",
            "gated-eyes",
            "--steps",
            "60",
            "--batch",
            "8",
            "--patience",
            "0",
            "--json");
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    assertThat(JSON.readTree(trained.out()).path("rows").asInt()).isZero();

    int alone = 0;
    int seeing = 0;
    try (Sensorium sensorium = Sensorium.start(SensoriumOptions.at(home))) {
      for (String line : Files.readAllLines(data).subList(0, 24)) {
        JsonNode sample = JSON.readTree(line);
        Path medium = folder.resolve(sample.path("media").path(0).asText());
        EncodeRequest picture =
            EncodeRequest.of(Modality.IMAGE, MediaInput.read(medium, Files.size(medium)));
        String prompt = sample.path("prompt").asText();
        String answer = sample.path("answer").asText();
        Generation blind = sensorium.ask(Question.of(prompt), piece -> {});
        Generation seen = sensorium.ask(Question.of(prompt, picture), piece -> {});
        assertThat(seen.promptTokens())
            .as("the adapter of the command")
            .isEqualTo(blind.promptTokens());
        alone += blind.text().strip().equals(answer) ? 1 : 0;
        seeing += seen.text().strip().equals(answer) ? 1 : 0;
      }
    }
    assertThat(seeing).as("beside %d without the adapter, of 24", alone).isGreaterThan(alone + 8);
  }

  @Test
  void aBadLineIsNamedAndNothingIsInstalled() throws Exception {
    Path data = someSamples(2);
    Files.writeString(data, Files.readString(data) + "{\"media\": [\"none.png\"]}\n");
    Finished refused =
        ChildHost.command(folder.resolve("home"), "adapter", "train", "--data", data.toString());
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err().strip().lines().filter(line -> line.startsWith("sensorium: ")))
        .hasSize(1);
    assertThat(refused.err()).contains("line 3 of " + data).contains("none.png");
  }

  private Path someSamples(int count) throws Exception {
    List<String> lines = Files.readAllLines(SAMPLES.resolve("samples.jsonl")).subList(0, count);
    for (String line : lines) {
      String medium = JSON.readTree(line).path("media").path(0).asText();
      Path copy = folder.resolve(medium);
      if (!Files.exists(copy)) {
        Files.copy(SAMPLES.resolve(medium), copy);
      }
    }
    return Files.write(folder.resolve("samples.jsonl"), lines);
  }
}
