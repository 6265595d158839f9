package io.sensorium.benchmarks.choosing;

import io.sensorium.api.RequestContext;
import io.sensorium.api.language.Extension;
import io.sensorium.api.language.LanguageModel;
import io.sensorium.api.language.Prediction;
import io.sensorium.api.language.Sequence;
import io.sensorium.api.model.ModelPackage;
import java.util.List;

/**
 * A model that is asked for its sizes alone.
 *
 * @param vocabularySize tokens that there are
 * @param contextLength tokens that a sequence may have
 */
record SizesAlone(int vocabularySize, int contextLength) implements LanguageModel {
  /** Remembers nothing. */
  private enum Nothing implements Sequence {
    NOTHING;

    @Override
    public int length() {
      return 0;
    }

    @Override
    public Sequence fork() {
      return this;
    }

    @Override
    public void become(Sequence other, int shared) {}

    @Override
    public boolean truncate(int length) {
      return true;
    }

    @Override
    public void close() {}
  }

  @Override
  public ModelPackage model() {
    throw new UnsupportedOperationException("there is no package");
  }

  @Override
  public int mediaWidth() {
    return 0;
  }

  @Override
  public int hiddenWidth() {
    return 0;
  }

  @Override
  public Sequence begin() {
    return Nothing.NOTHING;
  }

  @Override
  public List<Prediction> extend(List<Extension> extensions, RequestContext context) {
    throw new UnsupportedOperationException("nothing is run");
  }

  @Override
  public long exchangedBytes() {
    return 0;
  }

  @Override
  public void close() {}
}
