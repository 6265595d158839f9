package io.sensorium.models.world.talk;

import static io.sensorium.models.world.talk.Words.pick;

import io.sensorium.models.world.Thing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** Two or more media against each other. Stateless. */
final class MediaQuestions {

  private MediaQuestions() {}

  /**
   * A question about at least two media.
   *
   * @param names of each topic as an answer names it: "The first picture."
   */
  static Optional<Exchange> ask(List<Topic> topics, List<String> names, RandomGenerator random) {
    return switch (random.nextInt(4)) {
      case 0 -> holder(topics, names, random);
      case 1 -> most(topics, names, random);
      case 2 -> common(topics, random);
      default -> same(topics, random);
    };
  }

  /** "Where are the bells?" where exactly one medium has them. */
  private static Optional<Exchange> holder(
      List<Topic> topics, List<String> names, RandomGenerator random) {
    List<Thing> things = new ArrayList<>();
    topics.forEach(topic -> things.addAll(topic.known().things()));
    if (things.isEmpty()) {
      return Optional.empty();
    }
    Thing thing = Words.pick(things, random);
    if (!all(topics, topic -> topic.known().has(thing).isPresent())) {
      return Optional.empty();
    }
    List<Integer> holders = new ArrayList<>();
    for (int index = 0; index < topics.size(); index++) {
      if (topics.get(index).known().has(thing).orElseThrow()) {
        holders.add(index);
      }
    }
    if (holders.size() != 1) {
      return Optional.empty();
    }
    String nouns = Words.noun(thing, random).plural();
    String question =
        pick(random, "Which one has %s?", "Which has %s in it?", "In which one are there %s?")
            .formatted(nouns);
    return Optional.of(
        new Exchange(QuestionKind.COMPARISON, question, names.get(holders.getFirst())));
  }

  /** "Which one has more things?" of two media. */
  private static Optional<Exchange> most(
      List<Topic> topics, List<String> names, RandomGenerator random) {
    if (topics.size() != 2) {
      return Optional.empty();
    }
    var first = topics.getFirst().known().total().exact();
    var second = topics.getLast().known().total().exact();
    if (first.isEmpty() || second.isEmpty()) {
      return Optional.empty();
    }
    boolean fewer = random.nextBoolean();
    int difference = (first.get() - second.get()) * (fewer ? -1 : 1);
    String question =
        "Which one has %s %s?".formatted(fewer ? "fewer" : "more", Words.anything(random).plural());
    String answer = difference == 0 ? Answers.NEITHER : names.get(difference > 0 ? 0 : 1);
    return Optional.of(new Exchange(QuestionKind.COMPARISON, question, answer));
  }

  /** "Is there a bell in the picture and in the sound?" */
  private static Optional<Exchange> common(List<Topic> topics, RandomGenerator random) {
    List<Thing> things = new ArrayList<>(topics.getFirst().known().things());
    if (topics.size() != 2 || things.isEmpty()) {
      return Optional.empty();
    }
    Thing thing = Words.pick(things, random);
    Optional<Boolean> there = topics.getLast().known().has(thing);
    String question =
        "Are there %s in %s and in %s?"
            .formatted(
                Words.noun(thing, random).plural(),
                topics.getFirst().reference(random),
                topics.getLast().reference(random));
    return Optional.of(
        new Exchange(
            QuestionKind.COMPARISON, question, there.map(Answers::of).orElse(Answers.UNKNOWN)));
  }

  /** "Are the same things in both?" of two media of one group each. */
  private static Optional<Exchange> same(List<Topic> topics, RandomGenerator random) {
    if (topics.size() != 2 || !all(topics, topic -> !topic.known().pair())) {
      return Optional.empty();
    }
    var first = topics.getFirst().known().group(0);
    var second = topics.getLast().known().group(0);
    boolean counts = random.nextInt(3) == 0;
    Optional<Boolean> so;
    String question;
    if (counts) {
      so =
          Answers.exact(first.count())
              .flatMap(count -> Answers.exact(second.count()).map(count::equals));
      question = pick(random, "Are there as many in both?", "Is the number in both the same?");
    } else {
      so = first.thing().flatMap(thing -> second.thing().map(thing::equals));
      question =
          pick(
              random,
              "Is it the same thing in both?",
              "Are the same things in both?",
              "Do both have the same thing?");
    }
    if (counts && so.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Exchange(
            QuestionKind.COMPARISON, question, so.map(Answers::of).orElse(Answers.UNKNOWN)));
  }

  private static boolean all(List<Topic> topics, Predicate<Topic> condition) {
    return topics.stream().allMatch(condition);
  }
}
