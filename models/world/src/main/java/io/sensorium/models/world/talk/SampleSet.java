package io.sensorium.models.world.talk;

import io.sensorium.models.world.PngFile;
import io.sensorium.models.world.Scene;
import io.sensorium.models.world.SceneRenderer;
import io.sensorium.models.world.SceneSampler;
import io.sensorium.models.world.Seeds;
import io.sensorium.models.world.Split;
import io.sensorium.models.world.talk.Medium.Sense;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * Writes a small set of samples to train an adapter on: pictures of one kind, and questions about
 * them with their answers in {@code samples.jsonl}. Arguments: the folder, and how many pictures.
 * Equal numbers give equal files.
 */
public final class SampleSet {
  private static final long SEED = 0x5A4D_0001L;
  private static final int SIDE = 80;
  private static final QuestionKind[] ASKED = {
    QuestionKind.COLOUR,
    QuestionKind.COUNT,
    QuestionKind.POSITION,
    QuestionKind.SIZE,
    QuestionKind.THING
  };

  private SampleSet() {}

  /**
   * Writes the set.
   *
   * @throws IOException if a file cannot be written
   */
  public static void main(String... arguments) throws IOException {
    if (arguments.length != 2) {
      throw new IllegalArgumentException(
          "arguments must be FOLDER PICTURES; got " + List.of(arguments));
    }
    write(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
  }

  private static void write(Path folder, int pictures) throws IOException {
    Files.createDirectories(folder);
    var sampler = new SceneSampler(0);
    var renderer = new SceneRenderer();
    var lines = new ArrayList<String>();
    for (int number = 0; number < pictures; number++) {
      RandomGenerator random = Seeds.generator(SEED, number);
      Scene scene = sampler.sample(Split.TRAIN, random);
      String file = String.format(Locale.ROOT, "%03d.png", number);
      PngFile.write(folder.resolve(file), renderer.render(scene, random, SIDE));
      Medium told = Talk.tell(Sense.PICTURE, scene, true, random);
      for (QuestionKind kind : ASKED) {
        Talk.ask(kind, told, random)
            .filter(exchange -> !Answers.isAbsence(exchange.answer()))
            .ifPresent(exchange -> lines.add(line(file, exchange)));
      }
    }
    Files.write(folder.resolve("samples.jsonl"), lines);
  }

  /** The world's words need no escapes. */
  private static String line(String file, Exchange exchange) {
    return "{\"media\": [\"%s\"], \"prompt\": \"%s\", \"answer\": \"%s\"}"
        .formatted(file, exchange.question(), exchange.answer());
  }
}
