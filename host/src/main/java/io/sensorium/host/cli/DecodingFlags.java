package io.sensorium.host.cli;

import io.sensorium.host.operations.GenerationArguments.Manner;
import io.sensorium.host.operations.GenerationArguments.Penalties;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How a text is made. */
final class DecodingFlags {
  private static final String SAMPLE = "sample";
  private static final long MAXIMUM_SCHEMA_BYTES = 1 << 22;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description = "Tokens at most (default: ${DEFAULT-VALUE}).",
      defaultValue = "128")
  private int maxTokens;

  @Option(names = "--ignore-eos", description = "Go on where the model would end.")
  private boolean ignoreEnd;

  @Option(
      names = "--strategy",
      paramLabel = "NAME[,SETTING=VALUE...]",
      description =
          "greedy; sample,temperature=,top-k=,top-p=,min-p=,typical-p=; beam,width=,length-penalty=,"
              + "early-stopping=; contrastive,top-k=,alpha= (default: ${DEFAULT-VALUE}).",
      defaultValue = "greedy")
  private String strategy;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Equal seeds sample equal texts; other strategies need none.")
  private Long seed;

  @Option(
      names = "--stop",
      paramLabel = "TEXT",
      description = "A text before which to end; may be given more than once.")
  private List<String> stops = new ArrayList<>();

  @Option(
      names = "--repetition-penalty",
      paramLabel = "X",
      description = "Above 1: less of what stands there already (default: ${DEFAULT-VALUE}).",
      defaultValue = "1")
  private double repetition;

  @Option(
      names = "--presence-penalty",
      paramLabel = "X",
      description = "Off the logits of tokens that were made (default: ${DEFAULT-VALUE}).",
      defaultValue = "0")
  private double presence;

  @Option(
      names = "--frequency-penalty",
      paramLabel = "X",
      description = "The same, as often as they were made (default: ${DEFAULT-VALUE}).",
      defaultValue = "0")
  private double frequency;

  @Option(
      names = "--token-healing",
      description = "Let the prompt's last token become a longer one that begins with it.")
  private boolean tokenHealing;

  @Option(
      names = "--log-probs",
      paramLabel = "N",
      description =
          "With --json: each token's log-probability, and those of the N most probable ones.",
      defaultValue = "-1")
  private int logProbabilities;

  @Option(
      names = "--json-schema",
      paramLabel = "FILE",
      description = "Answer with JSON that satisfies this schema.")
  private Path jsonSchema;

  @Option(
      names = "--lora",
      paramLabel = "ID",
      description = "Speak with this low-rank adapter of the model.")
  private String adapter;

  /**
   * All of it.
   *
   * @throws picocli.CommandLine.ParameterException if a value makes no sense
   */
  Manner manner() {
    Manner manner = asGiven();
    var _ = Usage.sensible(spec, manner::options);
    return manner;
  }

  private Manner asGiven() {
    boolean samples = strategy.strip().equals(SAMPLE) || strategy.strip().startsWith(SAMPLE + ",");
    return new Manner(
        seed != null && samples ? strategy + ",seed=" + seed : strategy,
        new Penalties(repetition, presence, frequency),
        maxTokens,
        ignoreEnd,
        stops,
        tokenHealing,
        logProbabilities,
        jsonSchema == null
            ? null
            : TextFile.read("a JSON schema", jsonSchema, MAXIMUM_SCHEMA_BYTES),
        adapter);
  }
}
