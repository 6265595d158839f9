package io.sensorium.host.cli;

import io.sensorium.api.RequestContext;
import io.sensorium.host.operations.Arguments.Item;
import io.sensorium.host.operations.Arguments.Items;
import io.sensorium.host.operations.Call;
import io.sensorium.host.operations.HostOperations;
import io.sensorium.host.operations.Results.Embeddings;
import io.sensorium.host.operations.Results.FailedItem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "embed",
    description =
        "Prints the vectors of items, one a line: sentences first, then files; an empty line for an"
            + " item that cannot be embedded.")
final class EmbedCommand implements Callable<Integer> {
  /** A few runs full; the next ones are asked for once these are printed. */
  static final int ITEMS_AT_ONCE = 128;

  private static final Duration LONGEST = Duration.ofDays(365);
  private static final int SHOWN_CHARACTERS = 40;

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
    List<Embeddings> parts = embed(wanted);
    Embeddings all = joined(parts);
    if (all.failed().size() == wanted.size()) {
      return ExitCode.FAILURE;
    }
    if (context.options().json()) {
      context.printJson(all);
    }
    return all.failed().isEmpty() ? ExitCode.OK : ExitCode.PARTLY;
  }

  private List<Embeddings> embed(List<Item> wanted) {
    RequestContext whole = RequestContext.within(LONGEST);
    AtomicReference<Call> running = new AtomicReference<>(CommandContext.usualCall());
    context.onInterruption(
        () -> {
          whole.cancel();
          running.get().context().cancel();
        });
    List<Embeddings> parts = new ArrayList<>();
    try (HostOperations host = context.connect(true)) {
      for (int from = 0; from < wanted.size(); from += ITEMS_AT_ONCE) {
        List<Item> part = wanted.subList(from, Math.min(from + ITEMS_AT_ONCE, wanted.size()));
        running.set(CommandContext.usualCall());
        whole.check("all items were embedded");
        Embeddings result = host.embed(new Items(part, spaces.choice()), running.get());
        result.failed().forEach(failed -> complain(part.get(failed.item()), failed.reason()));
        parts.add(result);
        print(result);
      }
    }
    return parts;
  }

  private void complain(Item item, String reason) {
    context.warn("%s cannot be embedded: %s".formatted(name(item), reason));
  }

  private static String name(Item item) {
    if (item.file() != null) {
      return item.file();
    }
    String text = item.text().lines().findFirst().orElse("");
    return text.length() <= SHOWN_CHARACTERS
        ? "'" + text + "'"
        : "'" + text.substring(0, SHOWN_CHARACTERS) + "...'";
  }

  private void print(Embeddings result) {
    if (context.options().json()) {
      return;
    }
    for (List<Float> embedding : result.embeddings()) {
      context
          .out()
          .println(
              embedding == null
                  ? ""
                  : embedding.stream().map(Object::toString).collect(Collectors.joining(" ")));
    }
    context.out().flush();
  }

  private static Embeddings joined(List<Embeddings> parts) {
    List<List<Float>> vectors = new ArrayList<>();
    List<FailedItem> failed = new ArrayList<>();
    for (Embeddings part : parts) {
      for (FailedItem item : part.failed()) {
        failed.add(new FailedItem(vectors.size() + item.item(), item.reason()));
      }
      vectors.addAll(part.embeddings());
    }
    Embeddings told =
        parts.stream()
            .filter(part -> Objects.nonNull(part.space()))
            .findFirst()
            .orElseGet(parts::getFirst);
    return new Embeddings(told.space(), told.version(), told.dimension(), vectors, failed);
  }
}
