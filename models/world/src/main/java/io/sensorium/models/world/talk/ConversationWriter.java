package io.sensorium.models.world.talk;

import io.sensorium.models.world.Scene;
import io.sensorium.models.world.SceneSampler;
import io.sensorium.models.world.Split;
import io.sensorium.models.world.talk.Medium.Sense;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Draws scenes of one split, tells them, and asks about them. Of the splits other than {@link
 * Split#TRAIN} sounds are drawn from the triples that training never hears. Immutable and
 * thread-safe; all randomness comes from the call's generator.
 */
public final class ConversationWriter {

  private static final List<String> ORDINALS = List.of("first", "second", "third", "fourth");
  private static final int ATTEMPTS = 1_000;
  private static final int ATTEMPTS_PER_EXCHANGE = 4;

  private final Split split;
  private final SceneSampler scenes = new SceneSampler(0.45);

  /** A writer of conversations about scenes of {@code split}. */
  public ConversationWriter(Split split) {
    this.split = Objects.requireNonNull(split, "split");
  }

  /**
   * A conversation of any kind.
   *
   * @param exchanges at most so many, at least 1; fewer where the media give no more answers
   */
  public Conversation write(int exchanges, RandomGenerator random) {
    if (random.nextInt(40) == 0) {
      List<Exchange> bare = new ArrayList<>();
      for (int index = 0; index < exchanges; index++) {
        bare.add(SumQuestions.bare(random));
      }
      return new Conversation(List.of(), bare);
    }
    int media = random.nextInt(10) < 6 ? 1 : random.nextInt(10) < 7 ? 2 : random.nextInt(3, 5);
    return about(media(media, random), exchanges, random);
  }

  /**
   * As {@link #write}, about a given number of media.
   *
   * @param media 1..4
   */
  public Conversation write(int media, int exchanges, RandomGenerator random) {
    return about(media(media, random), exchanges, random);
  }

  /** An easy conversation: about one medium that tells everything. */
  public Conversation lesson(int exchanges, RandomGenerator random) {
    Sense sense = random.nextInt(10) < 7 ? Sense.PICTURE : Sense.SOUND;
    return about(List.of(tell(sense, draw(sense, random), true, random)), exchanges, random);
  }

  /**
   * One exchange of a given kind about one medium that tells everything.
   *
   * @throws IllegalArgumentException where the kind cannot be asked of the sense, such as the
   *     colour of a sound
   */
  public Conversation examine(Sense sense, QuestionKind kind, RandomGenerator random) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Medium medium = tell(sense, draw(sense, random), true, random);
      Optional<Exchange> exchange = ask(kind, topics(List.of(medium)).getFirst(), random);
      if (exchange.isPresent() && !exchange.get().open()) {
        return new Conversation(List.of(medium), List.of(exchange.get()));
      }
    }
    throw new IllegalArgumentException("no question for %s of a %s".formatted(kind, sense));
  }

  private List<Medium> media(int count, RandomGenerator random) {
    List<Medium> media = new ArrayList<>();
    boolean complete = random.nextInt(10) < 6;
    Scene last = null;
    for (int index = 0; index < count; index++) {
      Sense sense = random.nextInt(10) < 7 ? Sense.PICTURE : Sense.SOUND;
      // Now and then the same scene again, so that media agree more often than by chance.
      boolean again = last != null && random.nextInt(3) == 0 && fits(sense, last);
      Scene scene = again ? last : draw(sense, random);
      media.add(tell(sense, scene, complete, random));
      last = scene;
    }
    return media;
  }

  private Scene draw(Sense sense, RandomGenerator random) {
    Scene scene;
    do {
      // What a sound shares with its picture's split does not matter: it has a rule of its own.
      scene = sense == Sense.PICTURE ? scenes.sample(split, random) : scenes.sample(random);
    } while (!fits(sense, scene));
    return scene;
  }

  private boolean fits(Sense sense, Scene scene) {
    return sense == Sense.PICTURE
        ? Split.of(scene) == split
        : Split.soundHeldOut(scene) == (split != Split.TRAIN);
  }

  private static Medium tell(Sense sense, Scene scene, boolean complete, RandomGenerator random) {
    return sense == Sense.PICTURE
        ? PictureTeller.tell(scene, complete, random)
        : SoundTeller.tell(scene, complete, random);
  }

  private static Conversation about(List<Medium> media, int exchanges, RandomGenerator random) {
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
      default -> given.add(exchange.kind() + exchange.answer());
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

  static Optional<Exchange> ask(QuestionKind kind, Topic topic, RandomGenerator random) {
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

  static List<Topic> topics(List<Medium> media) {
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
