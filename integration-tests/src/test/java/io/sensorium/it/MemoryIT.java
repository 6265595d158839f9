package io.sensorium.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sensorium.api.Modality;
import io.sensorium.api.ServiceGoneException;
import io.sensorium.api.lifecycle.LifecycleEvent;
import io.sensorium.api.lifecycle.PlugIn;
import io.sensorium.api.lifecycle.Step;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.memory.DeviceMemory;
import io.sensorium.api.memory.MemoryHolding;
import io.sensorium.api.memory.MemoryLedger;
import io.sensorium.api.runtime.InferenceRuntime;
import io.sensorium.api.runtime.SessionStatus;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.host.api.LifecycleJournal.Listening;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.api.SensoriumOptions;
import io.sensorium.it.ChildHost.Finished;
import io.sensorium.models.world.Scene;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ledger of a whole host: what it shows, and that a small budget serves many models. */
class MemoryIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> MODELS = List.of("world-text", "world-image", "world-audio");
  private static final int ROUNDS = 8;
  private static final int MOST_STARTS = 12;
  private static final int MEBI_SHIFT = 20;

  @TempDir Path folder;

  @Test
  void aBudgetForTwoOfThreeModelsServesAllThreeInTurn() throws Exception {
    Path home = folder.resolve("home");
    Path media = folder.resolve("media");
    WorldFiles world = new WorldFiles(5, 0);
    Map.Entry<Path, Scene> drawn = world.pictures(media, 1).entrySet().iterator().next();
    Path picture = drawn.getKey();
    Path sound = world.sound(media.resolve("sound.wav"), drawn.getValue());
    SensoriumOptions options = SensoriumOptions.at(home);
    long budget = 0;
    for (int start = 0; start < MOST_STARTS && !isMeasured(home); start++) {
      try (Sensorium roomy = Sensorium.start(options)) {
        embedAll(roomy, picture, sound);
        budget = twoOfThree(roomy);
      }
    }
    showsWhatWasMeasured(home);
    configure(home, "memoryMebibytes = " + (budget >> MEBI_SHIFT));
    Queue<LifecycleEvent> events = new ConcurrentLinkedQueue<>();
    try (Sensorium small = Sensorium.start(options.withoutAwaitingEncoders())) {
      awaitBudget(small, budget);
      embedAll(small, picture, sound);
      try (Listening _ = small.lifecycle().listen(events::add)) {
        for (int round = 0; round < ROUNDS; round++) {
          embedAll(small, picture, sound);
          assertThat(memory(small).reservedBytes()).isLessThanOrEqualTo(budget);
          assertThat(small.service(InferenceRuntime.class).sessions())
              .extracting(SessionStatus::model)
              .contains("world-audio")
              .hasSize(2);
        }
      }
    }
    for (String model : MODELS) {
      assertThat(times(events, model, Step.CLOSE)).as(model + " was evicted").isPositive();
      assertThat(times(events, model, Step.READY)).as(model + " came back").isPositive();
    }
    assertThat(events).noneMatch(event -> event.step() == Step.QUARANTINED);
  }

  /** A host that has just started, and has run nothing, counts what earlier ones measured. */
  private static void showsWhatWasMeasured(Path home) throws Exception {
    JsonNode holders =
        JSON.readTree(ChildHost.command(home, "memory", "--json").out())
            .get("devices")
            .get(0)
            .get("holders");
    Properties measured = new Properties();
    try (Reader reader = Files.newBufferedReader(home.resolve("memory/measured.properties"))) {
      measured.load(reader);
    }
    int compared = 0;
    for (JsonNode holder : holders) {
      String line = measured.getProperty(holder.get("owner").asText() + " on cpu");
      if (line != null) {
        JsonNode weights = holder.get("kinds").get("weights");
        JsonNode activations = holder.get("kinds").get("activations");
        assertThat(line)
            .isEqualTo(
                "planned %d %d measured %d %d",
                weights.get("plannedBytes").asLong(),
                activations.get("plannedBytes").asLong(),
                weights.get("reservedBytes").asLong(),
                activations.get("reservedBytes").asLong());
        assertThat(weights.get("measuredBytes").asLong()).isPositive();
        compared++;
      }
    }
    assertThat(compared).isPositive();
  }

  private static long times(Queue<LifecycleEvent> events, String model, Step step) {
    return events.stream()
        .filter(event -> event.plugIn().kind() == PlugIn.Kind.ENCODER)
        .filter(event -> event.plugIn().name().endsWith("/" + model) && event.step() == step)
        .count();
  }

  /** What counts does not change any more once every model was measured. */
  private static boolean isMeasured(Path home) throws IOException {
    Path measured = home.resolve("memory/measured.properties");
    return Files.exists(measured)
        && Files.readString(measured).lines().filter(line -> line.startsWith("world-")).count()
            == MODELS.size();
  }

  private static DeviceMemory memory(Sensorium host) {
    return host.service(MemoryLedger.class).report().devices().getFirst();
  }

  /** The runtime starts anew once its configuration is read, and its users with it. */
  private static void awaitBudget(Sensorium host, long budget) throws InterruptedException {
    OptionalLong wanted = OptionalLong.of(budget >> MEBI_SHIFT << MEBI_SHIFT);
    for (int i = 0; i < 600 && !hasBudget(host, wanted); i++) {
      TimeUnit.MILLISECONDS.sleep(100);
    }
    assertThat(memory(host).budgetBytes()).isEqualTo(wanted);
  }

  private static boolean hasBudget(Sensorium host, OptionalLong wanted) {
    try {
      return memory(host).budgetBytes().equals(wanted) && host.encoders() != null;
    } catch (ServiceGoneException e) {
      return false;
    }
  }

  private static void embedAll(Sensorium host, Path picture, Path sound) {
    host.embed(EncodeRequest.text("three small bells"));
    host.embed(EncodeRequest.of(Modality.IMAGE, MediaInput.read(picture, Long.MAX_VALUE)));
    host.embed(EncodeRequest.of(Modality.AUDIO, MediaInput.read(sound, Long.MAX_VALUE)));
  }

  /** A little more than the two largest take together. */
  private static long twoOfThree(Sensorium host) {
    List<Long> sizes =
        memory(host).holdings().stream()
            .filter(holding -> holding.state() != MemoryHolding.State.REPORTED)
            .map(holding -> holding.reserved().total())
            .sorted()
            .toList();
    assertThat(sizes).hasSize(MODELS.size());
    long budget = sizes.get(1) + sizes.get(2) + (2L << MEBI_SHIFT);
    assertThat(budget).isLessThan(sizes.stream().mapToLong(Long::longValue).sum());
    return budget;
  }

  private static void configure(Path home, String... lines) throws Exception {
    Path deploy = Files.createDirectories(home.resolve("deploy"));
    Files.write(deploy.resolve("io.sensorium.runtime.onnx.cfg"), List.of(lines));
  }

  @Test
  void theCommandShowsHoldersAndWhetherMoreFits() throws Exception {
    Path home = folder.resolve("home");
    Finished shown = ChildHost.command(home, "memory", "--json");
    assertThat(shown.exitCode()).as(shown.err()).isZero();
    JsonNode ledger = JSON.readTree(shown.out());
    JsonNode cpu = ledger.get("devices").get(0);
    assertThat(cpu.get("device").asText()).isEqualTo("cpu");
    assertThat(cpu.get("budgetBytes").asLong()).isGreaterThan(cpu.get("reservedBytes").asLong());
    assertThat(cpu.get("holders"))
        .extracting(holder -> holder.get("owner").asText().replaceAll(" .*", ""))
        .contains("world-image", "world-audio", "world-text", "index");
    JsonNode holder = cpu.get("holders").get(0);
    assertThat(holder.get("plannedBytes").asLong()).isPositive();
    assertThat(holder.get("kinds").get("weights").get("plannedBytes").asLong()).isPositive();
    assertThat(ledger.get("process").get("heapUsedBytes").asLong()).isPositive();
    assertThat(ledger.has("plan")).isFalse();

    Finished planned = ChildHost.command(home, "memory", "--plan", "world-image");
    assertThat(planned.exitCode()).as(planned.err()).isZero();
    assertThat(planned.out()).contains("plan     world-image: fits (blue-green)", "world-audio 1");
    Finished unknown = ChildHost.command(home, "memory", "--plan", "no-such-model");
    assertThat(unknown.exitCode()).isEqualTo(1);
    assertThat(unknown.err()).contains("no model 'no-such-model' is installed");
  }
}
