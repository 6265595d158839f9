package io.sensorium.models.world.looks;

import io.sensorium.models.world.Thing;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The drawings of all things, made once. Immutable and thread-safe. */
public final class Looks {

  private final Map<Thing, Look> looks;

  /** Makes all drawings. */
  public Looks() {
    looks =
        Arrays.stream(Thing.values())
            .collect(Collectors.toUnmodifiableMap(Function.identity(), Looks::draw));
  }

  /** The drawing of {@code thing}. */
  public Look of(Thing thing) {
    return looks.get(thing);
  }

  private static Look draw(Thing thing) {
    return switch (thing) {
      case BELL -> InstrumentLooks.bell();
      case DRUM -> InstrumentLooks.drum();
      case HORN -> InstrumentLooks.horn();
      case GUITAR -> InstrumentLooks.guitar();
      case PIANO -> InstrumentLooks.piano();
      case WHISTLE -> InstrumentLooks.whistle();
      case BIRD -> AnimalLooks.bird();
      case DOG -> AnimalLooks.dog();
      case FROG -> AnimalLooks.frog();
      case CRICKET -> AnimalLooks.cricket();
      case CAT -> AnimalLooks.cat();
      case OWL -> AnimalLooks.owl();
      case BEE -> AnimalLooks.bee();
      case GOOSE -> AnimalLooks.goose();
      case MOUSE -> AnimalLooks.mouse();
      case SIREN -> MachineLooks.siren();
      case CLOCK -> MachineLooks.clock();
      case PHONE -> MachineLooks.phone();
      case ENGINE -> MachineLooks.engine();
      case TRAIN -> MachineLooks.train();
      case KETTLE -> MachineLooks.kettle();
      case HELICOPTER -> MachineLooks.helicopter();
      case BOAT -> MachineLooks.boat();
      case RAIN -> WeatherLooks.rain();
      case WIND -> WeatherLooks.wind();
      case WAVE -> WeatherLooks.wave();
    };
  }
}
