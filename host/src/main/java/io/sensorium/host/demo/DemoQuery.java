package io.sensorium.host.demo;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One question of the demo and its answers.
 *
 * @param act the heading it stands under
 * @param words what was asked in words; may be empty
 * @param examples the files that were part of the question
 * @param hits the answers, best first
 * @param note what to look at
 */
record DemoQuery(String act, String words, List<Sample> examples, List<DemoHit> hits, String note) {

  /** Whether the best answer is what was asked for. */
  boolean firstIsRight() {
    return !hits.isEmpty() && hits.getFirst().right();
  }

  /** The question as one line, the truth about files in their place. */
  String asked() {
    String files =
        examples.stream()
            .map(sample -> sample.modality() + " of " + sample.truth())
            .collect(Collectors.joining(" "));
    if (words.isEmpty()) {
      return files;
    }
    return files.isEmpty() ? "\"" + words + "\"" : files + " " + words;
  }

  /**
   * One answer.
   *
   * @param sample the file found; empty for a label
   * @param label what to print: the truth of the file, or the label
   * @param score cosine or probability
   * @param right whether it is what was asked for
   */
  record DemoHit(Optional<Sample> sample, String label, double score, boolean right) {}
}
