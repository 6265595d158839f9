package io.sensorium.host.cli;

import io.sensorium.api.model.Precision;
import io.sensorium.host.bench.DecodePlan;
import io.sensorium.host.bench.RandomLlama;
import java.util.List;
import picocli.CommandLine.Option;

/** How much {@code bench decode} and {@code bench adapters} do. */
final class DecodeOptions {
  @Option(
      names = "--sizes",
      paramLabel = "SIZE",
      split = ",",
      defaultValue = "160m,1b",
      description = "decode, adapters: 20m, 160m, 1b (default: ${DEFAULT-VALUE}).")
  private List<String> sizes;

  @Option(
      names = "--precisions",
      paramLabel = "P",
      split = ",",
      defaultValue = "fp32,int8,int4",
      description = "decode, adapters: fp32, fp16, int8, int4 (default: ${DEFAULT-VALUE}).")
  private List<String> precisions;

  @Option(
      names = "--tokens",
      paramLabel = "N",
      defaultValue = "64",
      description = "decode, adapters: tokens for a figure (default: ${DEFAULT-VALUE}).")
  private int tokens;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "7",
      description =
          "decode, adapters: rounds that a figure is the median of (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--spinning",
      description =
          "decode: let threads wait busily between a run's operators; for machines of one's own.")
  private boolean spinning;

  DecodePlan plan(List<String> peer) {
    return new DecodePlan(
        sizes.stream().map(RandomLlama::parse).toList(),
        precisions.stream().map(Precision::parse).toList(),
        tokens,
        rounds,
        spinning,
        peer);
  }
}
