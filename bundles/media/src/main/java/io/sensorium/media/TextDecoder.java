package io.sensorium.media;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Decodes UTF-8, or UTF-16 with a byte order mark, strictly; control characters are binary. */
final class TextDecoder {
  private static final int SAMPLE_BYTES = 8192;

  private TextDecoder() {}

  static String decode(ByteBuffer bytes) throws MalformedMediaException {
    Charset charset = charset(bytes);
    CharBuffer text;
    try {
      text = strict(charset).decode(bytes.slice());
    } catch (CharacterCodingException e) {
      throw new MalformedMediaException(
          "the bytes are not %s: %s".formatted(charset, e.getMessage()));
    }
    int start = text.length() > 0 && text.charAt(0) == '\uFEFF' ? 1 : 0;
    for (int i = start; i < text.length(); i++) {
      if (isBinary(text.charAt(i))) {
        throw new MalformedMediaException(
            "control character 0x%02x at character %d".formatted((int) text.charAt(i), i));
      }
    }
    return text.subSequence(start, text.length()).toString();
  }

  /** Judges by the beginning, which may end within a character. */
  static boolean looksLikeText(ByteBuffer bytes) {
    if (!bytes.hasRemaining()) {
      return false;
    }
    int length = Math.min(bytes.remaining(), SAMPLE_BYTES);
    CharBuffer text = CharBuffer.allocate(length + 1);
    boolean whole = length == bytes.remaining();
    boolean valid = !strict(charset(bytes)).decode(bytes.slice(0, length), text, whole).isError();
    return valid && text.flip().chars().noneMatch(c -> isBinary((char) c));
  }

  private static CharsetDecoder strict(Charset charset) {
    return charset
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT);
  }

  private static Charset charset(ByteBuffer bytes) {
    if (bytes.remaining() >= 2) {
      int mark = ((bytes.get(0) & 0xFF) << 8) | (bytes.get(1) & 0xFF);
      if (mark == 0xFEFF) {
        return StandardCharsets.UTF_16BE;
      }
      if (mark == 0xFFFE) {
        return StandardCharsets.UTF_16LE;
      }
    }
    return StandardCharsets.UTF_8;
  }

  private static boolean isBinary(char c) {
    return c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f';
  }
}
