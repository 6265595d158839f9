package io.sensorium.language.schema;

import java.util.List;

/**
 * A place where a value stands: what it may be. Filled once, by the compiler; unchanged from then
 * on.
 */
final class Value {
  /** One type of value that may stand here. */
  sealed interface Choice permits Literals, Numbers, Strings, ArrayValue, ObjectValue {
    /** Bytes of the shortest such value; {@link Spelling#NEVER} if there is none. */
    int shortest();

    /** Arrays and objects within each other in the shortest value. */
    int height();

    /** Called when the values within are measured. */
    default void measure() {}

    /** Adds what may be after the first byte. */
    void enter(int next, Frame parent, List<Frame> out);

    /** The first byte of the shortest value. */
    int witness(Frame parent);
  }

  /** Words in ascending order. */
  record Literals(List<String> words, int shortest) implements Choice {
    Literals(List<String> words) {
      this(words, words.stream().mapToInt(String::length).min().orElse(Spelling.NEVER));
    }

    @Override
    public int height() {
      return 0;
    }

    @Override
    public void enter(int next, Frame parent, List<Frame> out) {
      LiteralFrame.before(this, parent).step(next, out);
    }

    @Override
    public int witness(Frame parent) {
      return LiteralFrame.before(this, parent).witness();
    }
  }

  /** Numbers. */
  record Numbers(NumberRange range, int shortest) implements Choice {
    Numbers(NumberRange range) {
      this(range, NumberFrame.shortest(range));
    }

    @Override
    public int height() {
      return 0;
    }

    @Override
    public void enter(int next, Frame parent, List<Frame> out) {
      NumberFrame.before(range, parent).step(next, out);
    }

    @Override
    public int witness(Frame parent) {
      return NumberFrame.before(range, parent).witness();
    }
  }

  /** Strings. */
  record Strings(StringLanguage language, Spelling spelling) implements Choice {
    @Override
    public int shortest() {
      return Spelling.sum(2, language.distance(language.start()));
    }

    @Override
    public int height() {
      return 0;
    }

    @Override
    public void enter(int next, Frame parent, List<Frame> out) {
      if (next == '"') {
        out.add(StringFrame.open(new ValueText(language, language.start(), spelling, parent)));
      }
    }

    @Override
    public int witness(Frame parent) {
      return '"';
    }
  }

  private List<Choice> choices = List.of();
  private int shortest = Spelling.NEVER;
  private int height = Frame.MAX_DEPTH + 1;
  private Choice best;

  void choices(List<Choice> choices) {
    this.choices = List.copyOf(choices);
  }

  List<Choice> choices() {
    return choices;
  }

  /** Bytes of the shortest value that may stand here; {@link Spelling#NEVER} if none may. */
  int shortest() {
    return shortest;
  }

  boolean possible() {
    return shortest < Spelling.NEVER;
  }

  /** Arrays and objects within each other in the shortest value. */
  int height() {
    return height;
  }

  /** Looks at its choices again; answers whether it found a shorter value. */
  boolean shorten() {
    boolean found = false;
    for (Choice choice : choices) {
      if (choice.shortest() < shortest) {
        shortest = choice.shortest();
        best = choice;
        found = true;
      }
    }
    return found;
  }

  /** Measures the shortest value, the parts of which have been measured. */
  void measure() {
    if (possible()) {
      best.measure();
      height = best.height();
    }
  }

  /** Drops what is impossible and measures the rest, after all values have been measured. */
  void finish() {
    choices = choices.stream().filter(choice -> choice.shortest() < Spelling.NEVER).toList();
    choices.forEach(Choice::measure);
  }

  /** Adds what may be after the first byte of a value. */
  void enter(int next, Frame parent, List<Frame> out) {
    for (Choice choice : choices) {
      if (parent.fits(choice.height())) {
        choice.enter(next, parent, out);
      }
    }
  }

  int witness(Frame parent) {
    return best.witness(parent);
  }
}
