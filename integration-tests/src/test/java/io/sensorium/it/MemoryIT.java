package io.sensorium.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sensorium.it.ChildHost.Finished;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the ledger of a whole host shows. */
class MemoryIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

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
