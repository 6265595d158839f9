package io.sensorium.models.world.talk;

import io.sensorium.models.world.Scene;
import io.sensorium.models.world.talk.Medium.Sense;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Tells of given scenes and asks about them. Whoever shows a real picture or plays a real sound
 * asks about the scene's complete telling. Stateless; all randomness comes from the call's
 * generator.
 */
public final class Talk {

  private static final List<String> ORDINALS = List.of("first", "second", "third", "fourth");
  private static final List<QuestionKind> ATTRIBUTES =
      List.of(
          QuestionKind.THING,
          QuestionKind.COLOUR,
          QuestionKind.COUNT,
          QuestionKind.SIZE,
          QuestionKind.POSITION,
          QuestionKind.BACKGROUND);
  private static final int ATTEMPTS_PER_EXCHANGE = 4;

  private Talk() {}

  /**
   * A scene as a text tells it.
   *
   * @param complete whether it tells everything that the sense perceives
   */
  public static Medium tell(Sense sense, Scene scene, boolean complete, RandomGenerator random) {
    return sense == Sense.PICTURE
        ? PictureTeller.tell(scene, complete, random)
        : SoundTeller.tell(scene, complete, random);
  }

  /**
   * A conversation about 1 to 4 media.
   *
   * @param exchanges at most so many, at least 1; fewer where the media give no more answers
   */
  public static Conversation about(List<Medium> media, int exchanges, RandomGenerator random) {
    if (media.isEmpty() || media.size() > ORDINALS.size()) {
      throw new IllegalArgumentException(
          "a conversation is about 1..%d media; got %d".formatted(ORDINALS.size(), media.size()));
    }
    List<Topic> topics = topics(media);
    List<String> names = new ArrayList<>();
    topics.forEach(topic -> names.add(Words.capitalised(topic.references().getLast()) + "."));
    List<Exchange> asked = new ArrayList<>();
    Set<String> given = new HashSet<>();
    int attempts = ATTEMPTS_PER_EXCHANGE * exchanges;
    while (asked.isEmpty() || (asked.size() < exchanges && attempts-- > 0)) {
      int choice = random.nextInt(topics.size() > 1 ? 24 : 20);
      Topic topic = topics.get(random.nextInt(topics.size()));
      Optional<Exchange> exchange =
          switch (choice) {
            case 20, 21, 22 -> MediaQuestions.ask(topics, names, random);
            case 23 -> SumQuestions.across(topics, random);
            default -> sparing(kind(choice), topic, random);
          };
      if (exchange.isPresent() && isNews(exchange.get(), given)) {
        asked.add(styled(exchange.get(), random));
      }
    }
    return new Conversation(media, asked);
  }

  /** An answer that stands there already could be copied; it teaches nobody to look. */
  private static boolean isNews(Exchange exchange, Set<String> given) {
    return switch (exchange.kind()) {
      case YES_NO, COMPARISON, ARITHMETIC -> true;
      default ->
          given.add(
              Answers.isAbsence(exchange.answer())
                  ? "absence"
                  : exchange.kind() + exchange.answer());
    };
  }

  /** Sounds are seldom asked for what is never heard. */
  private static Optional<Exchange> sparing(
      QuestionKind kind, Topic topic, RandomGenerator random) {
    boolean unheard =
        switch (kind) {
          case COLOUR, POSITION, BACKGROUND -> !topic.known().picture();
          default -> false;
        };
    return unheard && random.nextInt(4) > 0 ? Optional.empty() : ask(kind, topic, random);
  }

  private static QuestionKind kind(int choice) {
    return switch (choice) {
      case 0, 1 -> QuestionKind.THING;
      case 2, 3 -> QuestionKind.COLOUR;
      case 4, 5, 6 -> QuestionKind.COUNT;
      case 7, 8 -> QuestionKind.SIZE;
      case 9, 10 -> QuestionKind.POSITION;
      case 11 -> QuestionKind.BACKGROUND;
      case 12, 13 -> QuestionKind.YES_NO;
      case 14, 15 -> QuestionKind.COMPARISON;
      case 16 -> QuestionKind.ARITHMETIC;
      case 17, 18 -> QuestionKind.COMPOUND;
      default -> QuestionKind.DESCRIPTION;
    };
  }

  /**
   * An easy conversation about one medium: for attributes that it tells, each at most once, and
   * whether it shows this or that.
   *
   * @param exchanges at most so many, at least 1
   */
  public static Conversation lesson(Medium medium, int exchanges, RandomGenerator random) {
    Topic topic = topics(List.of(medium)).getFirst();
    List<QuestionKind> kinds = new ArrayList<>(ATTRIBUTES);
    kinds.addAll(List.of(QuestionKind.YES_NO, QuestionKind.YES_NO));
    Collections.shuffle(kinds, PictureTeller.shuffling(random));
    // Models learn to find the colour last of all: it is always asked for.
    kinds.remove(QuestionKind.COLOUR);
    kinds.addFirst(QuestionKind.COLOUR);
    List<Exchange> asked = new ArrayList<>();
    while (asked.isEmpty()) {
      for (QuestionKind kind : kinds) {
        ask(kind, topic, random)
            .filter(exchange -> !exchange.open() && !Answers.isAbsence(exchange.answer()))
            .filter(_ -> asked.size() < exchanges)
            .ifPresent(exchange -> asked.add(styled(exchange, random)));
      }
    }
    return new Conversation(List.of(medium), asked);
  }

  /**
   * A question of one kind about one medium.
   *
   * @return empty where it cannot be asked of this medium
   */
  public static Optional<Exchange> ask(QuestionKind kind, Medium medium, RandomGenerator random) {
    return ask(kind, topics(List.of(medium)).getFirst(), random);
  }

  private static Optional<Exchange> ask(QuestionKind kind, Topic topic, RandomGenerator random) {
    return switch (kind) {
      case THING -> GroupQuestions.thing(topic, random);
      case COLOUR -> GroupQuestions.colour(topic, random);
      case COUNT -> GroupQuestions.count(topic, random);
      case SIZE -> GroupQuestions.size(topic, random);
      case POSITION -> GroupQuestions.position(topic, random);
      case BACKGROUND -> GroupQuestions.background(topic, random);
      case YES_NO -> TruthQuestions.ask(topic, random);
      case COMPARISON -> PairQuestions.ask(topic, random);
      case ARITHMETIC -> SumQuestions.ask(topic, random);
      case COMPOUND -> BroadQuestions.compound(topic, random);
      case DESCRIPTION -> BroadQuestions.description(topic, random);
    };
  }

  private static List<Topic> topics(List<Medium> media) {
    List<Topic> topics = new ArrayList<>();
    Map<Sense, Integer> seen = new EnumMap<>(Sense.class);
    for (Medium medium : media) {
      String sense = medium.sense().name().toLowerCase(Locale.ROOT);
      boolean only = media.stream().filter(other -> other.sense() == medium.sense()).count() == 1;
      int number = seen.merge(medium.sense(), 1, Integer::sum) - 1;
      List<String> references =
          only
              ? List.of("the " + sense)
              : List.of(sense + " " + (number + 1), "the " + ORDINALS.get(number) + " " + sense);
      topics.add(new Topic(Known.of(medium), references, media.size() == 1));
    }
    return topics;
  }

  /** As people write: now and then in small letters, or without the mark at the end. */
  private static Exchange styled(Exchange exchange, RandomGenerator random) {
    String question = exchange.question();
    if (random.nextInt(6) == 0) {
      question = question.toLowerCase(Locale.ROOT);
    }
    if (random.nextInt(8) == 0) {
      question = question.substring(0, question.length() - 1);
    }
    return new Exchange(exchange.kind(), question, exchange.answer());
  }
}
