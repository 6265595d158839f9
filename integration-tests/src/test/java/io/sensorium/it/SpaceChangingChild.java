package io.sensorium.it;

import io.sensorium.api.model.ModelRepository.InstallPolicy;
import io.sensorium.host.api.ReembeddingOptions;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.api.SensoriumOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A process that installs the next version of every package while it answers queries. */
final class SpaceChangingChild {
  private static final double SHARE = 0.05;

  private SpaceChangingChild() {}

  /** Takes the home, the folder of files and the folders of the packages; says how far it is. */
  public static void main(String[] arguments) throws Exception {
    StandingQueries queries = new StandingQueries(Path.of(arguments[1]));
    SensoriumOptions options =
        SensoriumOptions.at(Path.of(arguments[0]))
            .reembedding(ReembeddingOptions.DEFAULT.onShare(SHARE));
    try (Sensorium sensorium = Sensorium.start(options)) {
      List<List<StandingQueries.Found>> before = queries.answers(sensorium);
      try (StandingQueries.Watch watch = queries.new Watch(sensorium, before)) {
        for (int i = 2; i < arguments.length; i++) {
          sensorium.models().install(Path.of(arguments[i]), InstallPolicy.DEFAULT);
        }
        while (true) {
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
          watch.failures.forEach(failure -> System.out.println("failure " + failure));
          System.out.println(
              "moved " + sensorium.reembedding().status().moved() + " asked " + watch.asked);
        }
      }
    }
  }
}
