package io.sensorium.models.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HubTransportTest {
  @ParameterizedTest
  @CsvSource({
    "https://hub/a/b, /c?d=e, https://hub/c?d=e",
    "https://hub/a/b, https://cdn/x, https://cdn/x",
    "http://hub/a, https://cdn/x, https://cdn/x",
    "http://hub/a, http://cdn/x, http://cdn/x",
    "https://hub/a, http://cdn/x, ",
    "https://hub/a, ftp://cdn/x, ",
    "https://hub/a, file:///etc/passwd, ",
    "https://hub/a, 'https://c d/', ",
    "https://hub/a, '', "
  })
  void linksStayOnTheWebAndDoNotGiveUpEncryption(String from, String link, String target) {
    assertThat(HubTransport.resolved(URI.create(from), link).map(URI::toString).orElse(null))
        .isEqualTo(target);
  }
}
