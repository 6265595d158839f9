package io.sensorium.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The application as it is shipped: one jar, in which the host's jar lies with its bundles. */
@Timeout(300)
class SearchApplicationIT {
  private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

  @TempDir private Path folder;

  @Test
  void searchesIsHealthyAndIsMeasuredOutOfItsOneJar() throws Exception {
    Path media = Files.createDirectory(folder.resolve("media"));
    Files.writeString(media.resolve("bells.txt"), "three red bells");
    Files.writeString(media.resolve("drum.txt"), "a large blue drum");
    Process application = start(media);
    try (HttpClient client = HttpClient.newHttpClient()) {
      int port = awaitReady(application);
      assertThat(get(client, port, "/search?text=a%20big%20drum%20in%20blue&top=1"))
          .contains("drum.txt", "\"modality\":\"text\"")
          .doesNotContain("bells.txt");
      assertThat(get(client, port, "/search?text=", 400)).contains("text must not be blank");
      assertThat(get(client, port, "/search?text=a&top=0", 400)).contains("top must be 1 to");
      assertThat(get(client, port, "/actuator/health"))
          .contains("\"sensorium\":", "\"ready\":3", "\"items\":2");
      assertThat(get(client, port, "/actuator/metrics/sensorium.index.items"))
          .contains("\"value\":2.0");
      assertThat(get(client, port, "/actuator/metrics/sensorium.encoder.requests"))
          .contains("world-text");
    } finally {
      application.destroy();
      assertThat(application.waitFor()).as("exit by SIGTERM").isEqualTo(143);
    }
  }

  private Process start(Path media) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    command.addAll(List.of("-jar", System.getProperty("application.jar")));
    command.addAll(
        List.of(
            "--server.port=0",
            "--sensorium.home=" + folder.resolve("home"),
            "--example.media=" + media));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /** Reads what the application says until it has indexed the folder; answers its port. */
  private static int awaitReady(Process application) throws IOException {
    StringBuilder said = new StringBuilder();
    BufferedReader output = application.inputReader();
    int port = -1;
    for (String line; (line = output.readLine()) != null; ) {
      said.append(line).append('\n');
      Matcher matcher = PORT.matcher(line);
      if (matcher.find()) {
        port = Integer.parseInt(matcher.group(1));
      }
      if (port > 0 && line.contains("2 files indexed")) {
        Thread.ofVirtual().start(() -> output.lines().forEach(more -> {}));
        return port;
      }
    }
    throw new AssertionError("the application ended:\n" + said);
  }

  private static String get(HttpClient client, int port, String path) throws Exception {
    return get(client, port, path, 200);
  }

  private static String get(HttpClient client, int port, String path, int status) throws Exception {
    URI address = URI.create("http://localhost:" + port + path);
    HttpResponse<String> answer =
        client.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return answer.body();
  }
}
