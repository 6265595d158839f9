package io.sensorium.host.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class ProblemsTest {
  @Test
  void whatIsNoJsonIsToldWithLineAndColumnAndWhatWasExpected() {
    var json = new ObjectMapper();
    Throwable failure = catchThrowable(() -> json.readTree("{\"a\": 1,\n \"b\" 2}"));
    assertThat(Problems.line(failure))
        .contains("was expecting a colon", "(line 2, column 6)")
        .doesNotContain("Source", "REDACTED");
    Throwable wrapped = new IllegalStateException("/a.json: " + failure.getMessage(), failure);
    assertThat(Problems.line(wrapped)).endsWith("(line 2, column 6)").doesNotContain("REDACTED");
  }
}
