package io.sensorium.host.bench.hotplug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sensorium.host.bench.hotplug.ThreadFigures.Change;
import io.sensorium.host.bench.hotplug.Trend.Point;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FiguresTest {
  @Test
  void quantilesAreWithinTheWidthOfACell() {
    Latencies latencies = new Latencies();
    assertThat(latencies.millis(0.99)).isNaN();
    LongStream.rangeClosed(1, 10_000).forEach(micros -> latencies.record(micros * 1_000));
    assertThat(latencies.count()).isEqualTo(10_000);
    assertThat(latencies.millis(0.5)).isCloseTo(5, within(0.02));
    assertThat(latencies.millis(0.99)).isCloseTo(9.9, within(0.04));
    assertThat(latencies.millis(1)).isCloseTo(10, within(0.04));
  }

  @Test
  void everyTimeFallsIntoACellThatEndsAtOrAfterIt() {
    for (long nanos = 1; nanos < 1L << 40; nanos = nanos * 3 / 2 + 1) {
      Latencies latencies = new Latencies();
      latencies.record(nanos);
      assertThat(latencies.millis(1) * 1e6).isBetween((double) nanos, nanos * 1.004 + 1);
    }
  }

  @Test
  void aSlopeIsFoundWithItsInterval() {
    Random random = new Random(3);
    List<Point> points =
        IntStream.range(0, 101)
            .mapToObj(x -> new Point(x, 7 + 2 * x + random.nextGaussian()))
            .toList();
    Trend trend = Trend.of(points);
    assertThat(trend.slope()).isCloseTo(2, within(0.02));
    // sigma / sqrt(sum (x - mean)^2) = 1 / sqrt(85,850), times 1.98
    assertThat(trend.halfWidth()).isCloseTo(0.0068, within(0.002));
    assertThat(Trend.of(points.subList(0, 2)).halfWidth()).isInfinite();
  }

  @Test
  void onlyChangesThatNoOtherCameAfterMayBeTheLast() {
    List<Change> changes =
        List.of(new Change(0, 10, "2.0.0"), new Change(12, 20, "3.0.0"), new Change(15, 18, ""));
    assertThat(ThreadFigures.lastOf(changes)).containsExactlyInAnyOrder("3.0.0", "");
    assertThat(ThreadFigures.lastOf(List.of())).containsExactly("");
  }
}
