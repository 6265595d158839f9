package io.sensorium.language.template;

/**
 * Applies Jinja2's rules of white space ({@code jinja2/lexer.py}, with {@code trim_blocks} and
 * {@code lstrip_blocks}) to a template's text, and leaves out comments, so that the library has
 * nothing to trim. One template's; one thread at a time.
 */
final class TemplateSource {
  private static final String END_RAW = "endraw";

  private final String source;
  private final StringBuilder result = new StringBuilder();
  private int place;
  private boolean lineStarts = true;

  private TemplateSource(String source) {
    String text = source.replace("\r\n", "\n").replace('\r', '\n');
    this.source = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
  }

  /** The same template without white space that is not written. */
  static String trimmed(String source) {
    TemplateSource template = new TemplateSource(source);
    while (template.place < template.source.length()) {
      template.next();
    }
    return template.result.toString();
  }

  /** Takes text up to the next statement, output or comment, and that. */
  private void next() {
    int begin = begin(place);
    if (begin == source.length()) {
      text(source.substring(place));
      place = begin;
      return;
    }
    char kind = source.charAt(begin + 1);
    text(textBefore(begin, kind));
    place = begin + 2;
    if (place < source.length() && isSign(source.charAt(place))) {
      place++;
    }
    if (kind == '#') {
      int end = source.indexOf("#}", place);
      requireEnd(end);
      place = end;
      close(source.charAt(end - 1), true);
    } else {
      code(kind);
    }
  }

  private int begin(int from) {
    for (int i = from; i + 1 < source.length(); i++) {
      if (source.charAt(i) == '{' && "{%#".indexOf(source.charAt(i + 1)) >= 0) {
        return i;
      }
    }
    return source.length();
  }

  private static boolean isSign(char c) {
    return c == '-' || c == '+';
  }

  /** What stays of the text before a statement, output or comment that begins at a place. */
  private String textBefore(int begin, char kind) {
    String text = source.substring(place, begin);
    char sign = begin + 2 < source.length() ? source.charAt(begin + 2) : ' ';
    if (sign == '-') {
      return Methods.strip(text, null, false, true);
    }
    int line = text.lastIndexOf('\n') + 1;
    boolean indents =
        sign != '+'
            && kind != '{'
            && (line > 0 || lineStarts)
            && Methods.strip(text.substring(line), null, true, false).isEmpty();
    return indents ? text.substring(0, line) : text;
  }

  /** Writes text so that it forms no statement with what comes next. */
  private void text(String text) {
    if (text.endsWith("{")) {
      result.append(text, 0, text.length() - 1).append("{{ '{' }}");
    } else {
      result.append(text);
    }
  }

  private void code(char kind) {
    String end = kind == '%' ? "%}" : "}}";
    int begin = place;
    StringBuilder code = new StringBuilder();
    int depth = 0;
    while (depth > 0 || !source.startsWith(end, place)) {
      requireEnd(place < source.length() ? place : -1);
      char c = source.charAt(place);
      if (c == '\'' || c == '"') {
        int close = closingQuote(place);
        code.append(source, place, close + 1);
        place = close + 1;
        continue;
      }
      depth += "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0;
      // Two braces in a row would end or begin an output for the library.
      code.append(c).append(c == '{' || c == '}' ? " " : "");
      place++;
    }
    boolean signed = place > begin && isSign(source.charAt(place - 1));
    String inner = (signed ? code.substring(0, code.length() - 1) : code.toString()).strip();
    if (kind == '%' && inner.equals("raw")) {
      raw(signed && source.charAt(place - 1) == '-');
      return;
    }
    result.append('{').append(kind).append(' ').append(inner).append(' ').append(end);
    close(signed ? source.charAt(place - 1) : ' ', kind == '%');
  }

  private int closingQuote(int open) {
    int close = open + 1;
    while (close < source.length() && source.charAt(close) != source.charAt(open)) {
      close += source.charAt(close) == '\\' ? 2 : 1;
    }
    requireEnd(close < source.length() ? close : -1);
    return close;
  }

  /** Goes behind what ends here, and behind the white space that goes with it. */
  private void close(char sign, boolean endsLine) {
    place += 2;
    if (sign == '-') {
      skipSpace();
    } else if (sign != '+' && endsLine && source.startsWith("\n", place)) {
      place++;
    }
    lineStarts = source.charAt(place - 1) == '\n';
  }

  private void skipSpace() {
    while (place < source.length() && Methods.isSpace(source.charAt(place))) {
      place++;
    }
  }

  /** Writes the text up to {@code endraw} as a string. */
  private void raw(boolean trims) {
    place += 2;
    if (trims) {
      skipSpace();
    }
    lineStarts = source.charAt(place - 1) == '\n';
    int begin = source.indexOf("{%", place);
    while (begin >= 0 && !isEndRaw(begin)) {
      begin = source.indexOf("{%", begin + 2);
    }
    requireEnd(begin);
    String text = textBefore(begin, '%');
    result
        .append("{{ '")
        .append(text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n"))
        .append("' }}");
    place = source.indexOf("%}", begin);
    requireEnd(place);
    close(source.charAt(place - 1), true);
  }

  private boolean isEndRaw(int begin) {
    int name = begin + 2;
    while (name < source.length()
        && (isSign(source.charAt(name)) || Methods.isSpace(source.charAt(name)))) {
      name++;
    }
    return source.startsWith(END_RAW, name);
  }

  private void requireEnd(int found) {
    if (found < 0) {
      throw new TemplateException("a statement, output or comment of the template is not closed");
    }
  }
}
