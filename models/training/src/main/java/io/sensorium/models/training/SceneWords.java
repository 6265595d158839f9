package io.sensorium.models.training;

import io.sensorium.models.training.adapters.Wording;
import io.sensorium.models.world.Group;
import io.sensorium.models.world.Position;
import io.sensorium.models.world.Scene;
import io.sensorium.models.world.Seeds;
import io.sensorium.models.world.Size;
import io.sensorium.models.world.talk.Medium.Sense;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * What rows should say of scenes, in an order that the answers keep or that can be seen: of two
 * kinds in a picture the left or upper one first; of two in a sound, whose strikes come in any
 * order, the one that the alphabet puts first. One thread at a time.
 */
final class SceneWords {
  /** Rows that are told of a picture, and of a sound. */
  static final int SEEN = 13;

  static final int HEARD = 8;

  private static final List<String> NUMBERS = List.of("zero", "one", "two", "three", "four");

  /** Within what is said of a group, and instead of a second one: both read as if not there. */
  private static final String PAUSE = ",";

  private static final String END = ".";

  private final ConversationTokens tokens;
  private final Sense sense;
  private final List<Scene> scenes;

  /**
   * @param scenes by the numbers of their media
   */
  SceneWords(ConversationTokens tokens, Sense sense, List<Scene> scenes) {
    this.tokens = tokens;
    this.sense = sense;
    this.scenes = List.copyOf(scenes);
  }

  /** A token for each row that should say something. */
  Wording of(int medium) {
    Scene scene = scenes.get(medium);
    List<String> words = sense == Sense.PICTURE ? seen(scene) : heard(scene);
    return new Wording(medium, words.stream().mapToInt(this::token).toArray());
  }

  /** What rows should say in a step: of scenes drawn with the seed and the step alone. */
  List<Wording> batch(long seed, int step, int size, ToIntFunction<RandomGenerator> choice) {
    var batch = new ArrayList<Wording>();
    for (int row = 0; row < size; row++) {
      batch.add(of(choice.applyAsInt(Seeds.generator(seed + step, row))));
    }
    return batch;
  }

  /** "three small red bells top left . . . . . . striped": twelve places and the background. */
  private List<String> seen(Scene scene) {
    var words = new ArrayList<String>();
    for (int index = 0; index < 2; index++) {
      if (index < scene.groups().size()) {
        Group group = scene.groups().get(index);
        words.add(NUMBERS.get(group.count()));
        words.add(group.size().words().getFirst());
        words.add(group.colour().words().getFirst());
        words.add(noun(group));
        words.addAll(place(scene.positionOf(index)));
      } else {
        words.addAll(Collections.nCopies(words.size(), END));
      }
    }
    words.add(scene.background().words().getFirst());
    return words;
  }

  /** "two low bells and one high bird." */
  private List<String> heard(Scene scene) {
    var words = new ArrayList<String>();
    List<Group> groups =
        scene.groups().stream()
            .sorted(Comparator.comparing(group -> group.thing().noun().singular()))
            .toList();
    for (Group group : groups) {
      words.addAll(List.of(NUMBERS.get(group.count()), pitch(group.size()), noun(group)));
      words.add(words.size() < 4 && groups.size() > 1 ? "and" : END);
    }
    words.addAll(Collections.nCopies(HEARD - words.size(), END));
    return words;
  }

  /** The first of a thing's nouns that is a single token. */
  private String noun(Group group) {
    return group.thing().nouns().stream()
        .map(noun -> noun.form(group.count()))
        .filter(noun -> tokens.encode(" " + noun).length == 1)
        .findFirst()
        .orElseThrow(
            () -> new IllegalStateException("no noun of " + group.thing() + " is one token"));
  }

  private static String pitch(Size size) {
    return switch (size) {
      case SMALL -> "high";
      case MEDIUM -> "medium";
      case LARGE -> "low";
    };
  }

  private static List<String> place(Position position) {
    String row = List.of("top", "", "bottom").get(position.row());
    String column = List.of("left", "", "right").get(position.column());
    List<String> words =
        new ArrayList<>(Stream.of(row, column).filter(word -> !word.isEmpty()).toList());
    if (words.isEmpty()) {
      words.add("center");
    }
    words.addAll(Collections.nCopies(2 - words.size(), PAUSE));
    return words;
  }

  private int token(String word) {
    int[] ids = tokens.encode(word.equals(PAUSE) || word.equals(END) ? word : " " + word);
    if (ids.length != 1) {
      throw new IllegalStateException("'%s' must be one token; got %d".formatted(word, ids.length));
    }
    return ids[0];
  }
}
