package io.sensorium.models.training;

import io.sensorium.models.training.adapters.FeatureShape;
import io.sensorium.models.training.adapters.FeatureSource;
import io.sensorium.models.training.adapters.FeatureTable;

/** The media of one table, and after them those of another. */
record TwoTables(FeatureTable first, FeatureTable second) implements FeatureSource {
  @Override
  public FeatureShape shape() {
    return first.shape();
  }

  @Override
  public void read(int medium, float[] target, int offset) {
    if (medium < first.size()) {
      first.read(medium, target, offset);
    } else {
      second.read(medium - first.size(), target, offset);
    }
  }
}
