package io.sensorium.host.cli;

import io.sensorium.host.operations.Arguments.ClassifyArguments;
import io.sensorium.host.operations.Arguments.Item;
import io.sensorium.host.operations.Results.Classification;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(name = "classify", description = "Says which of some labels fits an item best.")
final class ClassifyCommand implements Callable<Integer> {
  @Mixin private ItemOptions items;
  @Mixin private SpaceOptions spaces;

  @Option(
      names = "--labels",
      paramLabel = "LABEL",
      split = ",",
      required = true,
      description = "At least two labels, with commas between them.")
  private List<String> labels = new ArrayList<>();

  @Spec private CommandSpec spec;

  private final CommandContext context;

  ClassifyCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    List<Item> wanted = items.items();
    if (wanted.size() != 1) {
      throw new ParameterException(
          spec.commandLine(), "classify needs exactly one item; got " + wanted.size());
    }
    List<String> stripped = labels.stream().map(String::strip).toList();
    boolean distinct = new HashSet<>(stripped).size() == stripped.size();
    if (stripped.size() < 2 || !distinct || stripped.contains("")) {
      throw new ParameterException(
          spec.commandLine(), "--labels needs at least two different labels; got " + labels);
    }
    ClassifyArguments arguments =
        new ClassifyArguments(wanted.getFirst(), stripped, spaces.choice());
    return context.answer(true, (host, call) -> host.classify(arguments, call), this::print);
  }

  private void print(Classification result) {
    Tables.print(
        context.out(),
        List.of("probability", "label"),
        result.labels().stream()
            .map(
                label ->
                    List.of(String.format(Locale.ROOT, "%.4f", label.probability()), label.label()))
            .toList());
  }
}
