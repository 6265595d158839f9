package io.sensorium.language.template;

import io.sensorium.language.template.Lexer.Kind;
import io.sensorium.language.template.Lexer.Symbol;
import java.util.List;

/** Goes through the symbols of a text, from the first to the last. One thread at a time. */
final class SymbolReader {
  private final String text;
  private final List<Symbol> symbols;
  private int place;

  SymbolReader(String text) {
    this.text = text;
    this.symbols = Lexer.symbols(text);
  }

  Symbol current() {
    return symbols.get(place);
  }

  /** The one after the current one. */
  Symbol following() {
    return symbols.get(place + 1);
  }

  /** Goes on, and answers what was current. */
  Symbol next() {
    return symbols.get(place++);
  }

  boolean is(String word) {
    return current().isName(word) || current().isOperator(word);
  }

  /** Goes on if the current one is this word; answers whether it was. */
  boolean skip(String word) {
    boolean found = is(word);
    place += found ? 1 : 0;
    return found;
  }

  void require(String word) {
    if (!skip(word)) {
      throw unexpected("'" + word + "'");
    }
  }

  void requireEnd() {
    if (current().kind() != Kind.END) {
      throw unexpected("the end");
    }
  }

  String name() {
    if (current().kind() != Kind.NAME) {
      throw unexpected("a name");
    }
    return next().text();
  }

  TemplateException unexpected(String wanted) {
    String found = current().kind() == Kind.END ? "the end" : "'" + current().text() + "'";
    return new TemplateException(
        "%s is required; found %s in '%s'".formatted(wanted, found, text.strip()));
  }
}
