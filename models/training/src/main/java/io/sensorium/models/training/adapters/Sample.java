package io.sensorium.models.training.adapters;

import java.nio.file.Path;
import java.util.List;

/**
 * A question about media with its answer. Immutable.
 *
 * @param line where it stands in its file, from 1
 * @param media in the order in which the model shall see them, at least one
 */
public record Sample(int line, List<Path> media, String prompt, String answer) {
  public Sample {
    media = List.copyOf(media);
  }
}
