package io.sensorium.models.training.adapters;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * Features of media files, each computed once and kept in a file named by the medium's SHA-256. One
 * thread at a time.
 */
public final class FeatureFolder {
  private static final int HEADER_INTS = 3;

  private final Path folder;
  private final Encoder encoder;

  /**
   * What an encoder says of one item.
   *
   * @param tokens token states, {@code count x width}
   * @param width of a token state
   * @param embedding of length 1
   */
  @SuppressWarnings("ArrayRecordComponent") // compared nowhere and copied for nobody
  public record Found(float[] tokens, int width, float[] embedding) {}

  /** Encodes a file. */
  @FunctionalInterface
  public interface Encoder {
    /** What the encoder finds in it. */
    Found encode(Path file);
  }

  /**
   * @param folder of one encoder in one version
   */
  public FeatureFolder(Path folder, Encoder encoder) {
    this.folder = folder;
    this.encoder = encoder;
  }

  /**
   * The features of some files, numbered in their order; those that are missing are computed.
   *
   * @param encoderType the architecture that gives them, which says what the tokens are
   * @param progress told how many files are there
   */
  public FeatureSource of(List<Path> media, String encoderType, IntConsumer progress) {
    var kept = new ArrayList<Path>();
    Map<Path, Path> known = new HashMap<>();
    try {
      Files.createDirectories(folder);
      for (Path medium : media) {
        Path file = known.get(medium);
        if (file == null) {
          file = folder.resolve(hash(medium) + ".features");
          if (!Files.exists(file)) {
            write(file, encoder.encode(medium));
          }
          known.put(medium, file);
        }
        kept.add(file);
        progress.accept(kept.size());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("features could not be kept in " + folder, e);
    }
    return new Kept(kept, shape(read(kept.getFirst()), encoderType));
  }

  /** Reads features when they are asked for. */
  private record Kept(List<Path> files, FeatureShape shape) implements FeatureSource {
    @Override
    public void read(int medium, float[] target, int offset) {
      Path file = files.get(medium);
      Found found = FeatureFolder.read(file);
      if (found.tokens().length + found.embedding().length != shape.values()) {
        throw new IllegalArgumentException(
            "all media must have as many features as the first, %d; %s has %d"
                .formatted(shape.values(), file, found.tokens().length + found.embedding().length));
      }
      System.arraycopy(found.tokens(), 0, target, offset, found.tokens().length);
      System.arraycopy(
          found.embedding(), 0, target, offset + found.tokens().length, found.embedding().length);
    }
  }

  /** Patches as a square where they are one; special tokens come first. */
  private static FeatureShape shape(Found found, String encoderType) {
    int tokens = found.tokens().length / found.width();
    int special = specialTokens(encoderType, tokens);
    int side = (int) Math.round(Math.sqrt(tokens - special));
    boolean square = side * side == tokens - special && !encoderType.contains("spectrogram");
    return new FeatureShape(
        tokens,
        special,
        square ? side : 1,
        square ? side : tokens - special,
        found.width(),
        found.embedding().length);
  }

  private static int specialTokens(String encoderType, int tokens) {
    if (encoderType.contains("spectrogram")) {
      return 2;
    }
    for (int special = 0; special <= 8 && special < tokens; special++) {
      int side = (int) Math.round(Math.sqrt(tokens - special));
      if (side * side == tokens - special) {
        return special;
      }
    }
    return 0;
  }

  private static String hash(Path file) throws IOException {
    try (InputStream stream = Files.newInputStream(file);
        var digested = new DigestInputStream(stream, MessageDigest.getInstance("SHA-256"))) {
      digested.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(digested.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static void write(Path file, Found found) throws IOException {
    int floats = found.tokens().length + found.embedding().length;
    ByteBuffer buffer =
        ByteBuffer.allocate((HEADER_INTS + floats) * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putInt(found.tokens().length).putInt(found.width()).putInt(found.embedding().length);
    buffer.asFloatBuffer().put(found.tokens()).put(found.embedding());
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    Files.write(partial, buffer.array());
    Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static Found read(Path file) {
    try {
      ByteBuffer buffer = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
      var tokens = new float[buffer.getInt()];
      int width = buffer.getInt();
      var embedding = new float[buffer.getInt()];
      buffer.asFloatBuffer().get(tokens).get(embedding);
      return new Found(tokens, width, embedding);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read features from " + file, e);
    }
  }
}
