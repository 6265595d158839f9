package io.sensorium.language.schema;

import java.util.ArrayList;
import java.util.List;

/**
 * A regular expression of ECMA 262 as a tree, without what no finite automaton can do. Immutable.
 */
sealed interface Pattern {
  /** Most copies that one quantifier may ask for. */
  int MAX_REPEAT = 1_000;

  /** Groups within groups at most. */
  int MAX_DEPTH = 50;

  /** One character of a set. */
  record One(CodePoints points) implements Pattern {}

  /** The begin of the text. */
  record Begin() implements Pattern {}

  /** The end of the text. */
  record End() implements Pattern {}

  /** All of these, one after another. */
  record Sequence(List<Pattern> parts) implements Pattern {}

  /** Any of these. */
  record Either(List<Pattern> parts) implements Pattern {}

  /** So often; the maximum is -1 for any number. */
  record Repeat(Pattern part, int minimum, int maximum) implements Pattern {}

  /**
   * Reads a regular expression.
   *
   * @throws IllegalArgumentException if it is none, or has what is not supported
   */
  static Pattern parse(String text) {
    return new Parser(text.codePoints().toArray()).all();
  }

  /** Reads from left to right. One thread at a time. */
  final class Parser {
    private static final CodePoints DIGITS = CodePoints.range('0', '9');
    private static final CodePoints WORD =
        DIGITS.or(CodePoints.range('a', 'z')).or(CodePoints.range('A', 'Z')).or(CodePoints.of("_"));

    /** What every engine takes for white space. */
    private static final CodePoints SPACE = CodePoints.of(" \t\n\u000B\f\r");

    /** What any engine takes for white space. */
    private static final CodePoints WIDE_SPACE =
        SPACE
            .or(CodePoints.of("\u0085\u00A0\u1680\u2028\u2029\u202F\u205F\u3000\uFEFF"))
            .or(CodePoints.range(0x2000, 0x200A));

    private static final CodePoints LINE_ENDS = CodePoints.of("\n\r\u0085\u2028\u2029");

    private final int[] text;
    private int position;
    private int depth;

    Parser(int[] text) {
      this.text = text;
    }

    Pattern all() {
      Pattern pattern = either();
      if (position < text.length) {
        throw refused("has ')' without '('");
      }
      return pattern;
    }

    private IllegalArgumentException refused(String why) {
      return new IllegalArgumentException(
          "'%s' %s at character %d".formatted(shown(), why, Math.min(position, text.length)));
    }

    private String shown() {
      String whole = new String(text, 0, text.length);
      return whole.length() <= 80 ? whole : whole.substring(0, 80) + "...";
    }

    private boolean at(int point) {
      return position < text.length && text[position] == point;
    }

    private boolean take(int point) {
      if (at(point)) {
        position++;
        return true;
      }
      return false;
    }

    private Pattern either() {
      if (++depth > MAX_DEPTH) {
        throw refused("has groups more than %d deep".formatted(MAX_DEPTH));
      }
      List<Pattern> parts = new ArrayList<>(List.of(sequence()));
      while (take('|')) {
        parts.add(sequence());
      }
      depth--;
      return parts.size() == 1 ? parts.getFirst() : new Either(List.copyOf(parts));
    }

    private Pattern sequence() {
      List<Pattern> parts = new ArrayList<>();
      while (position < text.length && !at('|') && !at(')')) {
        parts.add(quantified());
      }
      return parts.size() == 1 ? parts.getFirst() : new Sequence(List.copyOf(parts));
    }

    private Pattern quantified() {
      Pattern atom = atom();
      int minimum;
      int maximum;
      if (take('*')) {
        minimum = 0;
        maximum = -1;
      } else if (take('+')) {
        minimum = 1;
        maximum = -1;
      } else if (take('?')) {
        minimum = 0;
        maximum = 1;
      } else if (take('{')) {
        minimum = number();
        maximum = minimum;
        if (take(',')) {
          maximum = at('}') ? -1 : number();
        }
        if (!take('}')) {
          throw refused("needs '}'");
        }
      } else {
        return atom;
      }
      // Whether it takes much or little does not change which texts there are.
      take('?');
      if (at('*') || at('+') || at('?') || at('{')) {
        throw refused("repeats a repetition");
      }
      if (atom instanceof Begin || atom instanceof End) {
        throw refused("repeats an anchor");
      }
      if (maximum >= 0 && maximum < minimum) {
        throw refused("has a repetition from %d to %d".formatted(minimum, maximum));
      }
      return new Repeat(atom, minimum, maximum);
    }

    private int number() {
      int start = position;
      int value = 0;
      while (position < text.length && text[position] >= '0' && text[position] <= '9') {
        value = value * 10 + text[position++] - '0';
        if (value > MAX_REPEAT) {
          throw refused("repeats more than %d times".formatted(MAX_REPEAT));
        }
      }
      if (position == start) {
        throw refused("needs a number");
      }
      return value;
    }

    private Pattern atom() {
      int point = text[position++];
      return switch (point) {
        case '(' -> group();
        case '[' -> new One(set());
        case '.' -> new One(LINE_ENDS.not());
        case '^' -> new Begin();
        case '$' -> new End();
        case '\\' -> new One(escape(false));
        case '*', '+', '?', '{', '}', ']' ->
            throw refused("has '%c' where a character is needed".formatted(point));
        default -> new One(single(point));
      };
    }

    private CodePoints single(int point) {
      if (Character.getType(point) == Character.SURROGATE) {
        throw refused("has half of a surrogate pair");
      }
      return CodePoints.range(point, point);
    }

    private Pattern group() {
      if (take('?')) {
        if (take('<')) {
          if (at('=') || at('!')) {
            throw refused("looks behind, which is not supported");
          }
          while (position < text.length && !at('>')) {
            position++;
          }
          position++;
        } else if (!take(':')) {
          throw refused("has a group of a kind that is not supported");
        }
      }
      Pattern inside = either();
      if (!take(')')) {
        throw refused("needs ')'");
      }
      return inside;
    }

    /** Sets in brackets; negated ones leave out whatever any engine might mean by an escape. */
    private CodePoints set() {
      boolean negated = take('^');
      List<CodePoints> parts = new ArrayList<>();
      while (!at(']')) {
        if (position >= text.length) {
          throw refused("needs ']'");
        }
        CodePoints first = take('\\') ? escape(negated) : single(text[position++]);
        if (at('-') && position + 1 < text.length && text[position + 1] != ']') {
          position++;
          CodePoints last = take('\\') ? escape(negated) : single(text[position++]);
          if (!isSingle(first) || !isSingle(last) || first.first(0) > last.first(0)) {
            throw refused("has a range that is none");
          }
          parts.add(CodePoints.range(first.first(0), last.first(0)));
        } else {
          parts.add(first);
        }
      }
      position++;
      CodePoints points = CodePoints.any(parts);
      CodePoints set = negated ? points.not() : points;
      if (set.isEmpty()) {
        throw refused("has an empty set");
      }
      return set;
    }

    private static boolean isSingle(CodePoints points) {
      return points.ranges() == 1 && points.first(0) == points.last(0);
    }

    private CodePoints escape(boolean wide) {
      if (position >= text.length) {
        throw refused("ends with a backslash");
      }
      int point = text[position++];
      return switch (point) {
        case 'd' -> DIGITS;
        case 'D' -> DIGITS.not();
        case 'w' -> WORD;
        case 'W' -> WORD.not();
        case 's' -> wide ? WIDE_SPACE : SPACE;
        case 'S' -> (wide ? SPACE : WIDE_SPACE).not();
        case 'n' -> CodePoints.of("\n");
        case 'r' -> CodePoints.of("\r");
        case 't' -> CodePoints.of("\t");
        case 'f' -> CodePoints.of("\f");
        case 'v' -> CodePoints.of("\u000B");
        case 'x' -> single(hex(2));
        case 'u' -> unicode();
        default -> {
          if (point < 0x80 && Character.isLetterOrDigit(point)) {
            position--;
            throw refused("has '\\%c', which is not supported,".formatted(point));
          }
          yield single(point);
        }
      };
    }

    private CodePoints unicode() {
      if (take('{')) {
        int start = position;
        while (position < text.length && !at('}')) {
          position++;
        }
        int digits = position - start;
        position = start;
        if (digits < 1 || digits > 6) {
          throw refused("needs 1 to 6 hexadecimal digits in braces");
        }
        int point = hex(digits);
        position++;
        if (point > Character.MAX_CODE_POINT) {
          throw refused("has a character beyond Unicode");
        }
        return single(point);
      }
      int unit = hex(4);
      if (unit < 0xD800 || unit > 0xDBFF || !take('\\') || !take('u')) {
        return single(unit);
      }
      int low = hex(4);
      return single(
          low >= 0xDC00 && low <= 0xDFFF ? Character.toCodePoint((char) unit, (char) low) : unit);
    }

    private int hex(int digits) {
      int value = 0;
      for (int digit = 0; digit < digits; digit++) {
        int next =
            position < text.length && text[position] < 0x80
                ? Character.digit(text[position], 16)
                : -1;
        if (next < 0) {
          throw refused("needs %d hexadecimal digits".formatted(digits));
        }
        value = value * 16 + next;
        position++;
      }
      return value;
    }
  }
}
