package io.sensorium.models.world.talk;

import io.sensorium.models.world.Colour;
import io.sensorium.models.world.Group;
import io.sensorium.models.world.Noun;
import io.sensorium.models.world.Position;
import io.sensorium.models.world.Scene;
import io.sensorium.models.world.Size;
import io.sensorium.models.world.Thing;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the commoner questions and answers them from the scene itself, knowing nothing of claims.
 */
final class SceneOracle {

  private static final Pattern HOW_MANY =
      Pattern.compile(
          "How many ([a-z ]+?) (?:are there|do you see|can you see)(?: in the picture)?\\?");
  private static final Pattern ATTRIBUTE =
      Pattern.compile(
          "(?:What|Which) (colou?r|size) (?:is|are) (?:the )?([a-z ]+?)(?: in the picture)?\\?");
  private static final Pattern WHERE =
      Pattern.compile("Where (?:is|are) (?:the )?([a-z ]+?)(?: placed)?(?: in the picture)?\\?");
  private static final Pattern PRESENCE =
      Pattern.compile("(?:Is there an?|Are there any|Are there) ([a-z ]+?)(?: in the picture)?\\?");
  private static final Pattern MORE =
      Pattern.compile("Are there (more|fewer) ([a-z ]+?) than ([a-z ]+?)(?: in the picture)?\\?");
  private static final Pattern AWAY =
      Pattern.compile(
          "If (\\w+) ([a-z ]+?) go(?:es)? away(?: in the picture)?, how many .* left\\?");

  private static final String[] NUMBERS = {
    "None.", "One.", "Two.", "Three.", "Four.", "Five.", "Six."
  };

  private final Map<String, Thing> things = new HashMap<>();

  SceneOracle() {
    for (Thing thing : Thing.values()) {
      for (Noun noun : thing.nouns()) {
        things.put(noun.singular(), thing);
        things.put(noun.plural(), thing);
      }
    }
  }

  Optional<String> answer(Scene scene, String question) {
    Matcher matcher = HOW_MANY.matcher(question);
    if (matcher.matches()) {
      return howMany(scene, matcher.group(1));
    }
    matcher = MORE.matcher(question);
    if (matcher.matches()) {
      int difference = count(scene, matcher.group(2)) - count(scene, matcher.group(3));
      return yes(matcher.group(1).equals("more") ? difference > 0 : difference < 0);
    }
    matcher = AWAY.matcher(question);
    if (matcher.matches()) {
      int gone = List.of("zero", "one", "two", "three", "four").indexOf(matcher.group(1));
      return Optional.of(NUMBERS[count(scene, matcher.group(2)) - gone]);
    }
    matcher = ATTRIBUTE.matcher(question);
    if (matcher.matches()) {
      boolean size = matcher.group(1).equals("size");
      return group(scene, matcher.group(2))
          .map(index -> size ? size(scene, index) : colour(scene, index));
    }
    matcher = WHERE.matcher(question);
    if (matcher.matches()) {
      return group(scene, matcher.group(1)).map(index -> place(scene.positionOf(index)));
    }
    matcher = PRESENCE.matcher(question);
    if (matcher.matches() && things.containsKey(matcher.group(1))) {
      return yes(count(scene, matcher.group(1)) > 0);
    }
    return Optional.empty();
  }

  private Optional<String> howMany(Scene scene, String noun) {
    if (noun.equals("things") || noun.equals("objects")) {
      return Optional.of(NUMBERS[scene.objectCount()]);
    }
    return things.containsKey(noun) ? Optional.of(NUMBERS[count(scene, noun)]) : Optional.empty();
  }

  private int count(Scene scene, String noun) {
    return scene.groups().stream()
        .filter(group -> group.thing() == things.get(noun))
        .mapToInt(Group::count)
        .sum();
  }

  private Optional<Integer> group(Scene scene, String noun) {
    for (int index = 0; index < scene.groups().size(); index++) {
      if (scene.groups().get(index).thing() == things.get(noun)) {
        return Optional.of(index);
      }
    }
    return !scene.twoKinds() && (noun.equals("it") || noun.equals("they"))
        ? Optional.of(0)
        : Optional.empty();
  }

  private static String colour(Scene scene, int index) {
    Colour colour = scene.groups().get(index).colour();
    return sentence(colour.name().toLowerCase(Locale.ROOT));
  }

  private static String size(Scene scene, int index) {
    Size size = scene.groups().get(index).size();
    return sentence(size.name().toLowerCase(Locale.ROOT));
  }

  private static String place(Position position) {
    String row = position.row() == 0 ? "top" : position.row() == 2 ? "bottom" : "";
    String column = position.column() == 0 ? "left" : position.column() == 2 ? "right" : "";
    String words = (row + " " + column).strip();
    return sentence(words.isEmpty() ? "center" : words);
  }

  private static Optional<String> yes(boolean so) {
    return Optional.of(so ? "Yes." : "No.");
  }

  private static String sentence(String words) {
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1) + ".";
  }
}
