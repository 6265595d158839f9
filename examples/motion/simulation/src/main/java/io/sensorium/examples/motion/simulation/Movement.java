package io.sensorium.examples.motion.simulation;

import io.sensorium.models.world.Thing;
import java.util.Map;

/**
 * One burst of a thing's movement: a tone of up to three harmonics, up and down and to the side,
 * with a random part around it, under an envelope.
 *
 * @param hertz the frequency for a thing of medium size, in the middle of the burst
 * @param glide the frequency at the end, relative to that at the beginning
 * @param upright weights of the harmonics along gravity
 * @param sideways weights of the harmonics across gravity
 * @param rattle deviation of the random part, relative to the tone
 * @param envelope how strong it is when
 */
record Movement(
    double hertz,
    double glide,
    Harmonics upright,
    Harmonics sideways,
    double rattle,
    Envelope envelope) {

  /** How long every burst lasts. */
  static final double SECONDS = 0.55;

  private static final Harmonics NONE = new Harmonics(0, 0, 0);

  private static final Map<Thing, Movement> OF_THINGS =
      Map.ofEntries(
          Map.entry(Thing.BELL, swings(7, 1, tone(1, 0, 0.6), 0, Envelope.RING)),
          Map.entry(Thing.DRUM, bounces(9, 0.6, tone(1, 0, 0), 0.4, Envelope.KNOCK)),
          Map.entry(Thing.SIREN, turns(8, 2.2, tone(1, 0, 0), 0, Envelope.STEADY)),
          Map.entry(Thing.RAIN, bounces(9, 1, tone(0.2, 0, 0), 1, Envelope.STEADY)),
          Map.entry(Thing.BIRD, bounces(10, 1, tone(1, 0.6, 0), 0, Envelope.SWELL)),
          Map.entry(Thing.CLOCK, swings(10, 1, tone(1, 0, 0), 0, Envelope.TWICE)),
          Map.entry(Thing.PHONE, swings(13, 1, tone(1, 0, 0), 0, Envelope.STEADY)),
          Map.entry(Thing.ENGINE, bounces(6, 1, tone(1, 0.8, 0.6), 0.2, Envelope.STEADY)),
          Map.entry(Thing.WIND, swings(6, 1, tone(0.2, 0, 0), 1, Envelope.SWELL)),
          Map.entry(Thing.WAVE, bounces(5, 1, tone(1, 0, 0), 0.1, Envelope.SURGE)),
          Map.entry(Thing.DOG, turns(7, 0.5, tone(1, 0.5, 0), 0.2, Envelope.KNOCK)),
          Map.entry(Thing.HORN, swings(9, 1, tone(1, 0.7, 0.5), 0, Envelope.SURGE)),
          Map.entry(Thing.GUITAR, swings(6, 1, tone(1, 0.8, 0.7), 0.1, Envelope.KNOCK)),
          Map.entry(Thing.FROG, bounces(5.5, 1, tone(1, 0.6, 0), 0, Envelope.TWICE)),
          Map.entry(Thing.CRICKET, turns(13, 1, tone(1, 0, 0), 0, Envelope.TWICE)),
          Map.entry(Thing.TRAIN, both(5, tone(1, 0, 0), tone(0, 1, 0), Envelope.STEADY)),
          Map.entry(Thing.CAT, swings(6, 0.4, tone(1, 0, 0), 0, Envelope.SWELL)),
          Map.entry(Thing.OWL, both(6, tone(0, 0, 1), tone(1, 0, 0), Envelope.SWELL)),
          Map.entry(Thing.BEE, turns(13, 1.4, tone(1, 0, 0), 0.3, Envelope.SWELL)),
          Map.entry(Thing.GOOSE, bounces(7, 2.2, tone(1, 0.4, 0), 0, Envelope.SURGE)),
          Map.entry(Thing.MOUSE, swings(12, 2, tone(1, 0, 0), 0.2, Envelope.STEADY)),
          Map.entry(Thing.WHISTLE, bounces(12, 1, tone(1, 0, 0), 0, Envelope.STEADY)),
          Map.entry(Thing.PIANO, bounces(8, 1, tone(1, 0.7, 0.5), 0, Envelope.RING)),
          Map.entry(Thing.KETTLE, turns(11, 1.8, tone(0.4, 0, 0), 0.8, Envelope.SURGE)),
          Map.entry(Thing.HELICOPTER, both(7, tone(1, 0, 1), tone(0, 1, 0), Envelope.RING)),
          Map.entry(Thing.BOAT, swings(5, 0.6, tone(1, 0.6, 0), 0.3, Envelope.STEADY)));

  /** Weights of a frequency, its double and its triple. */
  record Harmonics(double first, double second, double third) {
    /** The weight of the harmonic numbered from 1. */
    double weight(int number) {
      return number == 1 ? first : number == 2 ? second : third;
    }

    /** The root of the sum of squares. */
    double strength() {
      return Math.sqrt(first * first + second * second + third * third);
    }
  }

  /** The movement that is {@code thing}'s own. */
  static Movement of(Thing thing) {
    return OF_THINGS.get(thing);
  }

  private static Harmonics tone(double first, double second, double third) {
    return new Harmonics(first, second, third);
  }

  private static Movement bounces(
      double hertz, double glide, Harmonics harmonics, double rattle, Envelope envelope) {
    return new Movement(hertz, glide, harmonics, NONE, rattle, envelope);
  }

  private static Movement swings(
      double hertz, double glide, Harmonics harmonics, double rattle, Envelope envelope) {
    return new Movement(hertz, glide, NONE, harmonics, rattle, envelope);
  }

  private static Movement turns(
      double hertz, double glide, Harmonics harmonics, double rattle, Envelope envelope) {
    return new Movement(hertz, glide, harmonics, harmonics, rattle, envelope);
  }

  private static Movement both(
      double hertz, Harmonics upright, Harmonics sideways, Envelope envelope) {
    return new Movement(hertz, 1, upright, sideways, 0, envelope);
  }
}
