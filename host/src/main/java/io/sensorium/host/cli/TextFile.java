package io.sensorium.host.cli;

import io.sensorium.host.launch.Problems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A text that the command line names by its file. */
final class TextFile {
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private TextFile() {}

  /**
   * Reads it; pipes are read, too. A byte order mark at its begin is no part of the text.
   *
   * @param what it is, with its article, for messages
   * @throws IllegalArgumentException if there is no such file, or it is a folder, too long or not
   *     UTF-8
   */
  static String read(String what, Path file, long maximumBytes) {
    if (!Files.exists(file)) {
      throw new IllegalArgumentException("no such file: " + file.toAbsolutePath().normalize());
    }
    if (Files.isDirectory(file)) {
      throw new IllegalArgumentException("%s must be a file; %s is a folder".formatted(what, file));
    }
    try {
      long bytes = Files.size(file);
      if (bytes > maximumBytes) {
        throw new IllegalArgumentException(
            "%s may have %d bytes; %s has %d".formatted(what, maximumBytes, file, bytes));
      }
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
              .toString();
      return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("%s must be UTF-8; %s is not".formatted(what, file), e);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "%s cannot be read from %s: %s".formatted(what, file, Problems.line(e)), e);
    }
  }
}
