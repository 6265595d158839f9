package io.sensorium.models.world.talk;

import static io.sensorium.models.world.talk.Words.pick;

import io.sensorium.models.world.Colour;
import io.sensorium.models.world.GroupClaim;
import io.sensorium.models.world.Noun;
import io.sensorium.models.world.Relation;
import io.sensorium.models.world.Size;
import io.sensorium.models.world.Thing;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The two groups of one medium against each other. Stateless. */
final class PairQuestions {

  private PairQuestions() {}

  static Optional<Exchange> ask(Topic topic, RandomGenerator random) {
    Optional<List<Thing>> things = topic.known().all(GroupClaim::thing);
    if (!topic.known().pair() || things.isEmpty()) {
      return Optional.empty();
    }
    int index = random.nextInt(2);
    int choice = random.nextInt(topic.known().picture() ? 9 : 5);
    if (choice < 3 && difference(topic, index).isEmpty()) {
      return Optional.empty();
    }
    return switch (choice) {
      case 0 -> more(topic, index, random);
      case 1 -> most(topic, index, random);
      case 2 -> equal(topic, index, random);
      case 3, 4 -> larger(topic, index, random);
      case 5 -> sameColour(topic, index, random);
      case 6 -> related(topic, index, random);
      default -> neighbour(topic, index, random);
    };
  }

  private static Optional<Exchange> more(Topic topic, int index, RandomGenerator random) {
    boolean fewer = random.nextBoolean();
    String question =
        "Are there %s %s than %s%%in?"
            .formatted(
                fewer ? "fewer" : "more",
                plural(topic, index, random),
                plural(topic, 1 - index, random));
    return answered(
        question,
        topic,
        difference(topic, index).map(value -> Answers.of(fewer ? value < 0 : value > 0)),
        random);
  }

  private static Optional<Exchange> most(Topic topic, int index, RandomGenerator random) {
    boolean fewer = random.nextInt(3) == 0;
    String question =
        "Which are there %s of, %s or %s%%in?"
            .formatted(
                fewer ? "fewer" : "more",
                plural(topic, index, random),
                plural(topic, 1 - index, random));
    return answered(
        question,
        topic,
        difference(topic, index).map(value -> winner(topic, index, fewer ? -value : value)),
        random);
  }

  private static Optional<Exchange> equal(Topic topic, int index, RandomGenerator random) {
    String question =
        "Are there as many %s as %s%%in?"
            .formatted(plural(topic, index, random), plural(topic, 1 - index, random));
    return answered(
        question, topic, difference(topic, index).map(value -> Answers.of(value == 0)), random);
  }

  private static Optional<Exchange> larger(Topic topic, int index, RandomGenerator random) {
    Optional<Integer> difference =
        topic.known().all(GroupClaim::size).map(sizes -> compare(sizes, index));
    String one = "the " + plural(topic, index, random);
    String other = "the " + plural(topic, 1 - index, random);
    boolean heard = !topic.known().picture() && random.nextBoolean();
    String large = heard ? "lower" : "larger";
    String small = heard ? "higher" : "smaller";
    boolean smaller = random.nextBoolean();
    return switch (random.nextInt(3)) {
      case 0 ->
          answered(
              "Are %s %s than %s%%in?".formatted(one, smaller ? small : large, other),
              topic,
              difference.map(value -> Answers.of(smaller ? value < 0 : value > 0)),
              random);
      case 1 ->
          answered(
              "Do %s and %s have the same size%%in?".formatted(one, other),
              topic,
              difference.map(value -> Answers.of(value == 0)),
              random);
      default ->
          answered(
              "Which are %s, %s or %s%%in?".formatted(smaller ? small : large, one, other),
              topic,
              difference.map(value -> winner(topic, index, smaller ? -value : value)),
              random);
    };
  }

  private static int compare(List<Size> sizes, int index) {
    return sizes.get(index).compareTo(sizes.get(1 - index));
  }

  private static Optional<Exchange> sameColour(Topic topic, int index, RandomGenerator random) {
    Optional<List<Colour>> colours = topic.known().all(GroupClaim::colour);
    String question =
        "Do the %s and the %s have the same %s%%in?"
            .formatted(
                plural(topic, index, random),
                plural(topic, 1 - index, random),
                pick(random, "colour", "color"));
    return answered(
        question,
        topic,
        colours.map(both -> Answers.of(both.getFirst() == both.getLast())),
        random);
  }

  /** "Are the bells to the left of the drums?" */
  private static Optional<Exchange> related(Topic topic, int index, RandomGenerator random) {
    Relation asked = Topic.any(Relation.values(), random);
    boolean converse = random.nextBoolean();
    String preposition = Words.word(converse ? asked.converseWords() : asked.words(), random);
    String question =
        "Are the %s %s the %s%%in?"
            .formatted(plural(topic, index, random), preposition, plural(topic, 1 - index, random));
    return answered(
        question,
        topic,
        topic
            .known()
            .claim()
            .relation()
            .map(relation -> Answers.of(relation == asked && converse == (index == 1))),
        random);
  }

  /** "What is above the drums?" */
  private static Optional<Exchange> neighbour(Topic topic, int index, RandomGenerator random) {
    Optional<Relation> relation = topic.known().claim().relation();
    Relation asked =
        relation.isPresent() && random.nextInt(4) > 0
            ? relation.get()
            : Topic.any(Relation.values(), random);
    boolean converse = random.nextInt(4) == 0 ? random.nextBoolean() : index == 0;
    String preposition = Words.word(converse ? asked.converseWords() : asked.words(), random);
    String question = "What is %s the %s%%in?".formatted(preposition, plural(topic, index, random));
    // The group at 0 lies left of or above that at 1: the converse is asked of 0.
    boolean there = relation.equals(Optional.of(asked)) && converse == (index == 0);
    String other = Answers.of(topic.known().group(1 - index).thing().orElseThrow());
    return answered(question, topic, relation.map(_ -> there ? other : Answers.NOTHING), random);
  }

  /** By how many the group at {@code index} exceeds the other; empty where a number is open. */
  static Optional<Integer> difference(Topic topic, int index) {
    Optional<Integer> mine = Answers.exact(topic.known().group(index).count());
    Optional<Integer> others = Answers.exact(topic.known().group(1 - index).count());
    return mine.flatMap(count -> others.map(other -> count - other));
  }

  private static String winner(Topic topic, int index, int difference) {
    if (difference == 0) {
      return Answers.NEITHER;
    }
    int winner = difference > 0 ? index : 1 - index;
    return Answers.of(topic.known().group(winner).thing().orElseThrow());
  }

  static String plural(Topic topic, int index, RandomGenerator random) {
    Noun noun = Words.noun(topic.known().group(index).thing().orElseThrow(), random);
    return noun.plural();
  }

  private static Optional<Exchange> answered(
      String question, Topic topic, Optional<String> answer, RandomGenerator random) {
    return Optional.of(
        GroupQuestions.exchange(
            QuestionKind.COMPARISON, question, topic, answer.orElse(Answers.UNKNOWN), random));
  }
}
