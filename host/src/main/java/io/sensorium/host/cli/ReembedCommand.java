package io.sensorium.host.cli;

import io.sensorium.host.operations.Arguments.ReembedAction;
import io.sensorium.host.operations.Arguments.ReembedArguments;
import io.sensorium.host.operations.Call;
import io.sensorium.host.operations.Results.KeptItem;
import io.sensorium.host.operations.Results.Reembedding;
import io.sensorium.host.operations.Results.SpaceChange;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "reembed",
    description = "Shows, pauses, resumes and hurries how items follow a space to its new version.")
final class ReembedCommand implements Runnable {
  @Spec private CommandSpec spec;

  private final CommandContext context;

  ReembedCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "reembed needs status, pause, resume or now");
  }

  @Command(name = "status", description = "Shows which items are in older versions of a space.")
  int status() {
    return ask(ReembedAction.STATUS);
  }

  @Command(name = "pause", description = "Leaves items where they are, until they are resumed.")
  int pause() {
    return ask(ReembedAction.PAUSE);
  }

  @Command(name = "resume", description = "Goes on.")
  int resume() {
    return ask(ReembedAction.RESUME);
  }

  @Command(
      name = "now",
      description = "Moves everything now, on the whole machine, and waits for the end.")
  int now(
      @Option(names = "--forget", description = "Remove items that cannot be embedded again.")
          boolean forget) {
    ReembedAction action = forget ? ReembedAction.NOW_AND_FORGET : ReembedAction.NOW;
    ProgressLine line = new ProgressLine(context.err(), context.isTerminal());
    return context.answer(
        true,
        Call.unhurried(line::show),
        (host, call) -> {
          try {
            return host.reembed(new ReembedArguments(action), call);
          } finally {
            line.clear();
          }
        },
        this::print,
        result -> result.kept().isEmpty() ? ExitCode.OK : ExitCode.PARTLY);
  }

  private int ask(ReembedAction action) {
    return context.answer(
        false, (host, call) -> host.reembed(new ReembedArguments(action), call), this::print);
  }

  private void print(Reembedding result) {
    PrintWriter out = context.out();
    if (!result.changes().isEmpty()) {
      Tables.print(
          out,
          List.of("from", "to", "modality", "items", "waits for"),
          result.changes().stream().map(ReembedCommand::row).toList());
    }
    for (KeptItem kept : result.kept()) {
      out.println("stays " + kept.id() + ": " + kept.reason());
    }
    out.printf(
        Locale.ROOT,
        "%s: %d moved, %d removed, %.0f/s%n",
        result.state(),
        result.moved(),
        result.removed(),
        result.perSecond());
    result.dropped().forEach(version -> out.println("out of service: " + version));
  }

  private static List<String> row(SpaceChange change) {
    return List.of(
        change.from(),
        change.to(),
        change.modality(),
        Long.toString(change.items()),
        String.join(", ", change.waitingFor()));
  }
}
