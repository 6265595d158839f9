package io.sensorium.host.cli;

import io.sensorium.host.bench.Benchmarks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "bench",
    description =
        "Measures on this machine: adapters (what low-rank adapters cost language models), decode"
            + " (language models with random weights against the memory's speed), encode (service"
            + " against a bare loop), hotplug (plug-ins that come, change, go and misbehave under"
            + " load), import (a full-size CLIP ViT-B/32 with random weights), memory (what models"
            + " take against what was planned), search.")
final class BenchCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", description = "One of: ${COMPLETION-CANDIDATES}.")
  private Benchmarks.Name name;

  @Option(
      names = "--vectors",
      paramLabel = "N",
      defaultValue = "100000",
      description = "search: how many vectors (default: ${DEFAULT-VALUE}).")
  private int vectors;

  @Option(
      names = "--peer",
      paramLabel = "COMMAND",
      split = " ",
      description =
          "import, decode: another implementation to measure in turn, for instance"
              + " 'python benchmarks/peers/encode_images.py'.")
  private List<String> peer = new ArrayList<>();

  @Option(
      names = "--rank",
      paramLabel = "N",
      defaultValue = "16",
      description = "adapters: of every linear layer (default: ${DEFAULT-VALUE}).")
  private int rank;

  @Mixin private DecodeOptions decode = new DecodeOptions();

  @Mixin private HotPlugOptions hotPlug = new HotPlugOptions();

  private final CommandContext context;

  BenchCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    String device = context.options().device() == null ? "cpu" : context.options().device();
    try {
      Map<String, Object> figures =
          switch (name) {
            case HOTPLUG -> changeHosts();
            case ADAPTERS -> Benchmarks.adapters(device, decode.plan(peer), rank);
            case DECODE -> Benchmarks.decode(device, decode.plan(peer));
            default -> new Benchmarks(device, vectors, peer).run(name);
          };
      if (context.options().json()) {
        context.printJson(figures);
      } else {
        figures.forEach((key, value) -> context.out().printf("%-24s %s%n", key, value));
      }
      return figures.getOrDefault("broken", List.of()).equals(List.of())
          ? ExitCode.OK
          : ExitCode.FAILURE;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, Object> changeHosts() throws IOException {
    ProgressLine progress = new ProgressLine(context.err(), context.isTerminal());
    try {
      return Benchmarks.hotPlug(
          hotPlug.plan(),
          (done, total, text) ->
              progress.show(done, total, "%d of %d %s".formatted(done, total, text)));
    } finally {
      progress.clear();
    }
  }
}
