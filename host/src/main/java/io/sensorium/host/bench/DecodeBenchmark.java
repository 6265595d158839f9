package io.sensorium.host.bench;

import io.sensorium.api.RequestContext;
import io.sensorium.api.language.LanguageBackend;
import io.sensorium.api.language.SequenceLimits;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.Precision;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.launch.FileTree;
import io.sensorium.host.operations.Arguments.ImportArguments;
import io.sensorium.host.operations.Call;
import io.sensorium.host.operations.LocalOperations;
import io.sensorium.models.checkpoints.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How fast language models with random weights continue a text, against how fast this machine can
 * read its memory: a token at batch 1 reads every weight once. In each round memory is read, one
 * sequence decodes, eight sequences decode together, and a peer decodes, one after the other in one
 * process (the peer in its own), so that only ratios count.
 */
final class DecodeBenchmark {
  private static final Duration LIMIT = Duration.ofHours(1);
  private static final String TABLE = "model.embed_tokens.weight";

  private final Sensorium sensorium;
  private final LocalOperations operations;
  private final Path work;
  private final DecodePlan plan;

  /**
   * @param work a folder that does not exist yet
   */
  DecodeBenchmark(Sensorium sensorium, Path work, DecodePlan plan) {
    this.sensorium = sensorium;
    this.operations = new LocalOperations(sensorium);
    this.work = work;
    this.plan = plan;
  }

  Map<String, Object> run() throws IOException {
    int threads = Runtime.getRuntime().availableProcessors();
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("threads", threads);
    figures.put("tokens", plan.tokens());
    figures.put("rounds", plan.rounds());
    figures.put("spinning", plan.spinning());
    List<Map<String, Object>> models = new ArrayList<>();
    try (BandwidthProbe probe = new BandwidthProbe(threads)) {
      for (RandomLlama size : plan.sizes()) {
        Path checkpoint = size.writeTo(work.resolve(size.label()));
        for (Precision precision : plan.precisions()) {
          models.add(measure(size, checkpoint, precision, probe));
        }
        FileTree.delete(checkpoint);
      }
      figures.put("sumOfProbe", probe.sum());
    }
    figures.put("models", models);
    return figures;
  }

  private Map<String, Object> measure(
      RandomLlama size, Path checkpoint, Precision precision, BandwidthProbe probe)
      throws IOException {
    String id = "llama-%s-%s".formatted(size.label(), precision.label());
    long start = System.nanoTime();
    operations.importModel(
        new ImportArguments(
            checkpoint.toString(), id, null, true, precision.label(), null, null, null),
        Call.within(LIMIT));
    double importSeconds = (System.nanoTime() - start) / 1e9;
    ModelPackage model = sensorium.models().find(id).orElseThrow();
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("model", id);
    figures.put("importSeconds", importSeconds);
    long weightBytes = readBytes(model);
    figures.put("weightBytesPerToken", weightBytes);
    Optional<PeerProcess> peer = startPeer(checkpoint, model, precision);
    try (DecodeTrial trial = open(model)) {
      peer.ifPresent(process -> figures.put("peer", process.greeting()));
      DecodeRates rates = new DecodeRates(weightBytes, size.cacheBytesPerToken());
      warmUp(probe, trial, peer);
      for (int round = 0; round < plan.rounds(); round++) {
        rates.add(probe.bytesPerSecond(), trial, plan.tokens(), peer);
      }
      figures.putAll(rates.figures());
      figures.put("exchangedBytesPerToken", trial.exchangedBytesPerToken());
      figures.put("idAndLogitsBytes", trial.idAndLogitsBytes());
    } finally {
      peer.ifPresent(PeerProcess::close);
    }
    sensorium.models().remove(id);
    return figures;
  }

  private void warmUp(BandwidthProbe probe, DecodeTrial trial, Optional<PeerProcess> peer)
      throws IOException {
    probe.bytesPerSecond();
    trial.warmUp(plan.tokens());
    if (peer.isPresent()) {
      peer.get().measure("decode " + plan.tokens());
    }
  }

  private DecodeTrial open(ModelPackage model) {
    SequenceLimits limits = new SequenceLimits(DecodeTrial.TOGETHER, DecodeTrial.CONTEXT);
    LanguageBackend backend = sensorium.service(LanguageBackend.class);
    return new DecodeTrial(backend.open(model, limits, RequestContext.within(LIMIT)), List.of());
  }

  private Optional<PeerProcess> startPeer(Path checkpoint, ModelPackage model, Precision precision)
      throws IOException {
    if (plan.peer().isEmpty()) {
      return Optional.empty();
    }
    List<String> command = new ArrayList<>(plan.peer());
    command.add(checkpoint.toString());
    command.add(model.graphs().getFirst().path().toString());
    command.add(precision.label());
    command.add(Integer.toString(Runtime.getRuntime().availableProcessors()));
    return Optional.of(new PeerProcess(command));
  }

  /** Every weight but the table, of which a token reads one row. */
  private static long readBytes(ModelPackage model) throws IOException {
    Path converted = model.folder().resolve("weights.safetensors");
    Path file = Files.exists(converted) ? converted : model.folder().resolve("model.safetensors");
    try (SafetensorsFile weights = SafetensorsFile.open(file)) {
      return weights.names().stream()
          .filter(name -> !name.equals(TABLE))
          .mapToLong(name -> weights.tensor(name).data().byteSize())
          .sum();
    }
  }
}
