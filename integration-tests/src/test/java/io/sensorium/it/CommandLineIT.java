package io.sensorium.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sensorium.it.ChildHost.Finished;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands as a user types them, each in a process of its own. */
class CommandLineIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  @Test
  void indexSearchEmbedAndClassifyAnswerJson() throws Exception {
    Path home = folder.resolve("home");
    Path media = folder.resolve("media");
    Path picture = new WorldFiles(5, 0).pictures(media, 12).keySet().iterator().next();
    Files.write(media.resolve("truncated.png"), Arrays.copyOf(Files.readAllBytes(picture), 99));
    Files.write(media.resolve("empty.wav"), new byte[0]);

    Finished indexed = ChildHost.command(home, "index", media.toString(), "--json");
    assertThat(indexed.exitCode()).as(indexed.err()).isEqualTo(3);
    JsonNode report = JSON.readTree(indexed.out());
    assertThat(report.get("indexed").asInt()).isEqualTo(12);
    assertThat(report.get("unreadable").toString()).contains("truncated.png", "empty.wav");

    Finished found =
        ChildHost.command(home, "search", "--text", "three small bells", "--top", "4", "--json");
    assertThat(found.exitCode()).as(found.err()).isZero();
    JsonNode hits = JSON.readTree(found.out()).get("hits");
    assertThat(hits).hasSize(4);
    assertThat(hits.get(0).get("rank").asInt()).isEqualTo(1);
    assertThat(hits.get(0).get("modality").asText()).isEqualTo("image");
    assertThat(hits.get(0).get("score").asDouble())
        .isGreaterThanOrEqualTo(hits.get(3).get("score").asDouble());
    assertThat(Path.of(hits.get(0).get("path").asText())).exists();

    Finished embedded = ChildHost.command(home, "embed", "--image", picture.toString(), "--json");
    JsonNode embedding = JSON.readTree(embedded.out());
    assertThat(embedding.get("space").asText()).isEqualTo("world");
    assertThat(embedding.get("embeddings").get(0)).hasSize(embedding.get("dimension").asInt());

    Finished classified =
        ChildHost.command(
            home, "classify", "--image", picture.toString(), "--labels", "bell,drum,dog", "--json");
    JsonNode labels = JSON.readTree(classified.out()).get("labels");
    assertThat(labels).hasSize(3);
  }

  @Test
  void mistakesAreOneLineAndAnExitCode() throws Exception {
    Path home = folder.resolve("home");
    assertOneLine(ChildHost.command(home, "search", "--texd", "bell"), 2);
    assertOneLine(ChildHost.command(home, "serch"), 2);
    assertOneLine(ChildHost.command(home, "search", "--image", "/no/such/picture.png"), 1);
    assertOneLine(ChildHost.command(home, "models", "inspect", "no-such-model"), 1);
  }

  @Test
  void aDeviceThatIsNotHereIsNamedWithTheReason() throws Exception {
    Assumptions.assumeFalse(Files.exists(Path.of("/proc/driver/nvidia")), "CUDA may be here");
    for (String[] line : new String[][] {{"search", "--text", "a bell"}, {"run"}}) {
      String[] asked = Arrays.copyOf(line, line.length + 2);
      asked[line.length] = "--device";
      asked[line.length + 1] = "cuda";
      Finished refused = ChildHost.command(folder.resolve("home"), asked);
      assertOneLine(refused, 1);
      assertThat(refused.err()).contains("device cuda:0 cannot be used: ");
    }
  }

  @Test
  void commandLinesMayBeLong() throws Exception {
    Path home = folder.resolve("home");
    String words = "three small bells ".repeat(5_000);
    Finished embedded = ChildHost.command(home, "embed", "--text", words, "--json");
    assertThat(embedded.exitCode()).as(embedded.err()).isZero();
    assertThat(JSON.readTree(embedded.out()).get("embeddings")).hasSize(1);
  }

  @Test
  void commandsReachTheHostThatHoldsTheHomeAndASecondHostIsRefused() throws Exception {
    Path home = folder.resolve("home");
    Path media = folder.resolve("media");
    new WorldFiles(6, 0).pictures(media, 4);
    try (RunningHost host = RunningHost.start(home, folder.resolve("host.log"))) {
      assertThat(ChildHost.command(home, "index", media.toString()).exitCode()).isZero();
      Finished found = ChildHost.command(home, "search", "--text", "a bell", "--json");
      assertThat(JSON.readTree(found.out()).get("hits")).hasSize(4);
      Finished second = ChildHost.command(home, "run");
      assertOneLine(second, 1);
      assertThat(second.err()).contains(Long.toString(host.pid()));

      Path broken = Files.writeString(folder.resolve("broken.jar"), "no bundle");
      assertOneLine(ChildHost.command(home, "bundles", "install", broken.toString()), 1);
      Files.copy(broken, home.resolve("deploy/broken.jar"));
      host.awaitLine(line -> line.startsWith("sensorium: left out of service: "));
      assertThat(ChildHost.command(home, "search", "--text", "a bell").exitCode()).isZero();
      assertThat(ChildHost.command(home, "doctor").out()).contains("broken.jar is no jar");
    }
  }

  private static void assertOneLine(Finished finished, int exitCode) {
    assertThat(finished.exitCode()).as(finished.err()).isEqualTo(exitCode);
    assertThat(finished.err().lines().filter(line -> line.startsWith("sensorium: "))).hasSize(1);
    assertThat(finished.err()).doesNotContain("\tat ");
  }
}
