package io.sensorium.language.schema;

import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Within an object, where a property may begin or end. */
final class ObjectFrame extends Frame {
  /** Where within an object. */
  private enum Phase {
    OPEN,
    AFTER_VALUE,
    AFTER_COMMA,
    AFTER_SPACE
  }

  private final ObjectValue object;
  private final Phase phase;
  private final BitSet seen;
  private final Set<String> others;

  /** Bytes of the properties that are missing, each after a comma. */
  private final int needed;

  private final Frame parent;

  private ObjectFrame(
      ObjectValue object,
      Phase phase,
      BitSet seen,
      Set<String> others,
      int needed,
      int cost,
      Frame parent) {
    super(
        cost,
        parent.depth + 1,
        31
                * (31
                        * (31 * (31 * System.identityHashCode(object) + phase.hashCode())
                            + seen.hashCode())
                    + others.hashCode())
            + parent.hashCode());
    this.object = object;
    this.phase = phase;
    this.seen = seen;
    this.others = others;
    this.needed = needed;
    this.parent = parent;
  }

  /** After the opening brace. */
  static ObjectFrame open(ObjectValue object, int needed, Frame parent) {
    int cost = Spelling.sum(needed > 0 ? needed : 1, parent.cost);
    return new ObjectFrame(object, Phase.OPEN, new BitSet(), Set.of(), needed, cost, parent);
  }

  private ObjectFrame in(Phase next, int cost) {
    return new ObjectFrame(object, next, seen, others, needed, cost, parent);
  }

  private ObjectFrame afterValue(BitSet seenThen, Set<String> othersThen, int neededThen) {
    return new ObjectFrame(
        object,
        Phase.AFTER_VALUE,
        seenThen,
        othersThen,
        neededThen,
        Spelling.sum(1L + neededThen, parent.cost),
        parent);
  }

  /** After a property that the schema names. */
  ObjectFrame with(int index) {
    BitSet more = (BitSet) seen.clone();
    more.set(index);
    ObjectValue.Property property = object.properties().get(index);
    return afterValue(more, others, property.required() ? needed - object.bytes(property) : needed);
  }

  /** After another property. */
  ObjectFrame with(String name) {
    Set<String> more = new TreeSet<>(others);
    more.add(name);
    return afterValue(seen, more, needed);
  }

  ObjectValue object() {
    return object;
  }

  /** Bytes to the very end after the value of a property that is none of those needed. */
  int restAfterOther() {
    return Spelling.sum(1L + needed, parent.cost);
  }

  /** Whether a property that the schema names may come here. */
  boolean mayHave(int index) {
    Value value = object.properties().get(index).value();
    return !seen.get(index) && value.possible() && fits(value.height());
  }

  /** Whether any other property may come here. */
  boolean mayHaveOthers() {
    return object.additional().possible() && fits(object.additional().height());
  }

  boolean has(String other) {
    return others.contains(other);
  }

  /** Names that cannot be chosen freely. */
  int taken() {
    return others.size() + object.properties().size();
  }

  @Override
  void step(int next, List<Frame> out) {
    switch (next) {
      case '}' -> {
        if (needed == 0 && (phase == Phase.OPEN || phase == Phase.AFTER_VALUE)) {
          out.add(parent);
        }
      }
      case '"' -> {
        Text key = phase == Phase.AFTER_VALUE ? null : KeyText.begin(this);
        if (key != null) {
          out.add(StringFrame.open(key));
        }
      }
      case ',' -> {
        Text key = phase == Phase.AFTER_VALUE ? KeyText.begin(this) : null;
        if (key != null) {
          out.add(in(Phase.AFTER_COMMA, Spelling.sum(1, key.rest())));
        }
      }
      case ' ' -> {
        if (phase == Phase.AFTER_COMMA) {
          out.add(in(Phase.AFTER_SPACE, cost));
        }
      }
      default -> {}
    }
  }

  @Override
  int witness() {
    return switch (phase) {
      case OPEN -> needed == 0 ? '}' : '"';
      case AFTER_VALUE -> needed == 0 ? '}' : ',';
      case AFTER_COMMA, AFTER_SPACE -> '"';
    };
  }

  @Override
  boolean isEqual(Frame other) {
    ObjectFrame that = (ObjectFrame) other;
    return object == that.object
        && phase == that.phase
        && seen.equals(that.seen)
        && others.equals(that.others)
        && parent.equals(that.parent);
  }
}
