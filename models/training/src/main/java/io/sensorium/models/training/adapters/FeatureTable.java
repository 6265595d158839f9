package io.sensorium.models.training.adapters;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.IntConsumer;

/**
 * Features of many media in a file of half-precision floats, mapped into memory. One thread at a
 * time; closing unmaps it.
 */
public final class FeatureTable implements FeatureSource, AutoCloseable {
  private static final ValueLayout.OfShort HALF =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final FeatureShape shape;
  private final int size;
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment values;

  /** Computes the features of some media, one after another. */
  @FunctionalInterface
  public interface Encoder {
    /** The features of the media numbered {@code from} to {@code to - 1}. */
    float[] encode(int from, int to);
  }

  private FeatureTable(Path file, FeatureShape shape) throws IOException {
    this.shape = shape;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      size = Math.toIntExact(channel.size() / bytes(shape));
      values = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    }
  }

  private static long bytes(FeatureShape shape) {
    return (long) shape.values() * Short.BYTES;
  }

  /**
   * The table of a file. Where the file has not the wanted length, it is computed first.
   *
   * @param chunk media that are encoded at once
   * @param progress told how many media are there
   */
  public static FeatureTable keptIn(
      Path file, FeatureShape shape, int size, int chunk, Encoder encoder, IntConsumer progress) {
    try {
      if (!Files.exists(file) || Files.size(file) != size * bytes(shape)) {
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        Files.createDirectories(file.toAbsolutePath().getParent());
        compute(partial, shape, size, chunk, encoder, progress);
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
      }
      return new FeatureTable(file, shape);
    } catch (IOException e) {
      throw new UncheckedIOException("could not keep features in " + file, e);
    }
  }

  private static void compute(
      Path file, FeatureShape shape, int size, int chunk, Encoder encoder, IntConsumer progress)
      throws IOException {
    try (Arena arena = Arena.ofConfined();
        FileChannel channel =
            FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
      MemorySegment target =
          channel.map(FileChannel.MapMode.READ_WRITE, 0, size * bytes(shape), arena);
      for (int from = 0; from < size; from += chunk) {
        int to = Math.min(size, from + chunk);
        float[] features = encoder.encode(from, to);
        long first = (long) from * shape.values();
        for (int at = 0; at < features.length; at++) {
          target.setAtIndex(HALF, first + at, Float.floatToFloat16(features[at]));
        }
        progress.accept(to);
      }
      target.force();
    }
  }

  /** How many media it holds. */
  public int size() {
    return size;
  }

  @Override
  public FeatureShape shape() {
    return shape;
  }

  @Override
  public void read(int medium, float[] target, int offset) {
    long first = (long) medium * shape.values();
    for (int at = 0; at < shape.values(); at++) {
      target[offset + at] = Float.float16ToFloat(values.getAtIndex(HALF, first + at));
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
