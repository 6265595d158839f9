package io.sensorium.models.world;

import static io.sensorium.models.world.Noun.regular;

import java.util.List;
import java.util.Locale;

/** What a scene is made of: everything here has both a look and a sound. */
@SuppressWarnings("ImmutableEnumChecker") // the lists are unmodifiable
public enum Thing {
  BELL(regular("bell"), regular("handbell")),
  DRUM(regular("drum"), regular("snare drum")),
  SIREN(regular("siren"), regular("warning light")),
  RAIN(regular("rain cloud"), regular("raincloud"), regular("cloud")),
  BIRD(regular("bird"), regular("songbird")),
  CLOCK(regular("clock"), regular("wall clock")),
  PHONE(regular("phone"), regular("telephone"), regular("mobile phone")),
  ENGINE(regular("engine"), regular("motor"), regular("gear")),
  WIND(new Noun("gust of wind", "gusts of wind"), regular("gust"), regular("breeze")),
  WAVE(regular("wave"), regular("ocean wave")),
  DOG(regular("dog"), new Noun("puppy", "puppies"), regular("hound")),
  HORN(regular("horn"), regular("bugle"), regular("megaphone")),
  GUITAR(regular("guitar"), regular("acoustic guitar")),
  FROG(regular("frog"), regular("toad")),
  CRICKET(regular("cricket"), regular("grasshopper")),
  TRAIN(regular("train"), regular("locomotive")),
  CAT(regular("cat"), regular("kitten")),
  OWL(regular("owl")),
  BEE(regular("bee"), regular("bumblebee")),
  GOOSE(new Noun("goose", "geese")),
  MOUSE(new Noun("mouse", "mice")),
  WHISTLE(regular("whistle"), regular("referee whistle")),
  PIANO(regular("piano"), regular("grand piano")),
  KETTLE(regular("kettle"), regular("tea kettle")),
  HELICOPTER(regular("helicopter"), regular("chopper")),
  BOAT(regular("boat"), regular("ship"), regular("steamboat"));

  private final List<Noun> nouns;

  Thing(Noun... nouns) {
    this.nouns = List.of(nouns);
  }

  /** The usual noun. */
  public Noun noun() {
    return nouns.getFirst();
  }

  /** All nouns, the usual one first. */
  public List<Noun> nouns() {
    return nouns;
  }

  /** The singular of every noun, the usual one first. */
  public List<String> words() {
    return nouns.stream().map(Noun::singular).toList();
  }

  /** The stable lower-case name used in files and metadata. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
