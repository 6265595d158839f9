package io.sensorium.models.world.talk;

import static io.sensorium.models.world.talk.Words.pick;

import io.sensorium.models.world.Colour;
import io.sensorium.models.world.GroupClaim;
import io.sensorium.models.world.Thing;
import io.sensorium.models.world.talk.Topic.Subject;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Questions for one attribute of one group, or of all that a medium shows. Stateless. */
final class GroupQuestions {

  private static final String[] OF_COLOUR = {
    "What colour %is %s%in?",
    "What color %is %s%in?",
    "Which colour %is %s%in?",
    "What is the colour of %s%in?",
    "What colour %do %s have%in?",
    "Tell me the colour of %s%in."
  };
  private static final String[] OF_SIZE = {
    "What size %is %s%in?",
    "How big %is %s%in?",
    "How large %is %s%in?",
    "What is the size of %s%in?",
    "%Is %s small, medium or large%in?"
  };
  private static final String[] OF_POSITION = {
    "Where %is %s%in?",
    "Where %is %s placed%in?",
    "What is the position of %s%in?",
    "At which place %is %s%in?",
    "Where do you see %s%in?"
  };

  private GroupQuestions() {}

  static Optional<Exchange> colour(Topic topic, RandomGenerator random) {
    Known known = topic.known();
    if (random.nextInt(8) == 0) {
      return ofAbsent(QuestionKind.COLOUR, OF_COLOUR, topic, random);
    }
    if (known.pair() && random.nextInt(4) == 0) {
      String question =
          pick(
              random,
              "What colours do you " + topic.perceive() + "%in?",
              "Which colours are there%in?");
      String answer =
          known
              .all(GroupClaim::colour)
              .map(colours -> colours.stream().map(colour -> colour.words().getFirst()).toList())
              .map(Answers::of)
              .orElse(Answers.UNKNOWN);
      return Optional.of(exchange(QuestionKind.COLOUR, question, topic, answer, random));
    }
    int index = random.nextInt(known.groups().size());
    String answer = known.group(index).colour().map(Answers::of).orElse(Answers.UNKNOWN);
    return about(QuestionKind.COLOUR, OF_COLOUR, topic, index, answer, random);
  }

  static Optional<Exchange> size(Topic topic, RandomGenerator random) {
    if (random.nextInt(10) == 0) {
      return ofAbsent(QuestionKind.SIZE, OF_SIZE, topic, random);
    }
    int index = random.nextInt(topic.known().groups().size());
    GroupClaim group = topic.known().group(index);
    if (!topic.known().picture() && random.nextInt(3) > 0) {
      String[] ofPitch = {
        "How high %do %s sound%in?", "What is the pitch of %s%in?", "What pitch %do %s have%in?"
      };
      String answer = group.size().map(Words::pitch).map(Answers::sentence).orElse(Answers.UNKNOWN);
      return about(QuestionKind.SIZE, ofPitch, topic, index, answer, random);
    }
    String answer = group.size().map(Answers::of).orElse(Answers.UNKNOWN);
    return about(QuestionKind.SIZE, OF_SIZE, topic, index, answer, random);
  }

  static Optional<Exchange> position(Topic topic, RandomGenerator random) {
    if (random.nextInt(10) == 0) {
      return ofAbsent(QuestionKind.POSITION, OF_POSITION, topic, random);
    }
    int index = random.nextInt(topic.known().groups().size());
    String answer = topic.position(index).map(Answers::of).orElse(Answers.UNKNOWN);
    return about(QuestionKind.POSITION, OF_POSITION, topic, index, answer, random);
  }

  static Optional<Exchange> background(Topic topic, RandomGenerator random) {
    String question =
        pick(
            random,
            "What is the background%in?",
            "What kind of background do you see%in?",
            "How is the background%in?",
            "What is behind the things%in?");
    String answer =
        topic
            .known()
            .claim()
            .background()
            .map(background -> Answers.sentence(background.words().getFirst()))
            .orElse(Answers.UNKNOWN);
    return Optional.of(exchange(QuestionKind.BACKGROUND, question, topic, answer, random));
  }

  static Optional<Exchange> thing(Topic topic, RandomGenerator random) {
    Known known = topic.known();
    if (random.nextInt(3) == 0) {
      return thingBySign(topic, random);
    }
    String question =
        pick(
            random,
            "What do you " + topic.perceive() + "%in?",
            "What do you " + topic.perceive() + "%in?",
            known.picture() ? "What is%in?" : "What is heard%in?",
            known.picture() ? "What does %it show?" : "What makes the sound%in?",
            "What is it%in?",
            "What kind of thing is%in?",
            "Which things are%in?",
            "Name the things%in.");
    String answer =
        known
            .all(GroupClaim::thing)
            .map(things -> things.stream().map(thing -> thing.noun().singular()).toList())
            .map(Answers::of)
            .orElse(Answers.UNKNOWN);
    // "What is?" needs its place.
    String told =
        question.contains("is%in") || question.contains("are%in")
            ? question.replace("%in", " in %it")
            : question;
    return Optional.of(exchange(QuestionKind.THING, told, topic, answer, random));
  }

  /** "What is red?", "What is on the left?": by an attribute that only one group has. */
  private static Optional<Exchange> thingBySign(Topic topic, RandomGenerator random) {
    Known known = topic.known();
    int index = random.nextInt(known.groups().size());
    GroupClaim group = known.group(index);
    String answer = group.thing().map(Answers::of).orElse(Answers.UNKNOWN);
    Optional<List<Colour>> colours = known.all(GroupClaim::colour);
    boolean distinct =
        colours.isPresent()
            && (!known.pair() || colours.get().getFirst() != colours.get().getLast());
    if (distinct && random.nextBoolean()) {
      if (random.nextInt(5) == 0) {
        Colour missing = Topic.any(Colour.values(), random);
        if (!colours.get().contains(missing)) {
          return sign(topic, Words.word(missing.words(), random), Answers.NOTHING, random);
        }
      }
      return sign(topic, Words.word(group.colour().get().words(), random), answer, random);
    }
    return topic
        .position(index)
        .flatMap(where -> sign(topic, Words.word(where.words(), random), answer, random));
  }

  private static Optional<Exchange> sign(
      Topic topic, String sign, String answer, RandomGenerator random) {
    String question = pick(random, "What is ", "Which thing is ", "What do you see that is ");
    return Optional.of(
        exchange(QuestionKind.THING, question + sign + "%in?", topic, answer, random));
  }

  static Optional<Exchange> count(Topic topic, RandomGenerator random) {
    Known known = topic.known();
    int choice = random.nextInt(10);
    if (choice < 2) {
      String noun = Words.anything(random).plural();
      return counted(topic, noun, known.total().answer(), random);
    }
    if (choice == 2 && known.picture()) {
      Colour colour =
          random.nextInt(4) == 0
              ? Topic.any(Colour.values(), random)
              : known.group(0).colour().orElse(Colour.RED);
      String noun = Words.word(colour.words(), random) + " " + Words.anything(random).plural();
      String answer = known.count(colour).map(Known.CountOf::answer).orElse(Answers.UNKNOWN);
      return counted(topic, noun, answer, random);
    }
    int index = random.nextInt(known.groups().size());
    Thing thing =
        choice == 3
            ? topic.absentThing(random)
            : known.group(index).thing().orElseGet(() -> topic.absentThing(random));
    String answer = known.count(thing).map(Known.CountOf::answer).orElse(Answers.UNKNOWN);
    return counted(topic, Words.noun(thing, random).plural(), answer, random);
  }

  private static Optional<Exchange> counted(
      Topic topic, String nouns, String answer, RandomGenerator random) {
    String perceive = topic.perceive();
    String question =
        pick(
            random,
            "How many %s are there%in?",
            "How many %s are there%in?",
            "How many %s do you " + perceive + "%in?",
            "Count the %s%in.",
            "What is the number of %s%in?",
            "How many %s can you " + perceive + "%in?");
    return Optional.of(
        exchange(QuestionKind.COUNT, question.replace("%s", nouns), topic, answer, random));
  }

  private static Optional<Exchange> ofAbsent(
      QuestionKind kind, String[] templates, Topic topic, RandomGenerator random) {
    Thing thing = topic.absentThing(random);
    boolean plural = random.nextBoolean();
    String name = "the " + Words.noun(thing, random).form(plural ? 2 : 1);
    String answer = topic.known().has(thing).isPresent() ? Answers.absent(thing) : Answers.UNKNOWN;
    String question = filled(pick(random, templates), new Subject(name, plural));
    return Optional.of(exchange(kind, question, topic, answer, random));
  }

  static Optional<Exchange> about(
      QuestionKind kind,
      String[] templates,
      Topic topic,
      int index,
      String answer,
      RandomGenerator random) {
    return topic
        .subject(index, random)
        .map(
            subject ->
                exchange(kind, filled(pick(random, templates), subject), topic, answer, random));
  }

  static String filled(String template, Subject subject) {
    return template
        .replace("%is", subject.is())
        .replace("%Is", Words.capitalised(subject.is()))
        .replace("%do", subject.does())
        .replace("%s", subject.text())
        .replace("of they", "of them")
        .replace("see they", "see them");
  }

  static Exchange exchange(
      QuestionKind kind, String template, Topic topic, String answer, RandomGenerator random) {
    String question =
        template.replace("%it", topic.reference(random)).replace("%in", topic.in(template, random));
    return new Exchange(kind, question, answer);
  }
}
