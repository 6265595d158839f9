package io.sensorium.models.hub;

import io.sensorium.api.RequestContext;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Flow;

/**
 * Asks the hub over HTTP and follows its redirects. Thread-safe.
 *
 * <p>Redirects are followed here and not by the JDK, because a token that the hub may see must not
 * travel on to wherever the hub keeps large files.
 */
final class HubTransport implements AutoCloseable {
  private static final int MAX_REDIRECTS = 8;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final Set<Integer> ANSWERS = Set.of(200, 206, 416);
  private static final Set<Integer> BUSY = Set.of(408, 425, 429, 500, 502, 503, 504);
  private static final List<String> FACTS =
      List.of("x-repo-commit", "x-linked-etag", "x-linked-size");

  private final HubSettings settings;
  private final HttpClient client;

  HubTransport(HubSettings settings) {
    this.settings = settings;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(settings.patience().answer())
            .proxy(settings.proxies())
            .build();
  }

  /**
   * Asks once.
   *
   * @param about whose failure it would be, for messages
   * @param headers sent to every host on the way
   * @throws HubException if the hub refuses for good
   * @throws IOException if another attempt may succeed
   */
  HubAnswer get(
      URI address, HubReference about, Map<String, String> headers, RequestContext context)
      throws IOException {
    Map<String, String> facts = new HashMap<>();
    URI next = address;
    for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
      context.check("asking " + next.getHost());
      HttpResponse<Flow.Publisher<List<ByteBuffer>>> response = send(next, headers);
      boolean fromHub = isHub(next);
      if (fromHub) {
        FACTS.forEach(
            name -> response.headers().firstValue(name).ifPresent(v -> facts.putIfAbsent(name, v)));
      }
      TimedBody body = new TimedBody(response.body(), settings.patience().idle(), context);
      if (ANSWERS.contains(response.statusCode())) {
        return new HubAnswer(
            response.statusCode(), next, response.headers(), Map.copyOf(facts), body);
      }
      body.close();
      if (!REDIRECTS.contains(response.statusCode())) {
        throw failure(response, about, fromHub);
      }
      next = redirected(next, response);
    }
    throw HubException.refused("%s redirects more than %d times".formatted(address, MAX_REDIRECTS));
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  private HttpResponse<Flow.Publisher<List<ByteBuffer>>> send(
      URI address, Map<String, String> headers) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .timeout(settings.patience().answer())
            .header("User-Agent", "sensorium; java/" + Runtime.version().feature())
            .header("Accept-Encoding", "identity");
    headers.forEach(request::header);
    if (isHub(address) && settings.isConfidential()) {
      settings.token().ifPresent(token -> request.header("Authorization", token.authorization()));
    }
    try {
      return client.send(request.GET().build(), BodyHandlers.ofPublisher());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while asking " + address.getHost(), e);
    }
  }

  /** Scheme, host and port together: another service of the same host is a stranger. */
  private boolean isHub(URI address) {
    URI endpoint = settings.endpoint();
    return endpoint.getScheme().equalsIgnoreCase(address.getScheme())
        && endpoint.getHost().equalsIgnoreCase(address.getHost())
        && port(endpoint) == port(address);
  }

  private static int port(URI address) {
    boolean secure = "https".equalsIgnoreCase(address.getScheme());
    return address.getPort() >= 0 ? address.getPort() : secure ? 443 : 80;
  }

  private static URI redirected(URI from, HttpResponse<?> response) {
    String location = response.headers().firstValue("location").orElse("");
    return resolved(from, location)
        .orElseThrow(
            () ->
                HubException.refused(
                    "%s redirects to '%s', which is no address to go to"
                        .formatted(from, location)));
  }

  /** Where a link leads; empty if that is not on the web, or gives up encryption. */
  static Optional<URI> resolved(URI from, String link) {
    try {
      URI target = from.resolve(link);
      boolean secure = "https".equalsIgnoreCase(target.getScheme());
      boolean plain =
          "http".equalsIgnoreCase(target.getScheme()) && "http".equalsIgnoreCase(from.getScheme());
      return link.isEmpty() || target.getHost() == null || !(secure || plain)
          ? Optional.empty()
          : Optional.of(target);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Answers what another attempt may cure; throws the rest. */
  private IOException failure(HttpResponse<?> response, HubReference about, boolean fromHub) {
    int status = response.statusCode();
    String said = response.headers().firstValue("x-error-message").orElse("");
    if (BUSY.contains(status)) {
      return new TransientFailure(
          "%s answered %d".formatted(response.uri().getHost(), status), pause(response));
    }
    if (!fromHub && (status == 403 || status == 404)) {
      // An address of a storage service is signed for a while; the hub will give another.
      return new TransientFailure(
          "the storage at %s answered %d".formatted(response.uri().getHost(), status));
    }
    throw HubException.refused(
        switch (response.headers().firstValue("x-error-code").orElse("")) {
          case "GatedRepo" -> gated(about);
          case "RevisionNotFound" ->
              "there is no revision '%s' of %s at %s"
                  .formatted(about.revision(), about.repository(), settings.endpoint());
          case "EntryNotFound" ->
              "%s lists a file that it does not have: %s".formatted(about, response.uri());
          default -> byStatus(status, about, said);
        });
  }

  private String byStatus(int status, HubReference about, String said) {
    String quoted = said.isEmpty() ? "" : " (it says: " + said.lines().findFirst().orElse("") + ")";
    return switch (status) {
      case 401 -> unauthorised(about) + quoted;
      case 403 ->
          "the hub does not let this token have %s%s; see %s/%s"
              .formatted(about.repository(), quoted, settings.endpoint(), about.repository());
      case 404 -> "there is no %s at %s%s".formatted(about, settings.endpoint(), quoted);
      default -> "%s answered %d for %s%s".formatted(settings.endpoint(), status, about, quoted);
    };
  }

  private String gated(HubReference about) {
    return "%s is gated: accept its terms at %s/%s, and set HF_TOKEN to your token%s"
        .formatted(about.repository(), settings.endpoint(), about.repository(), tokenNote());
  }

  /** The hub answers the same for what does not exist, lest private names be guessed. */
  private String unauthorised(HubReference about) {
    return settings.token().isPresent() && settings.isConfidential()
        ? "the hub refuses the token (HF_TOKEN or the token file), or there is no "
            + about.repository()
        : "there is no public model %s at %s; if it is private or gated, set HF_TOKEN%s"
            .formatted(about.repository(), settings.endpoint(), tokenNote());
  }

  private String tokenNote() {
    return settings.token().isPresent() && !settings.isConfidential()
        ? " (the token was not sent, because %s is not https)".formatted(settings.endpoint())
        : "";
  }

  private static Optional<Duration> pause(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("retry-after")
        .map(HubTransport::pause)
        .filter(Objects::nonNull);
  }

  private static Duration pause(String retryAfter) {
    String text = retryAfter.strip();
    if (text.matches("\\d{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(text));
    }
    try {
      Instant when = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration left = Duration.between(Instant.now(), when);
      return left.isNegative() ? Duration.ZERO : left;
    } catch (DateTimeException e) {
      return null;
    }
  }
}
