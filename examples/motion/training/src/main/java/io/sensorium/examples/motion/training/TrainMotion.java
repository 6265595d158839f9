package io.sensorium.examples.motion.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sensorium.api.model.Settings;
import io.sensorium.examples.motion.MotionFeatures;
import io.sensorium.models.training.ImageBinding;
import io.sensorium.models.training.SensedScenes.Condition;
import io.sensorium.models.training.TowerShape;
import io.sensorium.models.world.Scene;
import io.sensorium.models.world.SceneSampler;
import io.sensorium.models.world.Seeds;
import io.sensorium.models.world.Split;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Trains, measures and writes the model of the example.
 *
 * <pre>
 * train-motion train     binds the motion tower to the frozen image tower; goes on where it stopped
 * train-motion evaluate  measures it on combinations that training held out
 * train-motion export    writes the checkpoint, its card and its figures
 * train-motion all       all of it, in this order
 * </pre>
 *
 * The second argument is the repository's root, the third the commit for the figures. One thread.
 */
public final class TrainMotion {
  private static final List<String> COMMANDS = List.of("train", "evaluate", "export");
  private static final String ALL = "all";
  private static final int PAIRS = 220_000;
  private static final int MEASURED = 400;
  private static final long MEASURING_SEED = 0x307_1014L;

  private final Path root;
  private final String commit;
  private final FeltScenes felt;
  private final Map<String, Object> declaration;
  private final ImageBinding binding;

  private TrainMotion(Path root, String commit) {
    this.root = root;
    this.commit = commit;
    declaration = normalising();
    felt = new FeltScenes(features(declaration));
    binding =
        new ImageBinding(
            "motion",
            felt,
            TowerShape.ofSpectrograms(felt.rows(), felt.columns()),
            root.resolve("models/defaults/src/main/checkpoints"),
            root.resolve("examples/motion/training/target/motion"),
            line -> System.out.println(Instant.now().toString().substring(11, 19) + " " + line));
  }

  /** Runs one command; see the class comment. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 3 || !(arguments[0].equals(ALL) || COMMANDS.contains(arguments[0]))) {
      System.err.println(
          "train-motion: a command of %s or %s, the root and the commit are required; got %s"
              .formatted(COMMANDS, ALL, List.of(arguments)));
      System.exit(2);
      return;
    }
    var training = new TrainMotion(Path.of(arguments[1]), arguments[2]);
    for (String command : arguments[0].equals(ALL) ? COMMANDS : List.of(arguments[0])) {
      training.run(command);
    }
  }

  private void run(String command) throws IOException {
    switch (command) {
      case "train" -> binding.train(PAIRS, true);
      case "evaluate" -> binding.evaluate("rough", commit).forEach(TrainMotion::print);
      case "export" -> export();
      default -> throw new IllegalArgumentException("no such command: " + command);
    }
  }

  private static void print(String name, double percent) {
    System.out.printf("%-55s %5.1f %%%n", name, percent);
  }

  private void export() throws IOException {
    ObjectNode preprocessing = new ObjectMapper().valueToTree(declaration);
    binding.export(
        root.resolve("examples/motion/src/main/checkpoints/world-motion"), preprocessing, card());
  }

  private static String card() throws IOException {
    try (InputStream card = TrainMotion.class.getResourceAsStream("world-motion.md")) {
      return new String(card.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static MotionFeatures features(Map<String, Object> declaration) {
    return MotionFeatures.declaredBy(Settings.of("the recipe", declaration));
  }

  /** How files become spectrograms, with the mean and deviation of training motions. */
  private static Map<String, Object> normalising() {
    Map<String, Object> declaration = declaration(0, 1);
    var felt = new FeltScenes(features(declaration));
    var sampler = new SceneSampler(0.3);
    RandomGenerator random = Seeds.generator(MEASURING_SEED);
    var values = new float[felt.rows() * felt.columns()];
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < MEASURED; i++) {
      Scene scene = sampler.sample(Split.TRAIN, random);
      felt.write(scene, Condition.TRAINING, random, values, 0);
      for (float value : values) {
        sum += value;
        squares += (double) value * value;
      }
    }
    double count = (double) MEASURED * values.length;
    double mean = sum / count;
    return declaration(mean, Math.sqrt(squares / count - mean * mean));
  }

  private static Map<String, Object> declaration(double mean, double deviation) {
    var declaration = new LinkedHashMap<String, Object>();
    declaration.put("modality", "motion");
    declaration.put("feature_extractor_type", "MotionSpectrogram");
    declaration.put("sampling_rate", 100);
    declaration.put("window_length", 48);
    declaration.put("fft_length", 64);
    declaration.put("hop_length", 2);
    declaration.put("num_frequencies", 32);
    declaration.put("max_length", 176);
    declaration.put("floor", 1e-4);
    declaration.put("mean", mean);
    declaration.put("std", deviation);
    return declaration;
  }
}
