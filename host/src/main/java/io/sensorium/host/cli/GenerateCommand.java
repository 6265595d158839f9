package io.sensorium.host.cli;

import io.sensorium.host.operations.Call;
import io.sensorium.host.operations.GenerationArguments.Generate;
import io.sensorium.host.operations.Results.Generated;
import java.io.PrintWriter;
import java.util.Locale;
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
    boolean json = context.options().json();
    Call call = CommandContext.longCall();
    Call streaming =
        new Call(call.context(), call.progress(), json ? piece -> {} : this::printPiece);
    return context.answer(
        false,
        streaming,
        (host, asked) -> host.generate(arguments, asked),
        this::printEnd,
        result -> ExitCode.OK);
  }

  private void printPiece(String piece) {
    context.out().print(piece);
    context.out().flush();
  }

  private void printEnd(Generated result) {
    PrintWriter out = context.out();
    // Ids are all that a model without a tokenizer says.
    out.println(result.text().isEmpty() ? result.tokenIds() : "");
    out.flush();
    if (context.isTerminal()) {
      context
          .err()
          .printf(
              Locale.ROOT,
              "%d tokens after %d, %.1f/s, %s%n",
              result.tokenIds().size(),
              result.promptTokens(),
              result.tokensPerSecond(),
              result.finishReason());
    }
  }
}
