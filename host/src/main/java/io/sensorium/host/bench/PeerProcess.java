package io.sensorium.host.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Another implementation in a process of its own, measured in turn with this one: a line in for a
 * measurement, a line of JSON out. One thread at a time.
 */
final class PeerProcess implements AutoCloseable {
  private final ObjectMapper json = new ObjectMapper();
  private final List<String> command;
  private final Process process;
  private final PrintWriter in;
  private final BufferedReader out;
  private final JsonNode greeting;

  /**
   * Starts it and waits until it has loaded everything.
   *
   * @throws IOException if it does not start
   */
  PeerProcess(List<String> command) throws IOException {
    this.command = command;
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    in =
        new PrintWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8), true);
    out = process.inputReader(StandardCharsets.UTF_8);
    boolean greeted = false;
    try {
      greeting = answer();
      greeted = true;
    } finally {
      if (!greeted) {
        process.destroy();
      }
    }
  }

  /** What it said of itself, for instance the versions of its libraries. */
  JsonNode greeting() {
    return greeting;
  }

  JsonNode measure(String measurement) throws IOException {
    in.println(measurement);
    return answer();
  }

  private JsonNode answer() throws IOException {
    String line = out.readLine();
    if (line == null) {
      throw new IOException("the peer " + command + " ended without an answer");
    }
    return json.readTree(line);
  }

  @Override
  public void close() {
    in.close();
    process.destroy();
  }
}
