package io.sensorium.language.text;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

/**
 * Makes text of tokens as they come. A piece is told once no later token can change it: a character
 * whose bytes are spread over tokens waits for the last of them. All pieces together are what the
 * tokenizer's own decoder makes of all tokens without the special ones. One thread at a time.
 */
public final class TextPieces {
  private final TokenizerVocabulary vocabulary;
  private final Utf8Pieces utf8;

  /** A run of tokens that stand for a byte each; the reference reads it as a whole. */
  private final ByteArrayOutputStream run = new ByteArrayOutputStream();

  private boolean first;
  private int stripped;

  /**
   * @param goesOn whether other text is before it, so that it keeps the space before its first word
   */
  TextPieces(TokenizerVocabulary vocabulary, boolean goesOn) {
    this.vocabulary = vocabulary;
    this.utf8 = new Utf8Pieces();
    this.first = !goesOn;
    this.stripped = goesOn ? vocabulary.decoder().stripCount() : 0;
  }

  private TextPieces(TextPieces original) {
    this.vocabulary = original.vocabulary;
    this.utf8 = original.utf8.fork();
    this.run.writeBytes(original.run.toByteArray());
    this.first = original.first;
    this.stripped = original.stripped;
  }

  /** A text with the same tokens that goes its own way. */
  TextPieces fork() {
    return new TextPieces(this);
  }

  /**
   * Takes the next token.
   *
   * @return what has become certain, often nothing
   * @throws IllegalArgumentException if it is no id of the vocabulary
   */
  public String accept(int token) {
    if (token < 0 || token >= vocabulary.size()) {
      throw new IllegalArgumentException(
          "a token must be in 0..%d; got %d".formatted(vocabulary.size() - 1, token));
    }
    String name = vocabulary.isSpecial(token) ? "" : vocabulary.name(token);
    if (name.isEmpty()) {
      return "";
    }
    boolean isFirst = first;
    first = false;
    TokenDecoder decoder = vocabulary.decoder();
    if (decoder.isByteLevel()) {
      return withoutLeading(utf8.accept(vocabulary.bytes(token)));
    }
    OptionalInt fallback = decoder.fallbackByte(name);
    if (fallback.isPresent()) {
      run.write(fallback.getAsInt());
      return "";
    }
    return withoutLeading(endOfRun() + decoder.text(name, isFirst));
  }

  /** Ends the text: bytes that make no character become U+FFFD. */
  public String end() {
    return withoutLeading(endOfRun() + utf8.end());
  }

  /** As the reference has it: one wrong byte makes every byte of its run a U+FFFD. */
  private String endOfRun() {
    if (run.size() == 0) {
      return "";
    }
    ByteBuffer bytes = ByteBuffer.wrap(run.toByteArray());
    run.reset();
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      return "\ufffd".repeat(bytes.capacity());
    }
  }

  private String withoutLeading(String piece) {
    TokenDecoder decoder = vocabulary.decoder();
    String mark = decoder.stripped();
    String rest = piece;
    while (stripped < decoder.stripCount() && rest.startsWith(mark)) {
      rest = rest.substring(mark.length());
      stripped++;
    }
    if (!rest.isEmpty()) {
      stripped = decoder.stripCount();
    }
    return rest;
  }
}
