package io.sensorium.encoder.audio;

import io.sensorium.api.media.AudioClip;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;

/** What a feature extractor makes of clips. Thread-safe. */
interface AudioFeatures {
  /** The shape of every result, for one clip. */
  Shape shape();

  /**
   * The features of a clip.
   *
   * @param clip borrowed, with at least one sample
   * @return float32, owned by the caller
   */
  Tensor of(AudioClip clip);
}
