package io.sensorium.models.hub;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A hub with one repository on one address, and the storage that it redirects to for large files on
 * another. Answers honestly, except where a misbehaviour is queued.
 */
final class FakeHub implements AutoCloseable {
  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  static final String REPOSITORY = "org/model";

  /** What the repository was called before it was renamed. */
  static final String OLD_NAME = "org/formerly";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LARGE = 4096;

  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final Map<String, Map<String, Object>> listed = new LinkedHashMap<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer hub;
  private final HttpServer storage;

  /** Every request to the hub, and to the storage. */
  final List<Seen> hubRequests = new CopyOnWriteArrayList<>();

  final List<Seen> storageRequests = new CopyOnWriteArrayList<>();

  /** What the next requests get instead of an honest answer. */
  final Queue<Answerer> hubMisbehaviour = new ConcurrentLinkedQueue<>();

  final Queue<Answerer> storageMisbehaviour = new ConcurrentLinkedQueue<>();

  volatile String licence = "apache-2.0";
  volatile int pageSize = 1000;

  FakeHub() throws IOException {
    hub = server("localhost", this::answerAsHub);
    storage = server("127.0.0.1", this::answerAsStorage);
  }

  private HttpServer server(String host, com.sun.net.httpserver.HttpHandler handler)
      throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName(host), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", handler);
    server.start();
    return server;
  }

  /** A file as git or large-file storage keeps it, honestly listed. */
  FakeHub file(String path, byte[] content) {
    files.put(path, content);
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("type", "file");
    entry.put("path", path);
    entry.put("oid", gitSha1(content));
    entry.put("size", content.length);
    if (content.length >= LARGE) {
      entry.put("lfs", Map.of("oid", sha256(content), "size", content.length, "pointerSize", 134));
    }
    listed.put(path, entry);
    return this;
  }

  FakeHub file(String path, String content) {
    return file(path, content.getBytes(StandardCharsets.UTF_8));
  }

  /** What the hub's tree says of a file, to be changed by tests. */
  Map<String, Object> listed(String path) {
    return listed.computeIfAbsent(
        path, key -> new LinkedHashMap<>(Map.of("type", "file", "path", path, "size", 1)));
  }

  URI endpoint() {
    return URI.create("http://localhost:" + hub.getAddress().getPort());
  }

  @Override
  public void close() {
    hub.stop(0);
    storage.stop(0);
    threads.shutdownNow();
  }

  private void answerAsHub(HttpExchange exchange) throws IOException {
    hubRequests.add(Seen.of(exchange));
    Answerer misbehaviour = hubMisbehaviour.poll();
    if (misbehaviour != null) {
      misbehaviour.answer(exchange, new byte[0]);
      return;
    }
    String path = URLDecoder.decode(exchange.getRequestURI().getRawPath(), StandardCharsets.UTF_8);
    if (path.contains("/" + OLD_NAME + "/")) {
      exchange
          .getResponseHeaders()
          .add("Location", exchange.getRequestURI().toString().replace(OLD_NAME, REPOSITORY));
      exchange.sendResponseHeaders(307, -1);
      exchange.close();
    } else if (path.equals("/api/models/" + REPOSITORY + "/revision/main")
        || path.equals("/api/models/" + REPOSITORY + "/revision/" + COMMIT)) {
      json(exchange, Map.of("sha", COMMIT, "cardData", Map.of("license", licence)));
    } else if (path.equals("/api/models/" + REPOSITORY + "/tree/" + COMMIT)) {
      tree(exchange);
    } else if (path.startsWith("/" + REPOSITORY + "/resolve/" + COMMIT + "/")) {
      resolve(exchange, path.substring(("/" + REPOSITORY + "/resolve/" + COMMIT + "/").length()));
    } else if (path.startsWith("/api/models/" + REPOSITORY + "/")) {
      refuse(404, "RevisionNotFound").answer(exchange, new byte[0]);
    } else {
      refuse(404, "RepoNotFound").answer(exchange, new byte[0]);
    }
  }

  private void tree(HttpExchange exchange) throws IOException {
    List<Object> entries = new ArrayList<>();
    entries.add(Map.of("type", "directory", "path", "somewhere", "oid", "0", "size", 0));
    entries.addAll(listed.values());
    String query = exchange.getRequestURI().getQuery();
    int from = query.contains("cursor=") ? Integer.parseInt(query.replaceAll(".*cursor=", "")) : 0;
    int to = Math.min(from + pageSize, entries.size());
    if (to < entries.size()) {
      exchange
          .getResponseHeaders()
          .add(
              "Link",
              "<%s%s?recursive=true&cursor=%d>; rel=\"next\""
                  .formatted(endpoint(), exchange.getRequestURI().getPath(), to));
    }
    json(exchange, entries.subList(from, to));
  }

  private void resolve(HttpExchange exchange, String path) throws IOException {
    byte[] content = files.get(path);
    if (content == null) {
      refuse(404, "EntryNotFound").answer(exchange, new byte[0]);
      return;
    }
    exchange.getResponseHeaders().add("X-Repo-Commit", COMMIT);
    if (content.length < LARGE) {
      exchange.getResponseHeaders().add("ETag", '"' + gitSha1(content) + '"');
      honest().answer(exchange, content);
      return;
    }
    exchange.getResponseHeaders().add("X-Linked-ETag", '"' + sha256(content) + '"');
    exchange.getResponseHeaders().add("X-Linked-Size", Integer.toString(content.length));
    exchange
        .getResponseHeaders()
        .add(
            "Location",
            "http://127.0.0.1:%d/bytes/%s?signature=once"
                .formatted(storage.getAddress().getPort(), path));
    exchange.sendResponseHeaders(302, -1);
    exchange.close();
  }

  private void answerAsStorage(HttpExchange exchange) throws IOException {
    storageRequests.add(Seen.of(exchange));
    byte[] content = files.get(exchange.getRequestURI().getPath().substring("/bytes/".length()));
    exchange.getResponseHeaders().add("ETag", "\"storage-tag\"");
    Answerer misbehaviour = storageMisbehaviour.poll();
    (misbehaviour == null ? honest() : misbehaviour).answer(exchange, content);
  }

  private static void json(HttpExchange exchange, Object value) throws IOException {
    send(exchange, 200, JSON.writeValueAsBytes(value), Integer.MAX_VALUE);
  }

  /** Answers ranges as HTTP says. */
  static Answerer honest() {
    return (exchange, content) -> {
      String range = exchange.getRequestHeaders().getFirst("Range");
      if (range == null) {
        send(exchange, 200, content, Integer.MAX_VALUE);
        return;
      }
      int from = Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
      exchange
          .getResponseHeaders()
          .add(
              "Content-Range",
              "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
      send(exchange, 206, Arrays.copyOfRange(content, from, content.length), Integer.MAX_VALUE);
    };
  }

  /** Drops the connection after some bytes of what was asked for. */
  static Answerer dropAfter(int bytes) {
    return (exchange, content) -> {
      String range = exchange.getRequestHeaders().getFirst("Range");
      int from = range == null ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
      if (range != null) {
        exchange
            .getResponseHeaders()
            .add(
                "Content-Range",
                "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
      }
      byte[] rest = Arrays.copyOfRange(content, from, content.length);
      send(exchange, range == null ? 200 : 206, rest, bytes);
    };
  }

  /** Sends the whole file whatever range was asked for. */
  static Answerer ignoreRange() {
    return (exchange, content) -> send(exchange, 200, content, Integer.MAX_VALUE);
  }

  /** Answers with a status and the hub's code for it. */
  static Answerer refuse(int status, String code) {
    return (exchange, content) -> {
      exchange.getResponseHeaders().add("X-Error-Code", code);
      exchange.sendResponseHeaders(status, -1);
      exchange.close();
    };
  }

  /** Sends at most {@code most} bytes of a body that claims to be all of it. */
  static void send(HttpExchange exchange, int status, byte[] body, int most) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    try {
      OutputStream out = exchange.getResponseBody();
      out.write(body, 0, Math.min(body.length, most));
      out.flush();
    } finally {
      // Closing the body itself, when it is too short, would leave the connection open.
      exchange.close();
    }
  }

  static String sha256(byte[] content) {
    return hex("SHA-256", new byte[0], content);
  }

  static String gitSha1(byte[] content) {
    byte[] header = ("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII);
    return hex("SHA-1", header, content);
  }

  private static String hex(String algorithm, byte[] header, byte[] content) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      digest.update(header);
      return HexFormat.of().formatHex(digest.digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One way to answer. */
  @FunctionalInterface
  interface Answerer {
    void answer(HttpExchange exchange, byte[] content) throws IOException;
  }

  /** What a request said of itself. */
  record Seen(String path, String authorization, String range, String ifRange) {
    static Seen of(HttpExchange exchange) {
      return new Seen(
          exchange.getRequestURI().toString(),
          exchange.getRequestHeaders().getFirst("Authorization"),
          exchange.getRequestHeaders().getFirst("Range"),
          exchange.getRequestHeaders().getFirst("If-Range"));
    }
  }
}
