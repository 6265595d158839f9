package io.sensorium.models.training;

import io.sensorium.models.world.Caption;
import io.sensorium.models.world.CaptionWriter;
import io.sensorium.models.world.Naming;
import io.sensorium.models.world.Scene;
import io.sensorium.models.world.SceneSampler;
import io.sensorium.models.world.Seeds;
import io.sensorium.models.world.Split;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;

/**
 * Captions of training scenes with their frozen sentence embeddings, embedded once and kept in a
 * file. Immutable after construction.
 */
final class CaptionPool {
  private static final int BATCH = 64;

  private final List<Caption> captions;
  private final float[] embeddings;
  private final int[] rows;

  private CaptionPool(List<Caption> captions, float[] embeddings, int[] rows) {
    this.captions = captions;
    this.embeddings = embeddings;
    this.rows = rows;
  }

  /**
   * Writes {@code size} captions and embeds them, or reads the embeddings back.
   *
   * @param file where embeddings are kept; read only if it was written for the same sentences
   */
  static CaptionPool create(int size, double twoKindShare, long seed, Path file) {
    var sampler = new SceneSampler(twoKindShare);
    var writer = new CaptionWriter(Naming.TRAINING);
    var captions = new ArrayList<Caption>(size);
    for (int i = 0; i < size; i++) {
      RandomGenerator random = Seeds.generator(seed, i);
      Scene scene = sampler.sample(Split.TRAIN, random);
      captions.add(writer.write(scene, random));
    }
    var distinct = new LinkedHashSet<String>();
    captions.forEach(caption -> distinct.add(caption.text()));
    List<String> sentences = new ArrayList<>(distinct);
    // Equal lengths side by side waste no padding; the sort is stable, hence reproducible.
    sentences.sort(Comparator.comparingInt(String::length));
    Map<String, Integer> rowOf = new HashMap<>();
    for (String sentence : sentences) {
      rowOf.put(sentence, rowOf.size());
    }
    int[] rows = captions.stream().mapToInt(caption -> rowOf.get(caption.text())).toArray();
    return new CaptionPool(captions, embeddings(sentences, file), rows);
  }

  private static float[] embeddings(List<String> sentences, Path file) {
    var checksum = new CRC32();
    sentences.forEach(text -> checksum.update((text + "\n").getBytes(StandardCharsets.UTF_8)));
    int floats = sentences.size() * MiniLmEncoder.WIDTH;
    try {
      if (Files.exists(file) && Files.size(file) == Long.BYTES + (long) floats * Float.BYTES) {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.getLong() == checksum.getValue()) {
          var values = new float[floats];
          bytes.asFloatBuffer().get(values);
          return values;
        }
      }
      float[] values = embed(sentences);
      ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + floats * Float.BYTES);
      bytes.order(ByteOrder.LITTLE_ENDIAN).putLong(checksum.getValue());
      bytes.asFloatBuffer().put(values);
      Files.write(file, bytes.array());
      return values;
    } catch (IOException e) {
      throw new UncheckedIOException("the caption cache %s failed".formatted(file), e);
    }
  }

  private static float[] embed(List<String> sentences) {
    var values = new float[sentences.size() * MiniLmEncoder.WIDTH];
    try (var encoder = new MiniLmEncoder()) {
      for (int at = 0; at < sentences.size(); at += BATCH) {
        float[] part =
            encoder.encode(sentences.subList(at, Math.min(at + BATCH, sentences.size())));
        System.arraycopy(part, 0, values, at * MiniLmEncoder.WIDTH, part.length);
      }
    }
    return values;
  }

  int size() {
    return captions.size();
  }

  Caption caption(int index) {
    return captions.get(index);
  }

  /** Copies a caption's embedding into row {@code row} of {@code target}. */
  void copyEmbedding(int index, float[] target, int row) {
    System.arraycopy(
        embeddings,
        rows[index] * MiniLmEncoder.WIDTH,
        target,
        row * MiniLmEncoder.WIDTH,
        MiniLmEncoder.WIDTH);
  }
}
