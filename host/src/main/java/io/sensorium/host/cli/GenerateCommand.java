package io.sensorium.host.cli;

import io.sensorium.host.operations.GenerationArguments.Generate;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "generate",
    description = "Has a language model go on from a prompt; the text comes as it is made.")
final class GenerateCommand implements Callable<Integer> {
  @Option(
      names = "--model",
      paramLabel = "ID",
      description = "A language model's id (default: ${DEFAULT-VALUE}).",
      defaultValue = "lm-default")
  private String model;

  @Mixin private PromptOptions prompt;
  @Mixin private DecodingFlags decoding;

  private final CommandContext context;

  GenerateCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Generate arguments = new Generate(model, prompt.words(), decoding.manner());
    StreamedText text = new StreamedText(context);
    return context.answer(
        false,
        text.call(),
        (host, asked) -> host.generate(arguments, asked),
        text::printEnd,
        result -> ExitCode.OK);
  }
}
