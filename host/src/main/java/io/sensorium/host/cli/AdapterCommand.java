package io.sensorium.host.cli;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "adapter",
    description = "Trains and lists adapters, through which language models see and hear.")
final class AdapterCommand implements Runnable {
  private static final int DEFAULT_EPOCHS = 20;

  @Spec private CommandSpec spec;

  private final CommandContext context;

  AdapterCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "adapter needs train or list");
  }

  @Command(name = "list", description = "Lists installed adapters.")
  int list() {
    return context.answer(false, AdapterTable::read, this::print);
  }

  private void print(AdapterTable table) {
    table.print(context.out());
  }

  @Command(
      name = "train",
      description =
          "Trains an adapter on samples, in this process, and installs it. Encoder and language"
              + " model stay as they are.")
  int train(
      @Option(
              names = "--data",
              required = true,
              paramLabel = "FILE",
              description =
                  "One JSON object a line: {\"media\": [\"a.png\"], \"prompt\": \"How many"
                      + " bells?\", \"answer\": \"Three.\"}; paths are relative to the file.")
          Path data,
      @Option(
              names = "--encoder",
              paramLabel = "ID",
              defaultValue = "world-image",
              description = "What reads the media (default: ${DEFAULT-VALUE}).")
          String encoder,
      @Option(
              names = "--model",
              paramLabel = "ID",
              defaultValue = "lm-default",
              description = "The language model that shall answer (default: ${DEFAULT-VALUE}).")
          String model,
      @Option(
              names = "--kind",
              paramLabel = "KIND",
              defaultValue = "mlp",
              description =
                  "linear, mlp, query, one_token or zero_gated (default: ${DEFAULT-VALUE}).")
          String kind,
      @Option(
              names = "--id",
              paramLabel = "ID",
              description = "What to call the adapter (default: ENCODER-KIND).")
          String id,
      @Option(
              names = "--to",
              paramLabel = "DIR",
              description =
                  "Where checkpoint, curve and state go (default: the home's folder training/ID).")
          Path folder,
      @Option(
              names = "--epochs",
              paramLabel = "N",
              description = "Times that every sample is learnt from (default: 20).")
          Integer epochs,
      @Option(names = "--steps", paramLabel = "N", description = "Steps, instead of epochs.")
          Integer steps,
      @Option(
              names = "--batch",
              paramLabel = "N",
              defaultValue = "16",
              description = "Samples a step (default: ${DEFAULT-VALUE}).")
          int batch,
      @Option(
              names = "--rate",
              paramLabel = "R",
              defaultValue = "2e-3",
              description = "The highest learning rate (default: ${DEFAULT-VALUE}).")
          double rate,
      @Option(
              names = "--patience",
              paramLabel = "N",
              defaultValue = "4",
              description =
                  "End after so many looks at what is held out without a gain; 0 for never"
                      + " (default: ${DEFAULT-VALUE}).")
          int patience,
      @Option(names = "--resume", description = "Go on where a training was stopped.")
          boolean resume) {
    if (epochs != null && steps != null) {
      throw new ParameterException(spec.commandLine(), "either --epochs or --steps, not both");
    }
    String name = id == null ? encoder + "-" + kind : id;
    Path target =
        folder == null ? context.options().home().resolve("training").resolve(name) : folder;
    TrainingOrder order =
        Usage.sensible(
            spec,
            () ->
                new TrainingOrder(
                    data.toAbsolutePath().normalize(),
                    encoder,
                    model,
                    kind,
                    name,
                    target.toAbsolutePath().normalize(),
                    epochs == null ? DEFAULT_EPOCHS : epochs,
                    steps,
                    batch,
                    rate,
                    patience,
                    resume));
    TrainingOrder.Outcome outcome = trained(order);
    if (context.options().json()) {
      context.printJson(outcome);
    } else {
      outcome.print(context.out());
    }
    return ExitCode.OK;
  }

  private TrainingOrder.Outcome trained(TrainingOrder order) {
    try {
      return Usage.sensible(spec, () -> new AdapterTrainer(context, order)).run();
    } catch (NoClassDefFoundError e) {
      throw new IllegalStateException(
          "adapters are trained with the libraries in the distribution's folder 'training'; start"
              + " the command with ./sensorium, or add them to the class path",
          e);
    }
  }
}
