package io.sensorium.models.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentProxiesTest {
  private static final URI HUB = URI.create("https://huggingface.co/api");
  private static final ProxySelector OTHERWISE =
      ProxySelector.of(InetSocketAddress.createUnresolved("of-the-jvm", 1));

  @Test
  void theSchemesOwnVariableComesFirst() {
    Map<String, String> environment =
        Map.of("https_proxy", "http://a:3128", "HTTP_PROXY", "b:81", "ALL_PROXY", "http://c");

    assertThat(selected(environment, HUB)).isEqualTo("a:3128");
    assertThat(selected(environment, URI.create("http://mirror/"))).isEqualTo("b:81");
    assertThat(selected(Map.of("ALL_PROXY", "http://c"), HUB)).isEqualTo("c:80");
  }

  @Test
  void withoutVariablesTheJvmsSettingsCount() {
    assertThat(selected(Map.of("https_proxy", " "), HUB)).isEqualTo("of-the-jvm:1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "huggingface.co | true",
        "a.b, .huggingface.co | true",
        "*.CO | true",
        "* | true",
        "face.co | false",
        "cdn.huggingface.co | false",
        ", | false"
      })
  void exceptionsAreReachedDirectly(String exceptions, boolean direct) {
    Map<String, String> environment =
        Map.of("https_proxy", "http://a:3128", "NO_PROXY", exceptions);

    assertThat(
            new EnvironmentProxies(environment, OTHERWISE)
                .select(HUB)
                .equals(List.of(Proxy.NO_PROXY)))
        .isEqualTo(direct);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://user:secret@a:1", "socks5://a:1", "http://", "a b"})
  void whatIsNoSimpleProxyIsRefusedWithoutRepeatingIt(String value) {
    assertThatThrownBy(() -> new EnvironmentProxies(Map.of("https_proxy", value), OTHERWISE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("https_proxy must be an http address without a password")
        .hasMessageNotContaining("secret");
  }

  private static String selected(Map<String, String> environment, URI address) {
    Proxy proxy = new EnvironmentProxies(environment, OTHERWISE).select(address).getFirst();
    InetSocketAddress where = (InetSocketAddress) proxy.address();
    return where.getHostString() + ":" + where.getPort();
  }
}
