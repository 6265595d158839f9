package io.sensorium.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sensorium.it.ChildHost.Finished;
import io.sensorium.it.TestBundles.Defect;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands and the log of a running host tell about plug-ins that come and go. */
class LifecycleCommandsIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String GOOD = "sense.ticks.NONE";
  private static final String BAD = "sense.drops.DRIFTS";

  @TempDir Path folder;

  @Test
  void stepsAndWhatIsInQuarantineAreInTheListAndInTheLog() throws Exception {
    Path home = folder.resolve("home");
    try (RunningHost host = RunningHost.start(home, folder.resolve("host.log"), "--verbose")) {
      bundles(home, 0, "install", sense("ticks", 1, Defect.NONE));
      JsonNode good = named(list(home).get("bundles"), GOOD);
      assertThat(good.get("version").asText()).isEqualTo("1.0.0");
      assertThat(good.get("state").asText()).isEqualTo("ACTIVE");
      assertThat(good.get("step").asText()).isEqualTo("READY");
      assertThat(good.get("origin").asText()).isEqualTo("added");
      JsonNode model = named(good.get("brought"), "ticks");
      assertThat(model.get("kind").asText()).isEqualTo("model");
      assertThat(model.get("step").asText()).isEqualTo("READY");

      Finished refused = bundles(home, 1, "install", sense("drops", 1, Defect.DRIFTS));
      assertThat(refused.err()).contains("golden").doesNotContain("\tat ");
      bundles(home, 0, "update", GOOD, sense("ticks", 2, Defect.NONE));
      JsonNode list = list(home);
      assertThat(named(list.get("bundles"), GOOD).get("version").asText()).isEqualTo("2.0.0");
      assertThat(named(list.get("bundles"), GOOD).get("swap").asText()).isEqualTo("BLUE_GREEN");
      assertThat(names(list.get("bundles"))).doesNotContain(BAD);
      JsonNode quarantined = named(list.get("quarantined"), BAD);
      assertThat(quarantined.get("reason").asText()).contains("golden");
      assertThat(quarantined.get("step").asText()).isEqualTo("QUARANTINED");
      assertThat(quarantined.get("failedIn").asText()).isNotBlank();

      bundles(home, 0, "remove", GOOD);
      assertThat(names(list(home).get("bundles"))).doesNotContain(GOOD);
      host.awaitLine(line -> line.endsWith("bundle " + GOOD + " 2.0.0 PROVE"));
      assertThat(told(host, "bundle " + GOOD + " 1.0.0"))
          .containsExactly(
              "RESOLVE",
              "VERIFY",
              "LOAD",
              "READY",
              "DRAIN (BLUE_GREEN)",
              "CLOSE (BLUE_GREEN)",
              "PROVE (BLUE_GREEN)");
      assertThat(told(host, "model ticks 2"))
          .contains("VERIFY", "SELF_TEST", "READY (BLUE_GREEN)", "is in service");
      assertThat(told(host, "bundle " + GOOD + " 2.0.0")).contains("READY (BLUE_GREEN)");
      assertThat(host.lines())
          .anyMatch(line -> line.contains("bundle " + BAD + " 1.0.0 QUARANTINED: "));
    }
  }

  private Path sense(String modality, int version, Defect defect) throws Exception {
    return TestBundles.sense(
        folder.resolve(modality + version + ".jar"), modality, version, defect);
  }

  private static Finished bundles(Path home, int exitCode, Object... line) throws Exception {
    String[] words = new String[line.length + 1];
    words[0] = "bundles";
    for (int i = 0; i < line.length; i++) {
      words[i + 1] = line[i].toString();
    }
    Finished finished = ChildHost.command(home, words);
    assertThat(finished.exitCode()).as(finished.err()).isEqualTo(exitCode);
    return finished;
  }

  private static JsonNode list(Path home) throws Exception {
    return JSON.readTree(bundles(home, 0, "list", "--json").out());
  }

  private static List<String> names(JsonNode entries) {
    return StreamSupport.stream(entries.spliterator(), false)
        .map(entry -> entry.get("name").asText())
        .toList();
  }

  private static JsonNode named(JsonNode entries, String name) {
    return StreamSupport.stream(entries.spliterator(), false)
        .filter(entry -> entry.get("name").asText().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + name + " in " + entries));
  }

  /** The steps that the log tells of a plug-in. */
  private static List<String> told(RunningHost host, String plugIn) throws Exception {
    String before = " - " + plugIn + " ";
    return host.lines().stream()
        .filter(line -> line.contains(before))
        .map(line -> line.substring(line.indexOf(before) + before.length()))
        .toList();
  }
}
