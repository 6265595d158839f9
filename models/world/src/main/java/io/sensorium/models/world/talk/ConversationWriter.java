package io.sensorium.models.world.talk;

import io.sensorium.models.world.Scene;
import io.sensorium.models.world.SceneSampler;
import io.sensorium.models.world.Split;
import io.sensorium.models.world.talk.Medium.Sense;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Draws scenes of one split, tells them, and asks about them. Of the splits other than {@link
 * Split#TRAIN} sounds are drawn from the triples that training never hears. Immutable and
 * thread-safe; all randomness comes from the call's generator.
 */
public final class ConversationWriter {

  private static final int ATTEMPTS = 1_000;

  private final Split split;
  private final SceneSampler scenes = new SceneSampler(0.45);

  /** A writer of conversations about scenes of {@code split}. */
  public ConversationWriter(Split split) {
    this.split = Objects.requireNonNull(split, "split");
  }

  /**
   * A conversation of any kind.
   *
   * @param exchanges at most so many, at least 1; fewer where the media give no more answers
   */
  public Conversation write(int exchanges, RandomGenerator random) {
    if (random.nextInt(40) == 0) {
      List<Exchange> bare = new ArrayList<>();
      for (int index = 0; index < exchanges; index++) {
        bare.add(SumQuestions.bare(random));
      }
      return new Conversation(List.of(), bare);
    }
    int media = random.nextInt(10) < 6 ? 1 : random.nextInt(10) < 7 ? 2 : random.nextInt(3, 5);
    return Talk.about(media(media, random), exchanges, random);
  }

  /**
   * As {@link #write}, about a given number of media.
   *
   * @param media 1..4
   */
  public Conversation write(int media, int exchanges, RandomGenerator random) {
    return Talk.about(media(media, random), exchanges, random);
  }

  /**
   * An easy conversation: for attributes of one medium that tells everything.
   *
   * @param twoKindShare the probability, 0..1, that the medium shows two kinds, between which a
   *     reader has to choose
   */
  public Conversation lesson(double twoKindShare, int exchanges, RandomGenerator random) {
    Sense sense = random.nextInt(10) < 7 ? Sense.PICTURE : Sense.SOUND;
    Scene scene = draw(sense, new SceneSampler(twoKindShare), random);
    return Talk.lesson(Talk.tell(sense, scene, true, random), exchanges, random);
  }

  /**
   * One exchange of a given kind about one medium that tells everything.
   *
   * @throws IllegalArgumentException where the kind cannot be asked of the sense, such as the
   *     colour of a sound
   */
  public Conversation examine(Sense sense, QuestionKind kind, RandomGenerator random) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Medium medium = Talk.tell(sense, draw(sense, scenes, random), true, random);
      Optional<Exchange> exchange = Talk.ask(kind, medium, random);
      if (exchange.isPresent() && !exchange.get().open()) {
        return new Conversation(List.of(medium), List.of(exchange.get()));
      }
    }
    throw new IllegalArgumentException("no question for %s of a %s".formatted(kind, sense));
  }

  private List<Medium> media(int count, RandomGenerator random) {
    List<Medium> media = new ArrayList<>();
    boolean complete = random.nextInt(10) < 6;
    Scene last = null;
    for (int index = 0; index < count; index++) {
      Sense sense = random.nextInt(10) < 7 ? Sense.PICTURE : Sense.SOUND;
      // Now and then the same scene again, so that media agree more often than by chance.
      boolean again = last != null && random.nextInt(3) == 0 && fits(sense, last);
      Scene scene = again ? last : draw(sense, scenes, random);
      media.add(Talk.tell(sense, scene, complete, random));
      last = scene;
    }
    return media;
  }

  private Scene draw(Sense sense, SceneSampler sampler, RandomGenerator random) {
    Scene scene;
    do {
      // What a sound shares with its picture's split does not matter: it has a rule of its own.
      scene = sense == Sense.PICTURE ? sampler.sample(split, random) : sampler.sample(random);
    } while (!fits(sense, scene));
    return scene;
  }

  private boolean fits(Sense sense, Scene scene) {
    return sense == Sense.PICTURE
        ? Split.of(scene) == split
        : Split.soundHeldOut(scene) == (split != Split.TRAIN);
  }
}
