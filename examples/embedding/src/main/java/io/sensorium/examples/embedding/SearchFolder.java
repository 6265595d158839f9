package io.sensorium.examples.embedding;

import io.sensorium.api.index.Hit;
import io.sensorium.host.api.IndexProgress;
import io.sensorium.host.api.SearchRequest;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.api.SensoriumOptions;
import java.nio.file.Path;
import java.util.List;

/** Indexes a folder of pictures, sounds and texts, and finds what is nearest to a sentence. */
public final class SearchFolder {
  private SearchFolder() {}

  /**
   * Prints the best hits, one a line.
   *
   * @param arguments the host's home, the folder, the sentence
   */
  public static void main(String[] arguments) {
    if (arguments.length != 3) {
      throw new IllegalArgumentException("three arguments are required: HOME FOLDER SENTENCE");
    }
    Path home = Path.of(arguments[0]);
    Path folder = Path.of(arguments[1]);
    try (Sensorium sensorium = Sensorium.start(SensoriumOptions.at(home))) {
      sensorium.index(List.of(folder), IndexProgress.NONE);
      for (Hit hit : sensorium.search(SearchRequest.text(arguments[2]).top(3))) {
        System.out.printf("%d %.3f %s%n", hit.rank(), hit.score(), hit.entry().path());
      }
    }
  }
}
