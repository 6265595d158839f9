package io.sensorium.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.sensorium.host.launch.FileTree;
import io.sensorium.models.world.PngFile;
import io.sensorium.models.world.SceneRenderer;
import io.sensorium.models.world.SceneSampler;
import io.sensorium.models.world.Seeds;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Makes checkpoints of published models' full size with random weights, imports each in a process
 * of its own and embeds a picture in another, and deletes them. Prints one JSON document.
 */
public final class FullSize {
  private static final int PICTURE_PIXELS = 320;

  private FullSize() {}

  /** Takes a folder with 6 GB of free space, and the commit to note. */
  public static void main(String... arguments) throws IOException, InterruptedException {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("benchmark", "import-full-size");
    report.put("when", Instant.now().toString());
    report.put("commit", arguments[1]);
    report.put("machine", machine());
    Map<String, Object> models = new LinkedHashMap<>();
    for (FullSizeModel model : FullSizeModel.values()) {
      models.put(
          model.name().toLowerCase(Locale.ROOT).replace('_', '-'),
          measure(model, Path.of(arguments[0])));
    }
    report.put("models", models);
    ObjectWriter json = new ObjectMapper().writerWithDefaultPrettyPrinter();
    System.out.println(json.writeValueAsString(report));
  }

  private static Map<String, Object> machine() throws IOException {
    Map<String, Object> machine = new LinkedHashMap<>();
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      machine.put(
          "processor",
          lines
              .filter(line -> line.startsWith("model name"))
              .map(line -> line.substring(line.indexOf(':') + 1).strip())
              .findFirst()
              .orElse(System.getProperty("os.arch")));
    }
    machine.put("cores", Runtime.getRuntime().availableProcessors());
    machine.put("java", System.getProperty("java.vm.version"));
    machine.put("load", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    return machine;
  }

  private static Map<String, Object> measure(FullSizeModel model, Path parent)
      throws IOException, InterruptedException {
    Path work = Files.createTempDirectory(parent, "full-size-");
    try {
      Path checkpoint = Files.createDirectory(work.resolve("checkpoint"));
      Path home = Files.createDirectory(work.resolve("home"));
      Path picture = work.resolve("picture.png");
      RandomGenerator random = Seeds.generator(1);
      PngFile.write(
          picture,
          new SceneRenderer().render(new SceneSampler(0.3).sample(random), random, PICTURE_PIXELS));
      Map<String, Object> figures = new LinkedHashMap<>();
      figures.put("parameters", model.write(checkpoint));
      figures.put("import", run("import", checkpoint, home));
      figures.put("embed", run("embed", picture, home));
      return figures;
    } finally {
      FileTree.delete(work);
    }
  }

  /** Runs {@link FullSizeRun} in a JVM like this one. */
  private static Object run(String phase, Path given, Path home)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), FullSizeRun.class.getName()));
    command.addAll(List.of(phase, given.toString(), home.toString()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("the measured process failed to %s %s".formatted(phase, given));
    }
    return new ObjectMapper().readTree(answer);
  }
}
