package io.sensorium.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A published checkpoint on its way from a hub, through the cache, into service. */
class HubImportIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path CHECKPOINT =
      Path.of("..", "models", "reference", "clip-legacy", "checkpoint");
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  private static final String RESOLVE = "/org/clip/resolve/" + COMMIT + "/";

  @TempDir Path folder;
  private final AtomicBoolean dropped = new AtomicBoolean();
  private HttpServer hub;

  @BeforeEach
  void startHub() throws IOException {
    hub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    hub.createContext("/", this::answer);
    hub.start();
  }

  @AfterEach
  void stopHub() {
    hub.stop(0);
  }

  @Test
  void aCheckpointComesFromTheHubAndAgainFromItsCache() throws Exception {
    ChildHost.Finished imported = command(Map.of(), "models", "import", "hf:org/clip", "--json");
    assertThat(imported.exitCode()).as(imported.err()).isZero();
    JsonNode model = JSON.readTree(imported.out());
    assertThat(model.get("id").asText()).isEqualTo("clip");
    assertThat(model.get("commit").asText()).isEqualTo(COMMIT);
    assertThat(imported.err()).contains("the terms of clip are not known");
    assertThat(dropped).as("a connection was dropped on the way").isTrue();

    ChildHost.Finished verified = command(Map.of(), "models", "verify", "clip", "--json");
    assertThat(JSON.readTree(verified.out()).get("passed").asBoolean()).isTrue();

    hub.stop(0);
    ChildHost.Finished again =
        command(Map.of("HF_HUB_OFFLINE", "1"), "models", "import", "hf:org/clip", "--to", "again");
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.err()).contains("taking commit " + COMMIT + " from the cache");
  }

  private ChildHost.Finished command(Map<String, String> variables, String... arguments)
      throws Exception {
    Map<String, String> all = new HashMap<>(variables);
    all.put("HF_ENDPOINT", "http://localhost:" + hub.getAddress().getPort());
    all.put("HF_HOME", folder.resolve("hf").toString());
    return ChildHost.command(all, folder.resolve("home"), arguments);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path.startsWith(RESOLVE)) {
      send(exchange, Files.readAllBytes(CHECKPOINT.resolve(path.substring(RESOLVE.length()))));
    } else if (path.contains("/tree/")) {
      send(exchange, JSON.writeValueAsBytes(tree()));
    } else {
      send(exchange, ("{\"sha\":\"" + COMMIT + "\"}").getBytes(StandardCharsets.UTF_8));
    }
  }

  private static List<Map<String, Object>> tree() throws IOException {
    try (Stream<Path> files = Files.list(CHECKPOINT)) {
      List<Map<String, Object>> entries = new ArrayList<>();
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        byte[] content = Files.readAllBytes(file);
        entries.add(
            Map.of(
                "type", "file",
                "path", file.getFileName().toString(),
                "oid", "0".repeat(40),
                "size", content.length,
                "lfs", Map.of("oid", sha256(content), "size", content.length)));
      }
      return entries;
    }
  }

  /** Answers ranges; drops the first answer that is long, half-way. */
  private void send(HttpExchange exchange, byte[] content) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
    if (range != null) {
      exchange
          .getResponseHeaders()
          .add(
              "Content-Range",
              "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
    }
    byte[] rest = Arrays.copyOfRange(content, from, content.length);
    boolean drop = rest.length > 400_000 && dropped.compareAndSet(false, true);
    exchange.sendResponseHeaders(range == null ? 200 : 206, rest.length);
    exchange.getResponseBody().write(rest, 0, drop ? rest.length / 2 : rest.length);
    exchange.getResponseBody().flush();
    exchange.close();
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
