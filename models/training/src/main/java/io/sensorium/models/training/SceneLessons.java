package io.sensorium.models.training;

import io.sensorium.models.training.adapters.Lesson;
import io.sensorium.models.world.Scene;
import io.sensorium.models.world.SceneSampler;
import io.sensorium.models.world.Seeds;
import io.sensorium.models.world.Split;
import io.sensorium.models.world.talk.Conversation;
import io.sensorium.models.world.talk.Exchange;
import io.sensorium.models.world.talk.Medium;
import io.sensorium.models.world.talk.Medium.Sense;
import io.sensorium.models.world.talk.QuestionKind;
import io.sensorium.models.world.talk.Talk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.random.RandomGenerator;

/**
 * Talk about scenes that are really shown: questions with their answers, in the default language
 * model's form of a conversation. One thread at a time.
 */
final class SceneLessons {
  private static final int ATTEMPTS = 64;
  private static final double COMPANY_SHARE = 0.1;

  private final ConversationTokens tokens;
  private final Sense sense;
  private final List<Scene> scenes;
  private final SceneSampler others = new SceneSampler(0.3);

  /**
   * @param scenes by the numbers of their media
   */
  SceneLessons(ConversationTokens tokens, Sense sense, List<Scene> scenes) {
    this.tokens = tokens;
    this.sense = sense;
    this.scenes = List.copyOf(scenes);
  }

  /**
   * A conversation about a scene, now and then with another medium that is told in words.
   *
   * @param exchanges at most so many
   */
  Lesson draw(int medium, int exchanges, RandomGenerator random) {
    var media = new ArrayList<Medium>();
    media.add(Talk.tell(sense, scenes.get(medium), true, random));
    int shown = 0;
    if (random.nextDouble() < COMPANY_SHARE) {
      Sense other = random.nextBoolean() ? Sense.PICTURE : Sense.SOUND;
      shown = random.nextInt(2);
      Scene scene = others.sample(Split.TRAIN, random);
      media.add(1 - shown, Talk.tell(other, scene, true, random));
    }
    return lesson(medium, shown, Talk.about(media, exchanges, random));
  }

  /** One question of a kind about a scene; empty where the kind cannot be asked. */
  Optional<Lesson> ask(int medium, QuestionKind kind, RandomGenerator random) {
    Medium told = Talk.tell(sense, scenes.get(medium), true, random);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Optional<Exchange> exchange = Talk.ask(kind, told, random);
      if (exchange.isPresent() && !exchange.get().open()) {
        var talk = new Conversation(List.of(told), List.of(exchange.get()));
        return Optional.of(lesson(medium, 0, talk));
      }
    }
    return Optional.empty();
  }

  private Lesson lesson(int medium, int shown, Conversation talk) {
    var lesson = new Lesson.Builder();
    lesson.given(LanguageTokenizer.id("<|begin|>"), LanguageTokenizer.id("<|user|>"));
    for (int index = 0; index < talk.media().size(); index++) {
      Medium told = talk.media().get(index);
      String name = told.sense() == Sense.PICTURE ? "<|picture|>" : "<|sound|>";
      lesson.given(LanguageTokenizer.id(name));
      if (index == shown) {
        lesson.medium(medium);
      } else {
        lesson.given(tokens.encode(told.text()));
      }
      lesson.given(LanguageTokenizer.id("<|close|>"));
    }
    boolean first = true;
    for (Exchange exchange : talk.exchanges()) {
      if (!first) {
        lesson.given(LanguageTokenizer.id("<|user|>"));
      }
      first = false;
      lesson.given(tokens.encode(exchange.question()));
      lesson.given(LanguageTokenizer.id("<|end|>"), LanguageTokenizer.id("<|assistant|>"));
      int[] answer = tokens.encode(exchange.answer());
      int[] ended = Arrays.copyOf(answer, answer.length + 1);
      ended[answer.length] = LanguageTokenizer.id("<|end|>");
      lesson.answer(exchange.kind().id(), ended);
    }
    return lesson.build();
  }

  /**
   * Lessons of a step: of scenes drawn with the seed and the step alone.
   *
   * @param choice draws a medium
   */
  List<Lesson> batch(
      long seed, int step, int size, int exchanges, ToIntFunction<RandomGenerator> choice) {
    var lessons = new ArrayList<Lesson>();
    for (int row = 0; row < size; row++) {
      RandomGenerator random = Seeds.generator(seed + step, row);
      lessons.add(draw(choice.applyAsInt(random), exchanges, random));
    }
    return lessons;
  }
}
