package io.sensorium.language.text;

import io.sensorium.language.decoding.StopCondition;
import java.util.List;

/**
 * The text of an answer as its tokens come: whole characters, no special tokens, nothing of the
 * prompt's end that was healed, nothing of a stop text. One thread at a time.
 */
public final class AnswerText {
  private final TextPieces pieces;
  private final StopTexts stops;

  /** Characters of the prompt that the answer repeats. */
  private int repeated;

  AnswerText(TextPieces pieces, int repeated, List<String> stops) {
    this(pieces, repeated, new StopTexts(stops));
  }

  private AnswerText(TextPieces pieces, int repeated, StopTexts stops) {
    this.pieces = pieces;
    this.repeated = repeated;
    this.stops = stops;
  }

  /** A text with the same tokens that goes its own way. */
  AnswerText fork() {
    return new AnswerText(pieces.fork(), repeated, stops.fork());
  }

  /** What ends a text with the same tokens where this one would be stopped. */
  public StopCondition stop() {
    return new AnswerStop(fork());
  }

  /**
   * Takes the next token.
   *
   * @return what has become certain, often nothing
   * @throws IllegalArgumentException if it is no id of the vocabulary
   */
  public String accept(int token) {
    return stops.accept(withoutRepeated(pieces.accept(token)));
  }

  /** Answers whether a stop text has come; what follows is dropped. */
  public boolean stopped() {
    return stops.stopped();
  }

  /** Ends the text and answers what was held back until now. */
  public String end() {
    return stops.accept(withoutRepeated(pieces.end())) + stops.end();
  }

  private String withoutRepeated(String piece) {
    int dropped = Math.min(repeated, piece.length());
    repeated -= dropped;
    return piece.substring(dropped);
  }
}
