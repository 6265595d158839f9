package io.sensorium.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sensorium.it.ChildHost.Finished;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Benchmarks in their smallest sizes, as they are typed: that they answer, not what. Those whose
 * smallest size is a model of full size are left out.
 */
class BenchIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  @Test
  void searchTellsMachineAndFigures() throws Exception {
    JsonNode figures = bench("search", "--vectors", "1021");
    assertThat(figures.get("vectors").asInt()).isEqualTo(1021);
  }

  @Test
  void decodingIsMeasuredInThePrecisionAskedFor() throws Exception {
    JsonNode figures =
        bench("decode", "--sizes", "20m", "--precisions", "int4", "--tokens", "8", "--rounds", "1");
    assertThat(figures.get("models")).hasSize(1);
    assertThat(figures.get("models").get(0).get("model").asText()).isEqualTo("llama-20m-int4");
    assertThat(figures.get("models").get(0).get("tokensPerSecond").asDouble()).isPositive();
  }

  @Test
  void lowRankAdaptersAreMeasured() throws Exception {
    bench(
        "adapters",
        "--sizes",
        "20m",
        "--precisions",
        "int8",
        "--tokens",
        "8",
        "--rounds",
        "1",
        "--rank",
        "3");
  }

  @Test
  void plugInsComeAndGoAndKeepEveryPromise() throws Exception {
    JsonNode figures = bench("hotplug", "--trials", "probe", "--cycles", "1", "--load", "0.1");
    assertThat(figures.get("broken")).isEmpty();
    assertThat(figures.get("probe").get("cycles").asInt()).isEqualTo(1);
    assertThat(figures.get("probe").get("failedRequests").asInt()).isZero();
    assertThat(figures.get("probe").get("classLoadersRetained").asInt()).isZero();
  }

  private JsonNode bench(String name, String... options) throws Exception {
    List<String> line = new ArrayList<>(List.of("bench", name));
    line.addAll(Arrays.asList(options));
    line.add("--json");
    Finished finished = ChildHost.command(folder.resolve("home"), line.toArray(String[]::new));
    assertThat(finished.exitCode()).as(finished.err()).isZero();
    JsonNode figures = JSON.readTree(finished.out());
    System.out.println(figures);
    assertThat(figures.get("benchmark").asText()).isEqualTo(name);
    assertThat(figures.get("machine").toString()).isNotBlank();
    assertThat(figures.has("commit")).isTrue();
    return figures;
  }
}
