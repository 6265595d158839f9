package io.sensorium.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs Java in a process of its own, with the options that the script uses. */
final class ChildHost {
  private ChildHost() {}

  /** What a finished command left. */
  record Finished(int exitCode, String out, String err) {}

  /** A process that runs a main class. */
  static ProcessBuilder java(String mainClass, String... arguments) {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.add("--enable-native-access=ALL-UNNAMED");
    line.add("--add-modules=jdk.incubator.vector");
    line.add("-XX:+UseSerialGC");
    line.add("-XX:TieredStopAtLevel=1");
    line.add("-Djava.awt.headless=true");
    line.add("-cp");
    line.add(System.getProperty("java.class.path"));
    line.add(mainClass);
    line.addAll(List.of(arguments));
    return new ProcessBuilder(line);
  }

  /** Runs one command of the command line to its end. */
  static Finished command(Path home, String... arguments) throws IOException, InterruptedException {
    return command(Map.of(), home, arguments);
  }

  /** Runs one command with more variables in its environment. */
  static Finished command(Map<String, String> variables, Path home, String... arguments)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--home", home.toString()));
    Path out = Files.createTempFile("child", ".out");
    Path err = Files.createTempFile("child", ".err");
    ProcessBuilder child = java("io.sensorium.host.cli.Main", all.toArray(String[]::new));
    child.environment().putAll(variables);
    Process process = child.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    if (!process.waitFor(5, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new IOException("the command did not end: " + all);
    }
    Finished finished =
        new Finished(process.exitValue(), Files.readString(out), Files.readString(err));
    Files.delete(out);
    Files.delete(err);
    return finished;
  }
}
