package io.sensorium.models.hub;

import io.sensorium.api.StorageException;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Which hub, as whom, and where its cache is.
 *
 * @param endpoint the hub's address without a slash at its end, http or https
 * @param token who asks; sent to the endpoint's own host alone, and only over https or to this
 *     machine
 * @param cache the folder of {@code models--org--name} folders; need not exist yet
 * @param offline whether the cache alone may answer
 * @param proxies the way to the network
 * @param limits how much is read and written at most
 * @param patience how long the hub is waited for
 */
public record HubSettings(
    URI endpoint,
    Optional<AccessToken> token,
    Path cache,
    boolean offline,
    ProxySelector proxies,
    HubLimits limits,
    HubPatience patience) {
  private static final String DEFAULT_ENDPOINT = "https://huggingface.co";
  private static final Set<String> SCHEMES = Set.of("http", "https");
  private static final Set<String> TRUE = Set.of("1", "on", "yes", "true");
  private static final long MAX_TOKEN_BYTES = 8192;

  public HubSettings {
    Objects.requireNonNull(token, "token");
    Objects.requireNonNull(cache, "cache");
    Objects.requireNonNull(proxies, "proxies");
    Objects.requireNonNull(limits, "limits");
    Objects.requireNonNull(patience, "patience");
    if (endpoint.getHost() == null
        || endpoint.getUserInfo() != null
        || endpoint.getQuery() != null
        || !SCHEMES.contains(endpoint.getScheme())) {
      throw noAddress(endpoint.toString(), null);
    }
  }

  /**
   * What Hugging Face's own variables say: {@code HF_ENDPOINT}, {@code HF_TOKEN} or the file {@code
   * HF_TOKEN_PATH}, {@code HF_HUB_CACHE}, {@code HF_HOME}, {@code XDG_CACHE_HOME}, {@code
   * HF_HUB_OFFLINE} and {@code HF_HUB_DISABLE_IMPLICIT_TOKEN}; and the usual ones for proxies.
   *
   * @param environment the process's variables
   * @param home the user's home folder
   * @throws IllegalArgumentException if a variable makes no sense
   */
  public static HubSettings fromEnvironment(Map<String, String> environment, Path home) {
    Variables variables = new Variables(environment, home);
    Path hubHome =
        variables
            .path("HF_HOME")
            .orElseGet(
                () ->
                    variables
                        .path("XDG_CACHE_HOME")
                        .orElse(home.resolve(".cache"))
                        .resolve("huggingface"));
    String endpoint = variables.text("HF_ENDPOINT").orElse(DEFAULT_ENDPOINT);
    return new HubSettings(
        address(endpoint.replaceAll("/+$", "")),
        token(variables, hubHome),
        variables
            .path("HF_HUB_CACHE")
            .or(() -> variables.path("HUGGINGFACE_HUB_CACHE"))
            .orElse(hubHome.resolve("hub")),
        variables.flag("HF_HUB_OFFLINE") || variables.flag("TRANSFORMERS_OFFLINE"),
        new EnvironmentProxies(environment, ProxySelector.getDefault()),
        HubLimits.DEFAULT,
        HubPatience.DEFAULT);
  }

  /** Answers whether a token may go to the endpoint without being read on the way. */
  boolean isConfidential() {
    String host = endpoint.getHost();
    return endpoint.getScheme().equals("https")
        || host.equals("localhost")
        || host.equals("[::1]")
        || host.startsWith("127.");
  }

  private static URI address(String endpoint) {
    try {
      return new URI(endpoint);
    } catch (URISyntaxException e) {
      throw noAddress(endpoint, e);
    }
  }

  private static IllegalArgumentException noAddress(String endpoint, Exception cause) {
    return new IllegalArgumentException(
        "the hub's endpoint must be an http or https address without a password; got '%s'"
            .formatted(endpoint.replaceAll("//[^/@]*@", "//...@")),
        cause);
  }

  private static Optional<AccessToken> token(Variables variables, Path hubHome) {
    if (variables.flag("HF_HUB_DISABLE_IMPLICIT_TOKEN")) {
      return Optional.empty();
    }
    return variables
        .text("HF_TOKEN")
        .or(() -> variables.text("HUGGING_FACE_HUB_TOKEN"))
        .or(() -> written(variables.path("HF_TOKEN_PATH").orElse(hubHome.resolve("token"))))
        .map(AccessToken::new);
  }

  private static Optional<String> written(Path file) {
    try {
      return Files.size(file) > MAX_TOKEN_BYTES
          ? Optional.empty()
          : Optional.of(Files.readString(file).strip()).filter(token -> !token.isEmpty());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new StorageException("the hub's token cannot be read from %s".formatted(file), e);
    }
  }

  /** Variables of the environment; blank ones count as absent. */
  private record Variables(Map<String, String> values, Path home) {
    Optional<String> text(String name) {
      return Optional.ofNullable(values.get(name)).map(String::strip).filter(v -> !v.isEmpty());
    }

    Optional<Path> path(String name) {
      return text(name).map(this::expanded);
    }

    boolean flag(String name) {
      return text(name).filter(v -> TRUE.contains(v.toLowerCase(Locale.ROOT))).isPresent();
    }

    private Path expanded(String value) {
      boolean inHome = Arrays.asList("~", "~/").contains(value) || value.startsWith("~/");
      Path path = inHome ? home.resolve(value.replaceFirst("^~/*", "")) : Path.of(value);
      return path.toAbsolutePath().normalize();
    }
  }
}
