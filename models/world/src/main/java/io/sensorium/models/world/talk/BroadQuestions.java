package io.sensorium.models.world.talk;

import static io.sensorium.models.world.talk.Words.pick;

import io.sensorium.models.world.GroupClaim;
import io.sensorium.models.world.Noun;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Questions that ask for two attributes, or for all. Stateless. */
final class BroadQuestions {

  private static final String[] COUNT_AND_COLOUR = {
    "How many %s are there%in and what colour are they?",
    "How many %s do you see%in, and in which colour?",
    "Count the %s%in and tell me their colour."
  };

  private BroadQuestions() {}

  static Optional<Exchange> compound(Topic topic, RandomGenerator random) {
    int index = random.nextInt(topic.known().groups().size());
    GroupClaim group = topic.known().group(index);
    return switch (random.nextInt(topic.known().picture() ? 5 : 1)) {
      case 0 -> thingAndCount(topic, random);
      case 1, 2 -> countAndColour(topic, group, random);
      case 3 -> colourAndSize(topic, index, group, random);
      default -> thingAndPosition(topic, random);
    };
  }

  /** "What do you see and how many?" - "Three bells." */
  private static Optional<Exchange> thingAndCount(Topic topic, RandomGenerator random) {
    GroupClaim group = topic.known().group(0);
    Optional<Integer> count = Answers.exact(group.count());
    if (topic.known().pair() || group.thing().isEmpty() || count.isEmpty()) {
      return Optional.empty();
    }
    String question =
        pick(
            random,
            "What do you " + topic.perceive() + "%in and how many?",
            "Which things are there%in and how many?",
            "What is there%in, and how often?");
    Noun noun = group.thing().get().noun();
    return answered(
        question, topic, Words.number(count.get()) + " " + noun.form(count.get()), random);
  }

  /** "How many bells are there and what colour are they?" - "Three red bells." */
  private static Optional<Exchange> countAndColour(
      Topic topic, GroupClaim group, RandomGenerator random) {
    Optional<Integer> count = Answers.exact(group.count());
    if (group.thing().isEmpty() || group.colour().isEmpty() || count.isEmpty()) {
      return Optional.empty();
    }
    String question =
        pick(random, COUNT_AND_COLOUR)
            .replace("%s", Words.noun(group.thing().get(), random).plural());
    String answer =
        "%s %s %s"
            .formatted(
                Words.number(count.get()),
                group.colour().get().words().getFirst(),
                group.thing().get().noun().form(count.get()));
    return answered(question, topic, answer, random);
  }

  /** "What colour and what size are they?" - "Red and small." */
  private static Optional<Exchange> colourAndSize(
      Topic topic, int index, GroupClaim group, RandomGenerator random) {
    if (group.colour().isEmpty() || group.size().isEmpty()) {
      return Optional.empty();
    }
    boolean colourFirst = random.nextBoolean();
    String colour = group.colour().get().words().getFirst();
    String size = group.size().get().words().getFirst();
    String answer = colourFirst ? colour + " and " + size : size + " and " + colour;
    return topic
        .subject(index, random)
        .flatMap(
            subject ->
                answered(
                    GroupQuestions.filled(
                        colourFirst
                            ? "What colour and what size %is %s%in?"
                            : "What size and what colour %is %s%in?",
                        subject),
                    topic,
                    answer,
                    random));
  }

  /** "What do you see and where?" - "Bell, top left." */
  private static Optional<Exchange> thingAndPosition(Topic topic, RandomGenerator random) {
    GroupClaim group = topic.known().group(0);
    if (topic.known().pair() || group.thing().isEmpty() || group.position().isEmpty()) {
      return Optional.empty();
    }
    String question = pick(random, "What do you see%in and where?", "What is there%in, and where?");
    String answer =
        group.thing().get().noun().singular() + ", " + Words.place(group.position().get());
    return answered(question, topic, answer, random);
  }

  private static Optional<Exchange> answered(
      String question, Topic topic, String answer, RandomGenerator random) {
    return Optional.of(
        GroupQuestions.exchange(
            QuestionKind.COMPOUND, question, topic, Answers.sentence(answer), random));
  }

  /** "Describe the picture." - "Three small red bells, top left, plain background." */
  static Optional<Exchange> description(Topic topic, RandomGenerator random) {
    String question =
        topic.known().picture()
            ? pick(
                random,
                "Describe %it.",
                "Tell me everything about %it.",
                "What does %it look like?")
            : pick(
                random,
                "Describe %it.",
                "Tell me everything about %it.",
                "What does %it sound like?");
    return Optional.of(
        GroupQuestions.exchange(
            QuestionKind.DESCRIPTION,
            question,
            topic,
            Answers.sentence(described(topic.known())),
            random));
  }

  private static String described(Known known) {
    StringBuilder text = new StringBuilder();
    for (int index : order(known)) {
      text.append(text.isEmpty() ? "" : " and ").append(Answers.phrase(known.group(index)));
      known.position(index).ifPresent(where -> text.append(", ").append(Words.place(where)));
    }
    known
        .claim()
        .background()
        .ifPresent(
            background ->
                text.append(", ").append(background.words().getFirst()).append(" background"));
    return text.toString();
  }

  /** As the groups lie where that is known, or else in the order of their nouns. */
  private static int[] order(Known known) {
    if (!known.pair()) {
      return new int[] {0};
    }
    boolean swapped =
        known.claim().relation().isEmpty()
            && Answers.phrase(known.group(0)).compareTo(Answers.phrase(known.group(1))) > 0;
    return swapped ? new int[] {1, 0} : new int[] {0, 1};
  }
}
