package io.sensorium.host.cli;

import io.sensorium.host.demo.DemoRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "demo",
    description =
        "Makes pictures, sounds and movements, searches them by each other, asks a language model about"
            + " them, plugs in a sense, writes a page.")
final class DemoCommand implements Callable<Integer> {
  @Option(
      names = "--to",
      paramLabel = "DIR",
      description =
          "Where files and page go; replaced by the next demo (default: ./sensorium-demo).")
  private Path folder = Path.of("sensorium-demo");

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Another seed makes other scenes (default: ${DEFAULT-VALUE}).",
      defaultValue = "7")
  private long seed;

  private final CommandContext context;

  DemoCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    boolean json = context.options().json();
    String device = context.options().device() == null ? "cpu" : context.options().device();
    try {
      DemoRun run = DemoRun.in(folder, device, json ? line -> {} : this::tell, seed);
      if (json) {
        context.printJson(run.asJson());
      } else {
        print(run);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ExitCode.OK;
  }

  private void tell(String line) {
    context.out().println("  " + line);
    context.out().flush();
  }

  private void print(DemoRun run) {
    context.out().println();
    Tables.print(
        context.out(),
        List.of("right", "score", "asked", "best answer"),
        run.rows().stream()
            .map(
                row ->
                    List.of(
                        yesOrNo(row.right()),
                        String.format(Locale.ROOT, "%.2f", row.score()),
                        row.asked(),
                        row.answer()))
            .toList());
    context.out().println();
    Tables.print(
        context.out(),
        List.of("right", "asked about", "question", "answer", "truth"),
        run.answerRows().stream()
            .map(
                row ->
                    List.of(
                        yesOrNo(row.right()),
                        row.media(),
                        row.question(),
                        row.answer(),
                        row.truth()))
            .toList());
    context
        .out()
        .printf("%n%s%nPage with pictures and players: %s%n", run.summary(), run.page().toUri());
  }

  private static String yesOrNo(boolean right) {
    return right ? "yes" : "no";
  }
}
