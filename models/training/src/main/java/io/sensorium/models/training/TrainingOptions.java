package io.sensorium.models.training;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * The command line of {@link TrainDefaults}. Immutable.
 *
 * @param pairs instead of the recipe's number
 */
record TrainingOptions(
    Command command, Path work, Path target, boolean resume, OptionalInt pairs, String commit) {

  enum Command {
    IMAGE,
    AUDIO,
    LANGUAGE,
    EVALUATE,
    EXPORT,
    ADAPTERS,
    ALL
  }

  static TrainingOptions parse(String... arguments) {
    Command command = null;
    Path work = Path.of("models/training/target/defaults");
    Path target = Path.of("models/defaults/src/main/checkpoints");
    boolean resume = false;
    OptionalInt pairs = OptionalInt.empty();
    String commit = "unknown";
    for (int i = 0; i < arguments.length; i++) {
      String argument = arguments[i];
      switch (argument) {
        case "--resume" -> resume = true;
        case "--work" -> work = Path.of(value(arguments, ++i));
        case "--to" -> target = Path.of(value(arguments, ++i));
        case "--pairs" -> pairs = OptionalInt.of(positive(value(arguments, ++i)));
        case "--commit" -> commit = value(arguments, ++i);
        default -> {
          if (command != null) {
            throw new IllegalArgumentException("one command is required; found also " + argument);
          }
          command = command(argument);
        }
      }
    }
    if (command == null) {
      throw new IllegalArgumentException("a command is required: " + names());
    }
    return new TrainingOptions(command, work, target, resume, pairs, commit);
  }

  private static Command command(String name) {
    return Arrays.stream(Command.values())
        .filter(command -> command.name().toLowerCase(Locale.ROOT).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the command must be one of %s; found %s".formatted(names(), name)));
  }

  private static String names() {
    return Arrays.toString(Command.values()).toLowerCase(Locale.ROOT);
  }

  private static String value(String[] arguments, int index) {
    if (index >= arguments.length) {
      throw new IllegalArgumentException(arguments[index - 1] + " needs a value");
    }
    return arguments[index];
  }

  private static int positive(String text) {
    try {
      int number = Integer.parseInt(text);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("--pairs must be a whole number; found " + text, e);
    }
    throw new IllegalArgumentException("--pairs must be positive; found " + text);
  }
}
