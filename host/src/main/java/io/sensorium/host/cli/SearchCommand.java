package io.sensorium.host.cli;

import io.sensorium.host.operations.Arguments.Item;
import io.sensorium.host.operations.Arguments.SearchArguments;
import io.sensorium.host.operations.Arguments.Term;
import io.sensorium.host.operations.Results.Hits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "search",
    description = "Finds indexed media by a sentence, a picture, a sound, or several together.")
final class SearchCommand implements Callable<Integer> {
  private static final int MOST_HITS = 10_000;

  @Mixin private ItemOptions items;
  @Mixin private SpaceOptions spaces;

  @Option(
      names = "--minus-text",
      paramLabel = "TEXT",
      description = "Take the meaning of a sentence away from the query.")
  private List<String> minusTexts = new ArrayList<>();

  @Option(
      names = "--modality",
      paramLabel = "M",
      split = ",",
      description = "Only items of these modalities.")
  private List<String> modalities = new ArrayList<>();

  @Option(
      names = "--where",
      paramLabel = "KEY=VALUE",
      description = "Only items whose metadata says so, for instance extension=png.")
  private Map<String, String> where = new LinkedHashMap<>();

  @Option(
      names = "--top",
      paramLabel = "N",
      defaultValue = "10",
      description = "How many hits (default: ${DEFAULT-VALUE}).")
  private int top;

  @Option(names = "--hybrid", description = "Let the words of --text count, beside their meaning.")
  private boolean hybrid;

  @Spec private CommandSpec spec;

  private final CommandContext context;

  SearchCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    List<Term> terms = new ArrayList<>();
    for (Item item : items.items()) {
      terms.add(new Term(item, 1));
    }
    if (terms.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "search needs --text, --image, --audio, --video or --input");
    }
    if (top < 1 || top > MOST_HITS) {
      throw new ParameterException(
          spec.commandLine(), "--top must be 1 to %d; got %d".formatted(MOST_HITS, top));
    }
    minusTexts.forEach(text -> terms.add(new Term(Item.text(text), -1)));
    SearchArguments arguments =
        new SearchArguments(terms, hybrid, modalities, where, top, spaces.choice());
    return context.answer(true, (host, call) -> host.search(arguments, call), this::print);
  }

  private void print(Hits hits) {
    if (hits.hits().isEmpty()) {
      context.out().println("Nothing found.");
      return;
    }
    Tables.print(
        context.out(),
        List.of("rank", "score", "modality", "path"),
        hits.hits().stream()
            .map(
                hit ->
                    List.of(
                        Integer.toString(hit.rank()),
                        String.format(Locale.ROOT, "%.3f", hit.score()),
                        hit.modality(),
                        hit.path()))
            .toList());
  }
}
