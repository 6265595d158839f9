package io.sensorium.language.template;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;

/** An expression that was read. Immutable, thread-safe. */
@FunctionalInterface
interface Expression {
  /** Its value where the template stands now. */
  Object eval(JinjavaInterpreter interpreter);
}
