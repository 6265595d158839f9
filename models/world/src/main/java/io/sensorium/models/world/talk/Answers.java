package io.sensorium.models.world.talk;

import io.sensorium.models.world.Colour;
import io.sensorium.models.world.CountRange;
import io.sensorium.models.world.GroupClaim;
import io.sensorium.models.world.Noun;
import io.sensorium.models.world.Position;
import io.sensorium.models.world.Size;
import io.sensorium.models.world.Thing;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The canonical wording of answers. Stateless. */
public final class Answers {

  /** What the media leave open. */
  public static final String UNKNOWN = "I cannot tell.";

  static final String YES = "Yes.";
  static final String NO = "No.";
  static final String NEITHER = "Neither.";
  static final String NOTHING = "Nothing.";
  static final String SEVERAL = "More than one.";

  private static final String ABSENCE = "There are no ";

  private Answers() {}

  /** "Three."; "None." for zero. */
  public static String of(int count) {
    return count == 0 ? "None." : sentence(Words.number(count));
  }

  /** "Bell." */
  public static String of(Thing thing) {
    return sentence(thing.noun().singular());
  }

  /** "Red." */
  public static String of(Colour colour) {
    return sentence(colour.words().getFirst());
  }

  /** "Small." */
  public static String of(Size size) {
    return sentence(size.words().getFirst());
  }

  /** "Top left." */
  public static String of(Position position) {
    return sentence(Words.place(position));
  }

  /** "Yes." or "No." */
  public static String of(boolean so) {
    return so ? YES : NO;
  }

  static String of(CountRange count) {
    return exact(count).map(Answers::of).orElse(count.least() > 1 ? SEVERAL : UNKNOWN);
  }

  /** Distinct words in alphabetical order: "Bell and drum." */
  static String of(Collection<String> words) {
    return sentence(String.join(" and ", words.stream().distinct().sorted().toList()));
  }

  static String absent(Thing thing) {
    return ABSENCE + thing.noun().plural() + ".";
  }

  static boolean isAbsence(String answer) {
    return answer.startsWith(ABSENCE);
  }

  static String sentence(String words) {
    return Words.capitalised(words) + ".";
  }

  static Optional<Integer> exact(CountRange count) {
    return count.least() == count.most() ? Optional.of(count.least()) : Optional.empty();
  }

  /** "three small red bells", "some bells", "a red thing": what is claimed of a group. */
  static String phrase(GroupClaim group) {
    Noun noun = group.thing().map(Thing::noun).orElse(Noun.regular("thing"));
    boolean one = group.count().most() == 1;
    String adjectives =
        String.join(
            "",
            List.of(
                group.size().map(size -> size.words().getFirst() + " ").orElse(""),
                group.colour().map(colour -> colour.words().getFirst() + " ").orElse("")));
    String number = exact(group.count()).map(Words::number).orElse("some");
    return number + " " + adjectives + (one ? noun.singular() : noun.plural());
  }
}
