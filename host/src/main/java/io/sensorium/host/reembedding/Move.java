package io.sensorium.host.reembedding;

import io.sensorium.api.Modality;
import io.sensorium.api.space.SpaceId;

/** Items of one modality on their way from one version of a space to another. */
record Move(SpaceId from, SpaceId to, Modality modality, long items) {
  ScoreSamples.SampleKey sampleKey() {
    return new ScoreSamples.SampleKey(from, to, modality);
  }

  @Override
  public String toString() {
    return "%s items from %s to %s".formatted(modality, from, to);
  }
}
