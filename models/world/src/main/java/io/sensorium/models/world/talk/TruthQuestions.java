package io.sensorium.models.world.talk;

import static io.sensorium.models.world.talk.Words.pick;
import static io.sensorium.models.world.talk.Words.word;

import io.sensorium.models.world.Background;
import io.sensorium.models.world.Colour;
import io.sensorium.models.world.GroupClaim;
import io.sensorium.models.world.Position;
import io.sensorium.models.world.Size;
import io.sensorium.models.world.Thing;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Questions that are answered with yes, no or {@link Answers#UNKNOWN}. Stateless. */
final class TruthQuestions {

  private TruthQuestions() {}

  static Optional<Exchange> ask(Topic topic, RandomGenerator random) {
    int index = random.nextInt(topic.known().groups().size());
    return switch (random.nextInt(topic.known().picture() ? 8 : 4)) {
      case 0, 1 -> presence(topic, random);
      case 2 -> number(topic, index, random);
      case 3 -> size(topic, index, random);
      case 4, 5 -> colour(topic, index, random);
      case 6 -> position(topic, index, random);
      default -> background(topic, random);
    };
  }

  private static Optional<Exchange> presence(Topic topic, RandomGenerator random) {
    var things = topic.known().things().stream().toList();
    boolean wanted = random.nextBoolean() && !things.isEmpty();
    Thing thing = wanted ? Words.pick(things, random) : topic.absentThing(random);
    var noun = Words.noun(thing, random);
    String question =
        pick(
            random,
            "Is there " + Words.withArticle(noun.singular()) + "%in?",
            "Are there " + noun.plural() + "%in?",
            "Are there any " + noun.plural() + "%in?",
            "Do you " + topic.perceive() + " " + Words.withArticle(noun.singular()) + "%in?",
            "Do you " + topic.perceive() + " " + noun.plural() + "%in?",
            "Can you " + topic.perceive() + " any " + noun.plural() + "%in?");
    return yesNo(question, topic, topic.known().has(thing), random);
  }

  private static Optional<Exchange> number(Topic topic, int index, RandomGenerator random) {
    GroupClaim group = topic.known().group(index);
    if (group.thing().isEmpty()) {
      return Optional.empty();
    }
    var count = topic.known().count(group.thing().get()).orElseThrow();
    var noun = Words.noun(group.thing().get(), random);
    if (random.nextInt(3) == 0) {
      Optional<Boolean> several =
          count.least() > 1
              ? Optional.of(true)
              : count.most() == 1 ? Optional.of(false) : Optional.empty();
      String question = "Is there more than one " + noun.singular() + "%in?";
      return yesNo(question, topic, several, random);
    }
    int truth = count.exact().orElse(2);
    int asked =
        random.nextBoolean() ? truth : Topic.other(truth, new Integer[] {1, 2, 3, 4}, random);
    String number = random.nextInt(4) == 0 ? Integer.toString(asked) : Words.number(asked);
    String question =
        (asked == 1 ? "Is there exactly " : "Are there " + pick(random, "", "exactly "))
            + (asked == 1 ? "one" : number)
            + " "
            + noun.form(asked)
            + "%in?";
    // More than one is surely not one; whether it is two is open.
    Optional<Boolean> so =
        count.exact().isPresent()
            ? count.exact().map(exact -> exact == asked)
            : Optional.of(false).filter(_ -> asked < count.least());
    return yesNo(question, topic, so, random);
  }

  private static Optional<Exchange> colour(Topic topic, int index, RandomGenerator random) {
    Optional<Colour> truth = topic.known().group(index).colour();
    Colour asked = candidate(truth, Colour.values(), random);
    return attribute(
        topic, index, truth.map(value -> value == asked), word(asked.words(), random), random);
  }

  private static Optional<Exchange> size(Topic topic, int index, RandomGenerator random) {
    Optional<Size> truth = topic.known().group(index).size();
    Size asked = candidate(truth, Size.values(), random);
    boolean pitch = !topic.known().picture() && random.nextBoolean();
    String words = pitch ? Words.pitch(asked) : word(asked.words(), random);
    return attribute(topic, index, truth.map(value -> value == asked), words, random);
  }

  private static Optional<Exchange> position(Topic topic, int index, RandomGenerator random) {
    Optional<Position> truth = topic.position(index);
    Position asked = candidate(truth, Position.values(), random);
    return attribute(
        topic, index, truth.map(value -> value == asked), word(asked.words(), random), random);
  }

  private static Optional<Exchange> attribute(
      Topic topic, int index, Optional<Boolean> so, String words, RandomGenerator random) {
    return topic
        .subject(index, random)
        .flatMap(
            subject ->
                yesNo(
                    GroupQuestions.filled("%Is %s " + words + "%in?", subject), topic, so, random));
  }

  private static Optional<Exchange> background(Topic topic, RandomGenerator random) {
    Optional<Background> truth = topic.known().claim().background();
    Background asked = candidate(truth, Background.values(), random);
    String words = word(asked.words(), random);
    String question =
        pick(
            random,
            "Is the background " + words + "%in?",
            "Is there a " + words + " background%in?");
    return yesNo(question, topic, truth.map(value -> value == asked), random);
  }

  private static <E> E candidate(Optional<E> truth, E[] values, RandomGenerator random) {
    if (truth.isEmpty()) {
      return Topic.any(values, random);
    }
    return random.nextBoolean() ? truth.get() : Topic.other(truth.get(), values, random);
  }

  private static Optional<Exchange> yesNo(
      String question, Topic topic, Optional<Boolean> so, RandomGenerator random) {
    String answer = so.map(Answers::of).orElse(Answers.UNKNOWN);
    return Optional.of(
        GroupQuestions.exchange(QuestionKind.YES_NO, question, topic, answer, random));
  }
}
