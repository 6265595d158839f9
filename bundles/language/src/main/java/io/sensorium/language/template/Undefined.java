package io.sensorium.language.template;

import java.util.AbstractList;

/** What a name or a key stands for that nothing was said of: an empty one of everything. */
final class Undefined extends AbstractList<Object> {
  static final Undefined INSTANCE = new Undefined();

  private Undefined() {}

  @Override
  public Object get(int index) {
    throw new IndexOutOfBoundsException(index);
  }

  @Override
  public int size() {
    return 0;
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return 0;
  }
}
