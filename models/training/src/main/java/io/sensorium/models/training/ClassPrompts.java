package io.sensorium.models.training;

import io.sensorium.models.world.Background;
import io.sensorium.models.world.Colour;
import io.sensorium.models.world.Group;
import io.sensorium.models.world.Position;
import io.sensorium.models.world.Prompts;
import io.sensorium.models.world.Scene;
import io.sensorium.models.world.Size;
import io.sensorium.models.world.Thing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * An attribute that can be recognised through sentences alone.
 *
 * @param name what the attribute is called in reports
 * @param prompts sentences for every class
 * @param classOf the class of a scene of one kind
 */
record ClassPrompts(String name, List<List<String>> prompts, ToIntFunction<Scene> classOf) {

  /** What a label is put into before it meets a picture. */
  static final List<String> IMAGE_TEMPLATES = List.of("{}", "a {}", "a picture of a {}", "{}s");

  /** What a label is put into before it meets a sound. */
  static final List<String> AUDIO_TEMPLATES = List.of("{}", "a {}", "the sound of a {}", "{}s");

  /** What a label is put into before it meets anything else. */
  static final List<String> PLAIN_TEMPLATES = List.of("{}", "a {}", "{}s");

  static ClassPrompts thing() {
    return of(
        "thing", Thing.values(), Prompts::of, scene -> Attributes.number(scene.first().thing()));
  }

  static ClassPrompts thingSound() {
    return of(
        "thing-sound",
        Thing.values(),
        Prompts::ofSound,
        scene -> Attributes.number(scene.first().thing()));
  }

  /** Things as the product asks for them: a label in each of a model's templates. */
  static ClassPrompts thingLabel(List<String> templates) {
    return of(
        "thing-label",
        Thing.values(),
        thing ->
            templates.stream()
                .map(template -> template.replace("{}", thing.noun().singular()))
                .toList(),
        scene -> Attributes.number(scene.first().thing()));
  }

  static ClassPrompts count() {
    List<List<String>> prompts =
        IntStream.rangeClosed(1, Group.MAXIMUM_COUNT).mapToObj(Prompts::ofCount).toList();
    return new ClassPrompts("count", prompts, scene -> scene.first().count() - 1);
  }

  static ClassPrompts size() {
    return of("size", Size.values(), Prompts::of, scene -> Attributes.number(scene.first().size()));
  }

  /** All attributes of an image. */
  static List<ClassPrompts> ofImages() {
    return List.of(
        thing(),
        thingLabel(IMAGE_TEMPLATES),
        of(
            "colour",
            Colour.values(),
            Prompts::of,
            scene -> Attributes.number(scene.first().colour())),
        count(),
        size(),
        of(
            "position",
            Position.values(),
            Prompts::of,
            scene -> Attributes.number(scene.positionOf(0))),
        of(
            "background",
            Background.values(),
            Prompts::of,
            scene -> Attributes.number(scene.background())));
  }

  private static <E> ClassPrompts of(
      String name, E[] values, Function<E, List<String>> sentences, ToIntFunction<Scene> classOf) {
    return new ClassPrompts(name, Arrays.stream(values).map(sentences).toList(), classOf);
  }

  /** One unit row per class: the mean of its sentences' embeddings. */
  float[] embed(SentenceEncoder encoder, TextHead head) {
    var rows = new float[prompts.size() * TextHead.WIDTH];
    for (int row = 0; row < prompts.size(); row++) {
      float[] sentences = head.project(encoder.encode(new ArrayList<>(prompts.get(row))));
      for (int i = 0; i < sentences.length; i++) {
        rows[row * TextHead.WIDTH + i % TextHead.WIDTH] += sentences[i];
      }
      Vectors.normalise(rows, row * TextHead.WIDTH, TextHead.WIDTH);
    }
    return rows;
  }
}
