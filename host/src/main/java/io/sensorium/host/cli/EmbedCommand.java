package io.sensorium.host.cli;

import io.sensorium.host.operations.Arguments.Item;
import io.sensorium.host.operations.Arguments.Items;
import io.sensorium.host.operations.Results.Embeddings;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "embed",
    description = "Prints the vectors of items, one a line: sentences first, then files.")
final class EmbedCommand implements Callable<Integer> {
  @Mixin private ItemOptions items;
  @Mixin private SpaceOptions spaces;
  @Spec private CommandSpec spec;

  private final CommandContext context;

  EmbedCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    List<Item> wanted = items.items();
    if (wanted.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "embed needs --text, --image, --audio, --video or --input");
    }
    return context.answer(
        true, (host, call) -> host.embed(new Items(wanted, spaces.choice()), call), this::print);
  }

  private void print(Embeddings result) {
    for (List<Float> embedding : result.embeddings()) {
      context
          .out()
          .println(embedding.stream().map(Object::toString).collect(Collectors.joining(" ")));
    }
  }
}
