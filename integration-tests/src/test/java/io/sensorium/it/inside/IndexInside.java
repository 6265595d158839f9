package io.sensorium.it.inside;

import io.sensorium.api.index.MediaIndex;
import io.sensorium.testkit.MediaIndexContract;

/** The index of the packaged bundle. */
public class IndexInside extends MediaIndexContract {
  @Override
  protected MediaIndex index() {
    return Inside.service(MediaIndex.class);
  }
}
