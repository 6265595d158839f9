package io.sensorium.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The Python process that a comparison asks in turn. Used by one thread. */
final class PillowPeer implements AutoCloseable {
  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter requests;
  private final String versions;

  /**
   * What was measured once.
   *
   * @param seconds of the processor's time per picture
   * @param sha256 of the resulting R G B bytes
   */
  record Answer(double seconds, String sha256) {}

  private PillowPeer(Process process) throws IOException {
    this.process = process;
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.requests = process.outputWriter(StandardCharsets.UTF_8);
    this.versions = readLine();
  }

  /**
   * Starts the script.
   *
   * @param python a Python that has Pillow
   */
  static PillowPeer start(String python, Path script) throws IOException {
    Process process =
        new ProcessBuilder(python, script.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      return new PillowPeer(process);
    } catch (IOException e) {
      process.destroy();
      throw e;
    }
  }

  String versions() {
    return versions;
  }

  /** Has a file decoded and resized several times. */
  Answer measure(int edge, int repeats, Path file) throws IOException {
    requests.write("%d %d %s%n".formatted(edge, repeats, file));
    requests.flush();
    String[] fields = readLine().split(" ", 2);
    return new Answer(Double.parseDouble(fields[0]), fields[1]);
  }

  private String readLine() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("the Python process has ended; is Pillow installed?");
    }
    return line;
  }

  @Override
  public void close() throws IOException {
    requests.close(); // the script ends with its input
    answers.close();
    process.destroy();
  }
}
