package io.sensorium.host.demo;

import io.sensorium.api.Modality;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.host.api.SearchRequest;
import io.sensorium.models.world.Claim;
import io.sensorium.models.world.Colour;
import io.sensorium.models.world.GroupClaim;
import io.sensorium.models.world.Thing;
import java.util.List;

/** The act of sounds. Stateless. */
final class Hearing {
  private Hearing() {}

  static void play(Searches searches, List<Sample> pictures, List<Sample> sounds) {
    Sample bells = SampleMedia.bells(sounds);
    for (Sample sound : List.of(bells, sounds.get(0), sounds.get(1))) {
      searches.byExample("A sound finds pictures", sound, Modality.IMAGE, sound::soundsLike);
    }
    for (Sample picture : pictures.stream().filter(p -> !p.scene().twoKinds()).limit(2).toList()) {
      searches.byExample("A picture finds sounds", picture, Modality.AUDIO, picture::isThingOf);
    }
    for (Thing thing : List.of(Thing.DOG, Thing.HELICOPTER)) {
      searches.byWords(
          "Words find sounds, though training never brought them together",
          "the sound of a " + thing.noun().singular(),
          Modality.AUDIO,
          scene -> scene.first().thing() == thing,
          "");
    }
    add(searches, bells, Colour.RED, Colour.BLUE);
    add(searches, bells, Colour.BLUE, Colour.RED);
    searches.classify(sounds.get(2));
  }

  private static void add(Searches searches, Sample sound, Colour wanted, Colour unwanted) {
    String plus = wanted.words().getFirst();
    String minus = unwanted.words().getFirst();
    SearchRequest request =
        SearchRequest.of(sound.request())
            .plus(EncodeRequest.text(plus))
            .minus(EncodeRequest.text(minus))
            .among(Modality.IMAGE);
    GroupClaim claim = GroupClaim.ANY.with(sound.scene().first().thing()).with(wanted);
    searches.search(
        "Arithmetic across senses",
        "+ " + plus + " \u2212 " + minus,
        List.of(sound),
        request,
        Claim.of(claim)::holds,
        sound.truth());
  }
}
