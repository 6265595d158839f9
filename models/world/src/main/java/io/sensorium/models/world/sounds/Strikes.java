package io.sensorium.models.world.sounds;

import io.sensorium.models.world.Thing;

/** The strike of every thing. */
public final class Strikes {

  private Strikes() {}

  /** The sound of {@code thing}. */
  public static Strike of(Thing thing) {
    return switch (thing) {
      case BELL -> InstrumentStrikes::bell;
      case DRUM -> InstrumentStrikes::drum;
      case HORN -> InstrumentStrikes::horn;
      case GUITAR -> InstrumentStrikes::guitar;
      case PIANO -> InstrumentStrikes::piano;
      case WHISTLE -> InstrumentStrikes::whistle;
      case BIRD -> AnimalStrikes::bird;
      case DOG -> AnimalStrikes::dog;
      case FROG -> AnimalStrikes::frog;
      case CRICKET -> AnimalStrikes::cricket;
      case CAT -> AnimalStrikes::cat;
      case OWL -> AnimalStrikes::owl;
      case BEE -> AnimalStrikes::bee;
      case GOOSE -> AnimalStrikes::goose;
      case MOUSE -> AnimalStrikes::mouse;
      case SIREN -> MachineStrikes::siren;
      case CLOCK -> MachineStrikes::clock;
      case PHONE -> MachineStrikes::phone;
      case ENGINE -> MachineStrikes::engine;
      case TRAIN -> MachineStrikes::train;
      case KETTLE -> MachineStrikes::kettle;
      case HELICOPTER -> MachineStrikes::helicopter;
      case BOAT -> MachineStrikes::boat;
      case RAIN -> WeatherStrikes::rain;
      case WIND -> WeatherStrikes::wind;
      case WAVE -> WeatherStrikes::wave;
    };
  }
}
