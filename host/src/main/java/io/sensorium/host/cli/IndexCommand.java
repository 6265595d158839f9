package io.sensorium.host.cli;

import io.sensorium.host.operations.Arguments.IndexArguments;
import io.sensorium.host.operations.Call;
import io.sensorium.host.operations.Results.Indexing;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "index",
    description =
        "Makes files and folders searchable; goes on where it was interrupted, skips what is"
            + " unchanged, forgets what is gone.")
final class IndexCommand implements Callable<Integer> {
  @Parameters(arity = "1..*", paramLabel = "PATH", description = "Files and folders.")
  private List<Path> paths = new ArrayList<>();

  @Mixin private SpaceOptions spaces;

  private final CommandContext context;

  IndexCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    List<String> absolute =
        paths.stream().map(path -> path.toAbsolutePath().normalize().toString()).toList();
    ProgressLine line = new ProgressLine(context.err(), context.isTerminal());
    int code =
        context.answer(
            true,
            Call.unhurried(line::show),
            (host, call) -> {
              try {
                return host.index(new IndexArguments(absolute, spaces.choice()), call);
              } finally {
                line.clear();
              }
            },
            this::print,
            result -> result.unreadable().isEmpty() ? ExitCode.OK : ExitCode.PARTLY);
    return code;
  }

  private void print(Indexing result) {
    PrintWriter out = context.out();
    result
        .unreadable()
        .forEach(left -> out.println("left out " + left.path() + ": " + left.reason()));
    out.printf(
        "%d indexed, %d unchanged, %d removed, %d left out in %.1f s%n",
        result.indexed(),
        result.unchanged(),
        result.removed(),
        result.unreadable().size(),
        result.seconds());
  }
}
