package io.sensorium.language.template;

import java.util.ArrayList;
import java.util.List;

/** Cuts expressions into symbols. */
final class Lexer {
  private static final List<String> OPERATORS =
      List.of(
          "**", "//", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "~", "<", ">", "=", "(", ")",
          "[", "]", "{", "}", ",", ".", ":", "|");

  private final String text;
  private final List<Symbol> symbols = new ArrayList<>();
  private int place;

  private Lexer(String text) {
    this.text = text;
  }

  /** What a symbol is. */
  enum Kind {
    NAME,
    STRING,
    NUMBER,
    OPERATOR,
    END
  }

  /**
   * A symbol.
   *
   * @param text as written, of a string its content
   * @param value of a number
   */
  record Symbol(Kind kind, String text, Object value) {
    boolean isName(String name) {
      return kind == Kind.NAME && text.equals(name);
    }

    boolean isOperator(String operator) {
      return kind == Kind.OPERATOR && text.equals(operator);
    }
  }

  /** The symbols of an expression, the last of them the {@link Kind#END end}. */
  static List<Symbol> symbols(String text) {
    Lexer lexer = new Lexer(text);
    lexer.run();
    return lexer.symbols;
  }

  private void run() {
    while (place < text.length()) {
      char c = text.charAt(place);
      if (Character.isWhitespace(c)) {
        place++;
      } else if (c == '\'' || c == '"') {
        string(c);
      } else if (c >= '0' && c <= '9') {
        number();
      } else if (Character.isUnicodeIdentifierStart(c) || c == '_') {
        int begin = place;
        skipWhileName();
        add(Kind.NAME, text.substring(begin, place), null);
      } else {
        operator();
      }
    }
    add(Kind.END, "", null);
  }

  private void add(Kind kind, String written, Object value) {
    symbols.add(new Symbol(kind, written, value));
  }

  private void skipWhileName() {
    while (place < text.length() && isNamePart(text.charAt(place))) {
      place++;
    }
  }

  private static boolean isNamePart(char c) {
    return Character.isUnicodeIdentifierPart(c) && !Character.isIdentifierIgnorable(c);
  }

  private void operator() {
    for (String operator : OPERATORS) {
      if (text.startsWith(operator, place)) {
        place += operator.length();
        add(Kind.OPERATOR, operator, null);
        return;
      }
    }
    throw new TemplateException(
        "unexpected character '%s' at %d of '%s'".formatted(text.charAt(place), place, text));
  }

  private void number() {
    int begin = place;
    skipDigits();
    boolean decimal =
        place + 1 < text.length()
            && text.charAt(place) == '.'
            && Character.isDigit(text.charAt(place + 1));
    if (decimal) {
      place++;
      skipDigits();
    }
    String digits = text.substring(begin, place).replace("_", "");
    try {
      Object value = decimal ? (Object) Double.valueOf(digits) : (Object) Long.valueOf(digits);
      add(Kind.NUMBER, digits, value);
    } catch (NumberFormatException e) {
      throw new TemplateException("a number must fit into 64 bits; got " + digits);
    }
  }

  private void skipDigits() {
    while (place < text.length()
        && (Character.isDigit(text.charAt(place)) || text.charAt(place) == '_')) {
      place++;
    }
  }

  private void string(char quote) {
    StringBuilder content = new StringBuilder();
    for (place++; place < text.length() && text.charAt(place) != quote; ) {
      char c = text.charAt(place++);
      if (c == '\\' && place < text.length()) {
        escape(content);
      } else {
        content.append(c);
      }
    }
    if (place >= text.length()) {
      throw new TemplateException("a string must be closed; '%s' is not".formatted(text));
    }
    place++;
    add(Kind.STRING, content.toString(), null);
  }

  /** As in Python's strings; what escapes nothing stays as it is. */
  private void escape(StringBuilder content) {
    char c = text.charAt(place++);
    switch (c) {
      case 'n' -> content.append('\n');
      case 't' -> content.append('\t');
      case 'r' -> content.append('\r');
      case 'b' -> content.append('\b');
      case 'f' -> content.append('\f');
      case 'a' -> content.append('\u0007');
      case 'v' -> content.append('\u000b');
      case '0' -> content.append('\0');
      case '\\', '\'', '"' -> content.append(c);
      case 'x' -> codePoint(2, content);
      case 'u' -> codePoint(4, content);
      case 'U' -> codePoint(8, content);
      case '\n' -> {}
      default -> content.append('\\').append(c);
    }
  }

  private void codePoint(int digits, StringBuilder content) {
    try {
      content.appendCodePoint(Integer.parseInt(text, place, place + digits, 16));
      place += digits;
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new TemplateException("an escape must be of %d digits in '%s'".formatted(digits, text));
    }
  }
}
