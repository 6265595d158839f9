package io.sensorium.host.cli;

import io.sensorium.host.operations.Call;
import io.sensorium.host.operations.Results.Generated;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * Prints a text as it is made, unless JSON is wanted.
 *
 * @param context where to
 */
record StreamedText(CommandContext context) {
  /** A call that may take long and tells its text. */
  Call call() {
    Call plain = CommandContext.longCall();
    boolean json = context.options().json();
    return new Call(plain.context(), plain.progress(), json ? piece -> {} : this::printPiece);
  }

  private void printPiece(String piece) {
    context.out().print(piece);
    context.out().flush();
  }

  /** Ends the line, and tells a person how it went. */
  void printEnd(Generated result) {
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
