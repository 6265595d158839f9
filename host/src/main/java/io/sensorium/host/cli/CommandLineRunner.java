package io.sensorium.host.cli;

import io.sensorium.host.launch.Problems;
import java.lang.reflect.Constructor;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Parses a command line and runs its command; every failure becomes one line and an exit code. */
final class CommandLineRunner {
  private final CommandContext context;
  private final CommandLine commandLine;

  CommandLineRunner(CommandContext context) {
    this.context = context;
    Commands commands = new Commands(context);
    this.commandLine =
        new CommandLine(commands.create(SensoriumCommand.class), commands)
            .setOut(context.out())
            .setErr(context.err())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setUsageHelpAutoWidth(true)
            .setParameterExceptionHandler((failure, arguments) -> explain(failure))
            .setExecutionExceptionHandler((failure, command, parsed) -> explain(failure));
  }

  /** Runs one command line and answers the exit code. */
  int run(String... arguments) {
    int code = commandLine.execute(arguments);
    context.out().flush();
    context.err().flush();
    return code;
  }

  private int explain(ParameterException failure) {
    StringBuilder line = new StringBuilder(plain(Problems.line(failure)));
    if (failure instanceof UnmatchedArgumentException unmatched) {
      List<String> suggestions = unmatched.getSuggestions();
      if (!suggestions.isEmpty()) {
        line.append("; did you mean ").append(String.join(" or ", suggestions)).append('?');
      }
    }
    complain(line.toString(), failure);
    return ExitCode.USAGE;
  }

  /** The line begins with the command's name already, and picocli doubles a word of its own. */
  private static String plain(String line) {
    return (line.startsWith("Error: ") ? line.substring("Error: ".length()) : line)
        .replace("option option ", "option ");
  }

  private int explain(Exception failure) {
    complain(Problems.line(failure), failure);
    return ExitCode.FAILURE;
  }

  private void complain(String line, Exception failure) {
    context.err().println("sensorium: " + line);
    if (context.options().verbose()) {
      failure.printStackTrace(context.err());
    }
  }

  /** Makes commands, which take the context, and picocli's own helpers, which take nothing. */
  private static final class Commands implements IFactory {
    private final CommandContext context;

    Commands(CommandContext context) {
      this.context = context;
    }

    @Override
    public <K> K create(Class<K> type) {
      try {
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
          if (constructor.getParameterCount() == 1
              && constructor.getParameterTypes()[0] == CommandContext.class) {
            return type.cast(constructor.newInstance(context));
          }
        }
        return CommandLine.defaultFactory().create(type);
      } catch (Exception e) {
        throw new IllegalStateException("cannot make the command " + type.getName(), e);
      }
    }
  }
}
