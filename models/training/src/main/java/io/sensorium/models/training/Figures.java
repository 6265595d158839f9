package io.sensorium.models.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;

/** What was measured of the trained towers, and on which machine. One thread at a time. */
final class Figures {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ObjectNode root;

  Figures() {
    this(JSON.createObjectNode());
  }

  private Figures(ObjectNode root) {
    this.root = root;
  }

  /** Figures that {@link #write} wrote. */
  static Figures read(Path file) {
    try {
      return new Figures((ObjectNode) JSON.readTree(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new UncheckedIOException("evaluate first: no figures at " + file, e);
    }
  }

  /** Notes how long a tower was trained. */
  void trained(String tower, int steps, int batch) {
    root.withObject("/trained/" + tower)
        .put("steps", steps)
        .put("batch", batch)
        .put("pairs", (long) steps * batch);
  }

  /** Notes the loss on held-out data. */
  void loss(String model, double loss) {
    root.withObject("/trained/" + model).put("heldOutLoss", Math.round(loss * 1e5) / 1e5);
  }

  /** Notes percentages of a tower, to a tenth. */
  void put(String tower, Map<String, Double> percentages) {
    ObjectNode node = root.withObject("/percent/" + tower);
    percentages.forEach((name, value) -> node.put(name, Math.round(value * 10) / 10.0));
  }

  /** Notes by which factor cosines become logits, as temperatures. */
  void calibrated(String tower, Map<String, Double> factors) {
    ObjectNode node = root.withObject("/temperatures/" + tower);
    factors.forEach((name, factor) -> node.put(name, Math.round(1e6 / factor) / 1e6));
  }

  /** Temperatures by task. */
  Map<String, Double> temperatures(String tower) {
    return values(root.path("temperatures").path(tower));
  }

  /** Percentages by name. */
  Map<String, Double> percentages(String tower) {
    return values(root.path("percent").path(tower));
  }

  /** Pairs that a tower was trained on. */
  long pairs(String tower) {
    return root.path("trained").path(tower).path("pairs").asLong();
  }

  private static Map<String, Double> values(JsonNode node) {
    var values = new TreeMap<String, Double>();
    node.properties().forEach(entry -> values.put(entry.getKey(), entry.getValue().asDouble()));
    return values;
  }

  /** Everything, with one tower's figures only. */
  ObjectNode of(String tower) {
    ObjectNode one = root.deepCopy();
    for (String part : new String[] {"percent", "temperatures", "trained"}) {
      if (one.path(part) instanceof ObjectNode node) {
        node.retain(tower);
      }
    }
    return one;
  }

  /** Writes everything with the machine, the day and the commit. */
  void write(Path file, String commit) {
    root.put("commit", commit);
    root.put("measured", LocalDate.now(ZoneOffset.UTC).toString());
    root.putObject("machine")
        .put("processor", processor())
        .put("cores", Runtime.getRuntime().availableProcessors())
        .put("threads", 1)
        .put("java", System.getProperty("java.vm.version"))
        .put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    try {
      Files.writeString(file, root.toPrettyString() + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + file, e);
    }
  }

  private static String processor() {
    Path file = Path.of("/proc/cpuinfo");
    try (var lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException e) {
      return "unknown";
    }
  }

  void print(PrintStream out) {
    out.println(root.toPrettyString());
  }
}
