package io.sensorium.host.cli;

import io.sensorium.host.operations.GenerationArguments.Words;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** What a language model is to go on from. */
final class PromptOptions {
  private static final long MAXIMUM_BYTES = 1 << 19;

  @ArgGroup(multiplicity = "1")
  private Source source;

  @Option(
      names = "--system",
      paramLabel = "TEXT",
      description = "What the chat template is told before the question.")
  private String system;

  /** Exactly one of these. */
  static final class Source {
    @Option(names = "--prompt", paramLabel = "TEXT", description = "Words to be continued.")
    private String text;

    @Option(
        names = "--prompt-file",
        paramLabel = "FILE",
        description = "A file of words to be continued, in UTF-8.")
    private Path file;

    @Option(
        names = "--prompt-ids",
        paramLabel = "ID",
        split = ",",
        description = "Token ids to be continued, with commas between them.")
    private List<Integer> ids;

    @Option(
        names = "--question",
        paramLabel = "TEXT",
        description = "A question, asked through the model's chat template.")
    private String question;
  }

  Words words() {
    String text =
        source.file == null ? source.text : TextFile.read("a prompt", source.file, MAXIMUM_BYTES);
    return new Words(text, source.ids, source.question, system);
  }
}
