package io.sensorium.models.training;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Frozen embeddings of single sentences, remembered. One thread at a time. */
final class SentenceEncoder implements AutoCloseable {
  private final MiniLmEncoder encoder = new MiniLmEncoder();
  private final Map<String, float[]> known = new HashMap<>();

  /** Rows of {@link MiniLmEncoder#WIDTH}, one per sentence, back to back. */
  float[] encode(Collection<String> sentences) {
    var rows = new float[sentences.size() * MiniLmEncoder.WIDTH];
    int row = 0;
    for (String sentence : sentences) {
      float[] one = known.computeIfAbsent(sentence, text -> encoder.encode(List.of(text)));
      System.arraycopy(one, 0, rows, row++ * MiniLmEncoder.WIDTH, one.length);
    }
    return rows;
  }

  @Override
  public void close() {
    encoder.close();
  }
}
