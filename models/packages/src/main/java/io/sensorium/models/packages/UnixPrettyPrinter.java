package io.sensorium.models.packages;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;

/** Indents by two spaces and ends lines the same way on every system, so that files reproduce. */
final class UnixPrettyPrinter extends DefaultPrettyPrinter {
  private static final long serialVersionUID = 1L;

  UnixPrettyPrinter() {
    super(Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER));
    indentObjectsWith(new DefaultIndenter("  ", "\n"));
  }

  private UnixPrettyPrinter(UnixPrettyPrinter base) {
    super(base);
  }

  @Override
  public DefaultPrettyPrinter createInstance() {
    return new UnixPrettyPrinter(this);
  }
}
