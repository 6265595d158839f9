package io.sensorium.language.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Values in parentheses, which may be null. Immutable. */
record Tuple(List<Object> values) {
  Tuple {
    values = Collections.unmodifiableList(new ArrayList<>(values));
  }
}
