package io.sensorium.language.scheduling;

import io.sensorium.api.language.LanguageModel;

/** A model that is open, for the thread that opened it. */
public interface OpenedModel extends AutoCloseable {
  /** What runs; closed with this. */
  LanguageModel model();

  /** How many sequences it was opened for. */
  int sequences();

  @Override
  void close();
}
