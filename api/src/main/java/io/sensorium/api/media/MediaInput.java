package io.sensorium.api.media;

import io.sensorium.api.UnsupportedInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * The bytes of one item and the name it goes by in messages. Immutable and thread-safe.
 *
 * @param name a file name or another short label; never used to open anything
 * @param bytes the content; each call answers a fresh read-only view from position 0
 */
public record MediaInput(String name, ByteBuffer bytes) {
  public MediaInput {
    Objects.requireNonNull(name, "name");
    bytes = bytes.asReadOnlyBuffer().slice();
  }

  @Override
  public ByteBuffer bytes() {
    return bytes.duplicate();
  }

  /** The number of bytes. */
  public int size() {
    return bytes.remaining();
  }

  /** Text as an item, in UTF-8. */
  public static MediaInput ofText(String text) {
    return new MediaInput("text", ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Reads a regular file whole, refusing before it reads when the file is too long.
   *
   * @param maximumBytes the limit, at most {@link Integer#MAX_VALUE} - 8
   * @throws UnsupportedInputException if the file is missing, unreadable, no regular file or longer
   */
  public static MediaInput read(Path file, long maximumBytes) {
    String name = file.getFileName() == null ? file.toString() : file.getFileName().toString();
    try {
      if (!Files.exists(file)) {
        throw new NoSuchFileException(file.toString());
      }
      if (!Files.isRegularFile(file)) {
        throw new UnsupportedInputException("a regular file is required; got " + file);
      }
      try (InputStream in = Files.newInputStream(file)) {
        int limit = (int) Math.min(maximumBytes, Integer.MAX_VALUE - 9L);
        byte[] content = Files.size(file) > limit ? null : in.readNBytes(limit + 1);
        if (content == null || content.length > limit) {
          throw new UnsupportedInputException(
              "a file of at most %d bytes is required; %s has %d"
                  .formatted(limit, file, Files.size(file)));
        }
        return new MediaInput(name, ByteBuffer.wrap(content));
      }
    } catch (NoSuchFileException e) {
      throw new UnsupportedInputException("no such file: " + file, e);
    } catch (AccessDeniedException e) {
      throw new UnsupportedInputException("no permission to read " + file, e);
    } catch (IOException e) {
      throw new UnsupportedInputException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
