package io.sensorium.models.world.talk;

import io.sensorium.models.world.Colour;
import io.sensorium.models.world.GroupClaim;
import io.sensorium.models.world.Position;
import io.sensorium.models.world.Thing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A medium to ask about and how a question refers to it. Immutable.
 *
 * @param references "the picture" where it is the only one, or "picture 2" and "the second picture"
 * @param alone whether there is no other medium, so that a question need not name it
 */
record Topic(Known known, List<String> references, boolean alone) {

  /** A group as a question names it: "the bells", "they". */
  record Subject(String text, boolean plural) {
    String is() {
      return plural ? "are" : "is";
    }

    String does() {
      return plural ? "do" : "does";
    }
  }

  String reference(RandomGenerator random) {
    return Words.pick(references, random);
  }

  /** " in the picture", or nothing where {@code template} can be asked of no other medium. */
  String in(String template, RandomGenerator random) {
    boolean clear = alone || (references.size() == 1 && template.contains(" you " + perceive()));
    return clear && random.nextBoolean() ? "" : " in " + reference(random);
  }

  String perceive() {
    return known.picture() ? "see" : "hear";
  }

  /** The group at {@code index}, named so that it is no other; empty where the text allows none. */
  Optional<Subject> subject(int index, RandomGenerator random) {
    GroupClaim group = known.group(index);
    boolean plural = plural(group, random);
    List<String> names = new ArrayList<>();
    if (group.thing().isPresent()) {
      String name = "the " + Words.noun(group.thing().get(), random).form(plural ? 2 : 1);
      names.addAll(List.of(name, name, name));
    }
    if (!known.pair()) {
      names.add(plural ? "they" : "it");
      names.add("the " + Words.anything(random).form(plural ? 2 : 1));
    } else {
      names.addAll(distinctions(index, plural, random));
    }
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of(new Subject(Words.pick(names, random), plural));
  }

  private List<String> distinctions(int index, boolean plural, RandomGenerator random) {
    List<String> names = new ArrayList<>();
    String noun = Words.anything(random).form(plural ? 2 : 1);
    Optional<List<Colour>> colours = known.all(GroupClaim::colour);
    if (colours.isPresent() && colours.get().getFirst() != colours.get().getLast()) {
      String colour = Words.word(colours.get().get(index).words(), random);
      names.add("the " + colour + " " + noun);
    }
    known
        .position(index)
        .map(position -> Words.word(position.words(), random))
        .ifPresent(where -> names.add("the " + noun + " " + where));
    return names;
  }

  /** Whoever asks mostly, though not always, knows one from several. */
  private static boolean plural(GroupClaim group, RandomGenerator random) {
    boolean several = group.count().most() > 1;
    return random.nextInt(4) == 0 ? random.nextBoolean() : several;
  }

  /** A thing that is surely not there. */
  Thing absentThing(RandomGenerator random) {
    Thing thing;
    do {
      thing = any(Thing.values(), random);
    } while (known.things().contains(thing));
    return thing;
  }

  static <E> E any(E[] values, RandomGenerator random) {
    return values[random.nextInt(values.length)];
  }

  /** A value other than {@code value}. */
  static <E> E other(E value, E[] values, RandomGenerator random) {
    E other;
    do {
      other = any(values, random);
    } while (other == value);
    return other;
  }

  Optional<Position> position(int index) {
    return known.position(index);
  }
}
