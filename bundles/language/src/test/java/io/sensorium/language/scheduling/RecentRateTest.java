package io.sensorium.language.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RecentRateTest {
  @Test
  void aRateFadesWithTime() {
    long second = TimeUnit.SECONDS.toNanos(1);
    RecentRate rate = new RecentRate(-5);
    for (int tenth = 1; tenth <= 1_000; tenth++) {
      rate.add(3, tenth * second / 10 - 5);
    }
    assertThat(rate.perSecond(100 * second)).isBetween(29.0, 31.0);
    assertThat(rate.perSecond(110 * second)).isBetween(10.0, 12.0);
    assertThat(rate.perSecond(1_000 * second)).isLessThan(1e-6);
  }
}
