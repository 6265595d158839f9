package io.sensorium.examples.motion;

import io.sensorium.api.UnsupportedInputException;
import io.sensorium.api.media.MediaInput;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The lines of a file, one after the other; empty ones and comments are passed over. */
final class CsvLines {
  private static final int MAX_LINE_BYTES = 4_096;
  private static final int QUOTED_CHARACTERS = 60;

  private final String name;
  private final ByteBuffer bytes;
  private int number;
  private String text = "";

  CsvLines(MediaInput media) {
    name = media.name();
    bytes = media.bytes();
  }

  /** Goes to the next line that says something; false at the end. */
  boolean next() {
    while (bytes.hasRemaining()) {
      number++;
      text = line();
      if (!text.isBlank() && !text.startsWith("#")) {
        return true;
      }
    }
    return false;
  }

  private String line() {
    int from = bytes.position();
    int at = from;
    while (at < bytes.limit() && bytes.get(at) != '\n') {
      at++;
      if (at - from > MAX_LINE_BYTES) {
        throw wrong("a line has at most " + MAX_LINE_BYTES + " bytes");
      }
    }
    var content = new byte[at - from];
    bytes.get(content);
    if (bytes.hasRemaining()) {
      bytes.get();
    }
    String line = new String(content, StandardCharsets.UTF_8);
    return number == 1 && line.startsWith("\uFEFF") ? line.substring(1) : line;
  }

  /** The line, without its end. */
  String text() {
    return text;
  }

  /** A refusal that names the line. */
  UnsupportedInputException wrong(String reason) {
    return new UnsupportedInputException("%s (line %d of '%s')".formatted(reason, number, name));
  }

  /** Something out of the file, short and printable. */
  static String quoted(String text) {
    String printable = text.strip().replaceAll("\\p{Cntrl}", "?");
    return "'"
        + (printable.length() <= QUOTED_CHARACTERS
            ? printable
            : printable.substring(0, QUOTED_CHARACTERS) + "...")
        + "'";
  }
}
