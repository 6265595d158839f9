package io.sensorium.host.demo;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What a language model was asked about media, each question by itself. Immutable.
 *
 * @param media what it was asked about, in the order in which it read them
 * @param answers at least one
 */
record DemoTalk(List<Sample> media, List<Answer> answers) {
  DemoTalk {
    media = List.copyOf(media);
    answers = List.copyOf(answers);
  }

  /** The media's modalities in words, for instance {@code image and audio}. */
  String senses() {
    return media.stream()
        .map(sample -> sample.modality().name())
        .collect(Collectors.joining(" and "));
  }

  /**
   * One question.
   *
   * @param said what the model answered, word for word
   * @param truth the only right answer
   */
  record Answer(String question, String said, String truth) {
    boolean right() {
      return said.equals(truth);
    }
  }
}
