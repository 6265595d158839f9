package io.sensorium.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.media.MediaInput;
import io.sensorium.host.bench.hotplug.BadFigures;
import io.sensorium.host.bench.hotplug.CycleFigures;
import io.sensorium.host.bench.hotplug.CyclePlan;
import io.sensorium.host.bench.hotplug.HotPlugBenchmark;
import io.sensorium.host.bench.hotplug.KillFigures;
import io.sensorium.host.bench.hotplug.ThreadFigures;
import io.sensorium.host.bench.hotplug.TrialProgress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The quick forms of {@code bench hotplug}; its long ones are run by hand. */
@Timeout(600)
class HotPlugIT {
  @TempDir Path folder;

  private HotPlugBenchmark benchmark() {
    long seed = System.nanoTime();
    System.out.println("HotPlugIT: seed " + seed);
    return new HotPlugBenchmark(folder, seed, TrialProgress.NONE);
  }

  @Test
  void anEncoderComesChangesAndGoesWithoutALostOrMixedAnswer() throws IOException {
    CycleFigures figures = benchmark().cycleProbe(cycles(100, 10));
    System.out.println(figures.describe());
    assertThat(figures.broken()).isEmpty();
    assertThat(figures.requests()).isPositive();
    assertThat(figures.otherRequests()).isPositive();
  }

  @Test
  void theDefaultImageEncoderDoesSoToo() throws IOException {
    List<MediaInput> pictures = new ArrayList<>();
    for (Path picture : new WorldFiles(1, 0.3).pictures(folder.resolve("pictures"), 3).keySet()) {
      pictures.add(MediaInput.read(picture, Long.MAX_VALUE));
    }
    CycleFigures figures = benchmark().cycleImages(cycles(10, 5), pictures);
    System.out.println(figures.describe());
    assertThat(figures.broken()).isEmpty();
  }

  @Test
  void noBadPlugInReplacesOneThatWorks() throws IOException {
    BadFigures figures = benchmark().bringBad(3);
    System.out.println(figures.describe());
    assertThat(figures.broken()).isEmpty();
    assertThat(figures.outcomes()).hasSizeGreaterThanOrEqualTo(12);
  }

  @Test
  void manyThreadsChangeOneBundle() throws IOException {
    ThreadFigures figures = benchmark().changeByMany(32, 32);
    System.out.println(figures.describe());
    assertThat(figures.broken()).isEmpty();
  }

  /** At every step; -Dsensorium.hotplug.kills=N kills at N steps of each change at most. */
  @Test
  void aHostThatWasKilledInAChangeStartsWithTheVersionFromBeforeOrAfter() throws IOException {
    int most = Integer.getInteger("sensorium.hotplug.kills", Integer.MAX_VALUE);
    KillFigures figures = benchmark().kill(1, most);
    System.out.println(figures.describe());
    assertThat(figures.broken()).isEmpty();
  }

  private static CyclePlan cycles(int cycles, int perWindow) {
    return new CyclePlan(cycles, perWindow, 0.3, Duration.ZERO);
  }
}
