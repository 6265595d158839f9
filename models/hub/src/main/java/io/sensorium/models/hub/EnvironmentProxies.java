package io.sensorium.models.hub;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Proxies as Unix programs find them: {@code https_proxy}, {@code http_proxy}, {@code all_proxy}
 * and {@code no_proxy}, in small letters before capitals. Where they say nothing, the JVM's own
 * settings count. Immutable.
 */
final class EnvironmentProxies extends ProxySelector {
  private static final List<Proxy> DIRECT = List.of(Proxy.NO_PROXY);

  private final UnaryOperator<String> variables;
  private final ProxySelector otherwise;

  /**
   * @param otherwise asked where the variables say nothing
   */
  EnvironmentProxies(Map<String, String> environment, ProxySelector otherwise) {
    Map<String, String> copy = Map.copyOf(environment);
    this.variables =
        name -> copy.getOrDefault(name, copy.getOrDefault(name.toUpperCase(Locale.ROOT), ""));
    this.otherwise = otherwise;
    Stream.of("https", "http", "all").forEach(this::proxy);
  }

  @Override
  public List<Proxy> select(URI address) {
    Optional<Proxy> proxy =
        proxy(address.getScheme().toLowerCase(Locale.ROOT)).or(() -> proxy("all"));
    if (proxy.isEmpty()) {
      return otherwise.select(address);
    }
    return isExcepted(address.getHost().toLowerCase(Locale.ROOT)) ? DIRECT : List.of(proxy.get());
  }

  @Override
  public void connectFailed(URI address, SocketAddress proxy, IOException failure) {
    // The request itself fails, and says so.
  }

  private Optional<Proxy> proxy(String scheme) {
    String name = scheme + "_proxy";
    String value = variables.apply(name).strip();
    if (value.isEmpty()) {
      return Optional.empty();
    }
    try {
      URI address = new URI(value.contains("://") ? value : "http://" + value);
      if (!"http".equals(address.getScheme())
          || address.getHost() == null
          || address.getUserInfo() != null) {
        throw refused(name, null);
      }
      int port = address.getPort() < 0 ? 80 : address.getPort();
      return Optional.of(
          new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(address.getHost(), port)));
    } catch (URISyntaxException e) {
      throw refused(name, e);
    }
  }

  /** The value may hold a password, so it is not repeated. */
  private static IllegalArgumentException refused(String name, Exception cause) {
    return new IllegalArgumentException(
        name + " must be an http address without a password: http://HOST:PORT", cause);
  }

  /** A name excepts itself and what ends in it after a dot. */
  private boolean isExcepted(String host) {
    return Arrays.stream(variables.apply("no_proxy").toLowerCase(Locale.ROOT).split(",", -1))
        .map(String::strip)
        .map(name -> name.replaceFirst("^\\*?\\.", ""))
        .filter(name -> !name.isEmpty())
        .anyMatch(name -> name.equals("*") || host.equals(name) || host.endsWith("." + name));
  }
}
