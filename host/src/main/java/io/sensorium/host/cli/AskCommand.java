package io.sensorium.host.cli;

import io.sensorium.host.api.Question;
import io.sensorium.host.operations.AskArguments;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "ask",
    description =
        "Has a language model answer a question about pictures and sounds; the answer comes as it is"
            + " made.")
final class AskCommand implements Callable<Integer> {
  @Parameters(paramLabel = "QUESTION", description = "What to answer.")
  private String question;

  @Option(
      names = "--model",
      paramLabel = "ID",
      description = "A language model's id (default: ${DEFAULT-VALUE}).",
      defaultValue = Question.DEFAULT_MODEL)
  private String model;

  @Mixin private MediaOptions media;
  @Mixin private DecodingFlags decoding;

  private final CommandContext context;

  AskCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    AskArguments arguments = new AskArguments(model, media.items(), question, decoding.manner());
    StreamedText text = new StreamedText(context);
    return context.answer(
        !arguments.media().isEmpty(),
        text.call(),
        (host, asked) -> host.ask(arguments, asked),
        text::printEnd,
        result -> ExitCode.OK);
  }
}
