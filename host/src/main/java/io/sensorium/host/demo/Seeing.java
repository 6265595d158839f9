package io.sensorium.host.demo;

import io.sensorium.api.Modality;
import io.sensorium.models.world.Claim;
import io.sensorium.models.world.CountRange;
import io.sensorium.models.world.Group;
import io.sensorium.models.world.GroupClaim;
import io.sensorium.models.world.Scene;
import java.util.List;

/** The act of pictures. Stateless. */
final class Seeing {
  private static final String WORDS_FIND_PICTURES = "Words find pictures";

  private Seeing() {}

  static void play(Searches searches, List<Sample> pictures) {
    SampleMedia.ASKED.forEach(
        (words, claim) ->
            searches.byWords(
                WORDS_FIND_PICTURES, words, Modality.IMAGE, Claim.of(claim)::holds, ""));
    findPair(searches, pictures);
    pictures.subList(0, 3).forEach(searches::classify);
  }

  private static void findPair(Searches searches, List<Sample> pictures) {
    Scene pair =
        pictures.stream().map(Sample::scene).filter(Scene::twoKinds).findFirst().orElseThrow();
    Group first = pair.first();
    Group second = pair.second().orElseThrow();
    Claim both = Claim.of(named(first), named(second));
    searches.byWords(
        WORDS_FIND_PICTURES,
        Sample.counted(first) + " and " + Sample.counted(second),
        Modality.IMAGE,
        both::holds,
        "two kinds in one picture");
  }

  private static GroupClaim named(Group group) {
    return GroupClaim.ANY
        .with(group.thing())
        .with(group.colour())
        .with(CountRange.exactly(group.count()));
  }
}
