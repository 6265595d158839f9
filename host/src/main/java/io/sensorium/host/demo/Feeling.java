package io.sensorium.host.demo;

import io.sensorium.api.Modality;
import io.sensorium.models.world.Thing;
import java.util.List;

/** The act of movements, which a sense that was plugged in perceives. Stateless. */
final class Feeling {
  private Feeling() {}

  static void play(
      Searches searches, List<Sample> pictures, List<Sample> sounds, List<Sample> motions) {
    for (Thing thing : List.of(Thing.BELL, Thing.TRAIN, Thing.FROG)) {
      searches.byWords(
          "Words find movements, though training never brought them together",
          "a " + thing.noun().singular(),
          Sample.MOTION,
          scene -> scene.first().thing() == thing,
          "what an accelerometer recorded");
    }
    for (Sample motion : List.of(SampleMedia.bells(motions), motions.get(0))) {
      searches.byExample("A movement finds pictures", motion, Modality.IMAGE, motion::soundsLike);
    }
    for (Sample sound : List.of(SampleMedia.bells(sounds), sounds.get(3))) {
      searches.byExample(
          "A sound finds movements, though training never brought them together",
          sound,
          Sample.MOTION,
          sound::isThingOf);
    }
    Sample picture = pictures.stream().filter(p -> !p.scene().twoKinds()).findFirst().orElseThrow();
    searches.byExample("A picture finds movements", picture, Sample.MOTION, picture::isThingOf);
  }
}
