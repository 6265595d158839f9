package io.sensorium.host.cli;

import io.sensorium.host.operations.Arguments.MemoryArguments;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "memory",
    description = "Shows who holds how much memory of which device, planned and measured.")
final class MemoryCommand implements Callable<Integer> {
  private final CommandContext context;

  @Option(
      names = "--plan",
      paramLabel = "DIR|ID",
      description = "Say whether this checkpoint, package or installed model would fit as well.")
  private String planned;

  @Option(
      names = "--precision",
      paramLabel = "P",
      description = "Of a checkpoint that is planned: fp32 (default), fp16, int8 or int4.")
  private String precision;

  @Spec private CommandSpec spec;

  MemoryCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    MemoryArguments arguments = MemoryArguments.NOTHING_NEW;
    if (planned != null) {
      Path path = Path.of(planned).toAbsolutePath().normalize();
      boolean folder = Files.isDirectory(path);
      arguments =
          Usage.sensible(
              spec,
              () ->
                  new MemoryArguments(
                      folder ? path.toString() : null, folder ? null : planned, precision));
    }
    MemoryArguments asked = arguments;
    return context.answer(
        true,
        (host, call) -> host.memory(asked, call),
        ledger -> new MemoryTable(context.out()).print(ledger));
  }
}
