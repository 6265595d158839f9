package io.sensorium.models.world.talk;

import static io.sensorium.models.world.talk.Words.pick;

import io.sensorium.models.world.GroupClaim;
import io.sensorium.models.world.Noun;
import io.sensorium.models.world.Thing;
import io.sensorium.models.world.talk.Known.CountOf;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Sums and differences, up to {@value #LARGEST}. Stateless. */
final class SumQuestions {

  private static final int LARGEST = 20;

  private SumQuestions() {}

  /** About one medium. */
  static Optional<Exchange> ask(Topic topic, RandomGenerator random) {
    Known known = topic.known();
    if (known.all(GroupClaim::thing).isEmpty()) {
      return Optional.empty();
    }
    return known.pair() && random.nextBoolean()
        ? ofTwo(topic, random)
        : changed(topic, random.nextInt(known.groups().size()), random);
  }

  private static Optional<Exchange> ofTwo(Topic topic, RandomGenerator random) {
    int index = random.nextInt(2);
    Optional<Integer> difference = PairQuestions.difference(topic, index);
    String one = PairQuestions.plural(topic, index, random);
    String other = PairQuestions.plural(topic, 1 - index, random);
    if (random.nextBoolean()) {
      String question =
          pick(
              random,
              "How many %s and %s are there together%%in?",
              "How many %s and %s are there in all%%in?");
      return answered(
          question.formatted(one, other), topic, topic.known().total().answer(), random);
    }
    if (difference.isEmpty()) {
      return Optional.empty();
    }
    boolean fewer = difference.get() < 0;
    String question =
        "How many %s %s than %s are there%%in?".formatted(fewer ? "fewer" : "more", one, other);
    return answered(question, topic, Answers.of(Math.abs(difference.get())), random);
  }

  /** "If one bell goes away, how many bells are left?" */
  private static Optional<Exchange> changed(Topic topic, int index, RandomGenerator random) {
    GroupClaim group = topic.known().group(index);
    Optional<Integer> count = Answers.exact(group.count());
    Noun noun = Words.noun(group.thing().orElseThrow(), random);
    if (count.isEmpty()) {
      return Optional.empty();
    }
    boolean away = random.nextBoolean();
    int change = away ? random.nextInt(1, count.get() + 1) : random.nextInt(1, 5);
    boolean one = change == 1;
    String question =
        away
            ? "If %s %s %s away%%in, how many %s are left?"
                .formatted(
                    Words.number(change), noun.form(change), one ? "goes" : "go", noun.plural())
            : "If %s more %s %s%%in, how many %s are there then?"
                .formatted(
                    Words.number(change), noun.form(change), one ? "comes" : "come", noun.plural());
    return answered(
        question, topic, Answers.of(away ? count.get() - change : count.get() + change), random);
  }

  private static Optional<Exchange> answered(
      String question, Topic topic, String answer, RandomGenerator random) {
    return Optional.of(
        GroupQuestions.exchange(QuestionKind.ARITHMETIC, question, topic, answer, random));
  }

  /** "How many bells are there in both pictures together?" */
  static Optional<Exchange> across(List<Topic> topics, RandomGenerator random) {
    Topic one = topics.get(random.nextInt(topics.size()));
    List<Thing> things = new ArrayList<>(one.known().things());
    Optional<CountOf> sum = Optional.of(CountOf.NONE);
    String nouns;
    if (things.isEmpty() || random.nextInt(3) == 0) {
      nouns = Words.anything(random).plural();
      for (Topic topic : topics) {
        sum = sum.map(before -> before.plus(topic.known().total()));
      }
    } else {
      Thing thing = Words.pick(things, random);
      nouns = Words.noun(thing, random).plural();
      for (Topic topic : topics) {
        sum = sum.flatMap(before -> topic.known().count(thing).map(before::plus));
      }
    }
    String question =
        pick(
                random,
                "How many %s are there altogether?",
                "How many %s are there in everything together?",
                "How many %s are there in total?")
            .formatted(nouns);
    String answer = sum.map(CountOf::answer).orElse(Answers.UNKNOWN);
    return Optional.of(new Exchange(QuestionKind.ARITHMETIC, question, answer));
  }

  /** "What is two plus three?", without any medium. */
  static Exchange bare(RandomGenerator random) {
    int sum = random.nextInt(LARGEST + 1);
    int part = random.nextInt(sum + 1);
    boolean minus = random.nextBoolean();
    int left = minus ? sum : part;
    int right = minus ? part : sum - part;
    boolean digits = random.nextInt(3) == 0;
    String question =
        pick(random, "What is %s %s %s?", "How much is %s %s %s?")
            .formatted(
                digits ? Integer.toString(left) : Words.number(left),
                minus ? "minus" : "plus",
                digits ? Integer.toString(right) : Words.number(right));
    int result = minus ? left - right : left + right;
    return new Exchange(QuestionKind.ARITHMETIC, question, Answers.sentence(Words.number(result)));
  }
}
