package io.sensorium.host.bench;

import io.sensorium.api.Modality;
import io.sensorium.api.RequestContext;
import io.sensorium.api.encoder.ModalityEncoder;
import io.sensorium.api.encoder.Preprocessor;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.runtime.InferenceRuntime;
import io.sensorium.api.runtime.SessionLease;
import io.sensorium.api.space.EmbeddingService;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.api.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The encoder service against a bare loop over the same session: the same items from the same
 * bytes, the same batch size, in turn and in one process, so that only their ratio counts.
 */
final class EncodeBenchmark {
  private static final Duration LIMIT = Duration.ofMinutes(10);

  private final EmbeddingService service;
  private final InferenceRuntime runtime;
  private final ModelGraph graph;
  private final Modality modality;
  private final List<MediaInput> items;
  private final int batch;

  /**
   * @param items at least one batch
   */
  EncodeBenchmark(
      EmbeddingService service,
      InferenceRuntime runtime,
      ModelGraph graph,
      List<MediaInput> items,
      int batch) {
    this.service = service;
    this.runtime = runtime;
    this.graph = graph;
    this.modality = graph.manifest().modality().orElseThrow();
    this.items = items;
    this.batch = batch;
  }

  /** Runs both in turn and answers rates in items a second and the median ratio. */
  Map<String, Object> run(ModalityEncoder encoder, int rounds) {
    RequestContext context = RequestContext.within(LIMIT);
    List<Double> ratios = new ArrayList<>();
    List<Double> serviceRates = new ArrayList<>();
    List<Double> loopRates = new ArrayList<>();
    List<Double> sessionRates = new ArrayList<>();
    try (Preprocessor preprocessor = encoder.open(graph);
        SessionLease lease = runtime.lease(graph, context)) {
      List<Map<String, Tensor>> prepared = prepareAll(preprocessor);
      for (int round = -1; round < rounds; round++) {
        double loop = rate(() -> bareLoop(preprocessor, lease, context));
        double served = rate(() -> serve(context));
        double session = rate(() -> sessionOnly(prepared, lease, context));
        if (round >= 0) { // the first round warms up
          loopRates.add(loop);
          serviceRates.add(served);
          sessionRates.add(session);
          ratios.add(served / loop);
        }
      }
    }
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("model", graph.model().manifest().id());
    figures.put("batch", batch);
    figures.put("items", items.size());
    figures.put("rounds", rounds);
    figures.put("serviceItemsPerSecond", median(serviceRates));
    figures.put("loopItemsPerSecond", median(loopRates));
    figures.put("sessionAloneItemsPerSecond", median(sessionRates));
    figures.put("serviceToLoop", median(ratios));
    return figures;
  }

  private double rate(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return items.size() / ((System.nanoTime() - start) / 1e9);
  }

  private void serve(RequestContext context) {
    List<CompletableFuture<?>> answers = new ArrayList<>();
    for (MediaInput item : items) {
      answers.add(service.embedAsync(EncodeRequest.of(modality, item), context));
    }
    answers.forEach(CompletableFuture::join);
  }

  private void bareLoop(Preprocessor preprocessor, SessionLease lease, RequestContext context) {
    for (int from = 0; from < items.size(); from += batch) {
      List<Map<String, Tensor>> rows = new ArrayList<>();
      for (MediaInput item : items.subList(from, Math.min(from + batch, items.size()))) {
        rows.add(preprocessor.prepare(item));
      }
      lease.run(stack(rows), context);
    }
  }

  private void sessionOnly(
      List<Map<String, Tensor>> prepared, SessionLease lease, RequestContext context) {
    prepared.forEach(inputs -> lease.run(inputs, context));
  }

  private List<Map<String, Tensor>> prepareAll(Preprocessor preprocessor) {
    List<Map<String, Tensor>> batches = new ArrayList<>();
    for (int from = 0; from < items.size(); from += batch) {
      batches.add(
          stack(
              items.subList(from, Math.min(from + batch, items.size())).stream()
                  .map(preprocessor::prepare)
                  .toList()));
    }
    return batches;
  }

  private static Map<String, Tensor> stack(List<Map<String, Tensor>> rows) {
    Map<String, Tensor> stacked = new LinkedHashMap<>();
    for (String name : rows.getFirst().keySet()) {
      Tensor first = rows.getFirst().get(name);
      Tensor all = Tensor.allocate(first.type(), first.shape().with(0, rows.size()));
      for (int i = 0; i < rows.size(); i++) {
        MemorySegment row = rows.get(i).get(name).data();
        MemorySegment.copy(row, 0, all.data(), i * row.byteSize(), row.byteSize());
      }
      stacked.put(name, all);
    }
    return stacked;
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
