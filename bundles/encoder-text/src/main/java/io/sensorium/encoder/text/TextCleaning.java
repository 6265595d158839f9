package io.sensorium.encoder.text;

import io.sensorium.api.model.Settings;
import java.util.Locale;

/**
 * What a checkpoint does to text before its tokenizer sees it. Immutable.
 *
 * @param lowerCase whether every character is put into lower case by itself, as the reference's
 *     Lowercase normaliser does; {@code do_lower_case} in the settings
 * @param canonical whether the text is put into lower case as a whole, loses ASCII punctuation and
 *     has single spaces, as SigLIP wants it; {@code canonicalize_text} in the settings
 */
record TextCleaning(boolean lowerCase, boolean canonical) {
  private static final String ASCII_PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
  private static final int CAPITAL_SIGMA = '\u03a3';
  private static final char FINAL_SIGMA = '\u03c2';

  /** Unicode's Word_Break MidLetter, MidNumLet and Single_Quote. */
  private static final String MIDDLE_OF_WORDS =
      "':.\u00b7\u0387\u055f\u05f4\u2018\u2019\u2024\u2027\ufe13\ufe52\ufe55\uff07\uff0e\uff1a";

  static TextCleaning of(Settings preprocessing) {
    return new TextCleaning(
        preprocessing.flag("do_lower_case", false), preprocessing.flag("canonicalize_text", false));
  }

  String clean(String text) {
    String whole = withoutLoneSurrogates(text);
    if (canonical) {
      return canonical(lowerCase(whole, true));
    }
    return lowerCase ? lowerCase(whole, false) : whole;
  }

  /** They are no characters; each becomes U+FFFD, as where bytes are decoded. */
  private static String withoutLoneSurrogates(String text) {
    if (text.codePoints().noneMatch(TextCleaning::isSurrogate)) {
      return text;
    }
    StringBuilder result = new StringBuilder(text.length());
    text.codePoints().forEach(point -> result.appendCodePoint(isSurrogate(point) ? 0xFFFD : point));
    return result.toString();
  }

  private static boolean isSurrogate(int point) {
    return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
  }

  /**
   * Every character in lower case.
   *
   * @param finalSigma whether a sigma at a word's end becomes the final one, by Unicode's rule
   *     rather than by the JDK's, which asks a word iterator
   */
  private static String lowerCase(String text, boolean finalSigma) {
    int[] points = text.codePoints().toArray();
    StringBuilder result = new StringBuilder(text.length());
    for (int i = 0; i < points.length; i++) {
      if (finalSigma && points[i] == CAPITAL_SIGMA && endsWord(points, i)) {
        result.append(FINAL_SIGMA);
      } else {
        result.append(Character.toString(points[i]).toLowerCase(Locale.ROOT));
      }
    }
    return result.toString();
  }

  private static boolean endsWord(int[] points, int place) {
    int before = place - 1;
    while (before >= 0 && isCaseIgnorable(points[before])) {
      before--;
    }
    int after = place + 1;
    while (after < points.length && isCaseIgnorable(points[after])) {
      after++;
    }
    return before >= 0
        && isCased(points[before])
        && (after == points.length || !isCased(points[after]));
  }

  private static boolean isCased(int point) {
    return Character.isLowerCase(point)
        || Character.isUpperCase(point)
        || Character.isTitleCase(point);
  }

  /** Unicode's Case_Ignorable. */
  private static boolean isCaseIgnorable(int point) {
    return switch (Character.getType(point)) {
      case Character.NON_SPACING_MARK,
          Character.ENCLOSING_MARK,
          Character.FORMAT,
          Character.MODIFIER_LETTER,
          Character.MODIFIER_SYMBOL ->
          true;
      default -> MIDDLE_OF_WORDS.indexOf(point) >= 0;
    };
  }

  private static String canonical(String text) {
    StringBuilder result = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean space = isSpace(c);
      boolean doubled = result.isEmpty() || result.charAt(result.length() - 1) == ' ';
      if (space && !doubled) {
        result.append(' ');
      } else if (!space && ASCII_PUNCTUATION.indexOf(c) < 0) {
        result.append(c);
      }
    }
    return result.toString().stripTrailing();
  }

  /** What Python's regular expressions and {@code strip} take for white space. */
  private static boolean isSpace(char c) {
    return Character.isWhitespace(c)
        || c == '\u0085'
        || c == '\u00a0'
        || c == '\u2007'
        || c == '\u202f';
  }
}
