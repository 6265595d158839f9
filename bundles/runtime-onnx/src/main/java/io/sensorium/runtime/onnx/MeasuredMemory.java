package io.sensorium.runtime.onnx;

import io.sensorium.api.memory.MemoryAmounts;
import io.sensorium.api.memory.MemoryKind;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What sessions were measured to take, kept in the home for their next opening. A figure counts for
 * the plan that it corrected alone: a model whose plan changes is measured anew. Thread-safe.
 */
final class MeasuredMemory {
  private static final Logger LOG = LoggerFactory.getLogger(MeasuredMemory.class);
  private static final Pattern ENTRY =
      Pattern.compile("planned (\\d{1,18}) (\\d{1,18}) measured (\\d{1,18}) (\\d{1,18})");

  private final Optional<Path> file;
  private final Map<String, Entry> entries = new ConcurrentHashMap<>();

  private record Entry(MemoryAmounts planned, MemoryAmounts measured) {
    String line() {
      return "planned %d %d measured %d %d"
          .formatted(
              planned.of(MemoryKind.WEIGHTS),
              planned.of(MemoryKind.ACTIVATIONS),
              measured.of(MemoryKind.WEIGHTS),
              measured.of(MemoryKind.ACTIVATIONS));
    }

    static Optional<Entry> parse(String line) {
      Matcher matcher = ENTRY.matcher(line);
      return matcher.matches()
          ? Optional.of(
              new Entry(
                  amounts(matcher.group(1), matcher.group(2)),
                  amounts(matcher.group(3), matcher.group(4))))
          : Optional.empty();
    }

    private static MemoryAmounts amounts(String weights, String activations) {
      return new MemoryAmounts(
          Map.of(
              MemoryKind.WEIGHTS,
              Long.valueOf(weights),
              MemoryKind.ACTIVATIONS,
              Long.valueOf(activations)));
    }
  }

  /**
   * @param file where the figures are kept; empty for nowhere
   */
  MeasuredMemory(Optional<Path> file) {
    this.file = file;
    file.ifPresent(this::read);
  }

  /** What to count for a session that was planned so. */
  Optional<MemoryAmounts> of(String session, MemoryAmounts planned) {
    return Optional.ofNullable(entries.get(session))
        .filter(entry -> entry.planned().equals(planned))
        .map(Entry::measured);
  }

  /** Keeps what a session was measured to take. */
  void keep(String session, MemoryAmounts planned, MemoryAmounts measured) {
    Entry entry = new Entry(planned, measured);
    if (!entry.equals(entries.put(session, entry))) {
      file.ifPresent(this::write);
    }
  }

  private void read(Path from) {
    Properties lines = new Properties();
    try (BufferedReader reader = Files.newBufferedReader(from)) {
      lines.load(reader);
    } catch (NoSuchFileException e) {
      return;
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn("what models were measured to take cannot be read from {}: {}", from, e.toString());
      return;
    }
    lines
        .stringPropertyNames()
        .forEach(
            name ->
                Entry.parse(lines.getProperty(name)).ifPresent(entry -> entries.put(name, entry)));
  }

  private synchronized void write(Path to) {
    Properties lines = new Properties();
    entries.forEach((name, entry) -> lines.setProperty(name, entry.line()));
    try {
      Files.createDirectories(to.getParent());
      Path draft = Files.createTempFile(to.getParent(), "measured", ".tmp");
      try (BufferedWriter writer = Files.newBufferedWriter(draft)) {
        lines.store(writer, "bytes of weights and activations of sessions");
      }
      Files.move(draft, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOG.warn("what models were measured to take cannot be kept in {}: {}", to, e.toString());
    }
  }
}
