package io.sensorium.host.bench;

import io.sensorium.api.RequestContext;
import io.sensorium.api.language.AdaptableDecoder;
import io.sensorium.api.language.AdaptableDecoder.Size;
import io.sensorium.api.language.LanguageBackend;
import io.sensorium.api.language.LanguageModel;
import io.sensorium.api.language.LowRankAdapter;
import io.sensorium.api.language.LowRankAdapter.Factors;
import io.sensorium.api.language.SequenceLimits;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.Precision;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.launch.FileTree;
import io.sensorium.host.operations.Arguments.ImportArguments;
import io.sensorium.host.operations.Call;
import io.sensorium.host.operations.LocalOperations;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What low-rank adapters cost a language model with random weights. In each round it opens in its
 * plain form and decodes, then in its adaptable one, and decodes without an adapter, with one, and
 * eight sequences with an adapter each; ratios are of one round.
 */
final class AdapterBenchmark {
  private static final Duration LIMIT = Duration.ofHours(1);
  private static final double DEVIATION = 0.001;

  private final Sensorium sensorium;
  private final LocalOperations operations;
  private final Path work;
  private final DecodePlan plan;
  private final int rank;

  /**
   * @param work a folder that does not exist yet
   * @param rank of every adapter in every linear layer
   */
  AdapterBenchmark(Sensorium sensorium, Path work, DecodePlan plan, int rank) {
    if (rank < 1) {
      throw new IllegalArgumentException("a rank must be at least 1; got " + rank);
    }
    this.sensorium = sensorium;
    this.operations = new LocalOperations(sensorium);
    this.work = work;
    this.plan = plan;
    this.rank = rank;
  }

  Map<String, Object> run() throws IOException {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("threads", Runtime.getRuntime().availableProcessors());
    figures.put("tokens", plan.tokens());
    figures.put("rounds", plan.rounds());
    figures.put("rank", rank);
    figures.put("adapters", DecodeTrial.TOGETHER);
    List<Map<String, Object>> models = new ArrayList<>();
    for (RandomLlama size : plan.sizes()) {
      Path checkpoint = size.writeTo(work.resolve(size.label()));
      for (Precision precision : plan.precisions()) {
        models.add(measure(size, checkpoint, precision));
      }
      FileTree.delete(checkpoint);
    }
    figures.put("models", models);
    return figures;
  }

  private Map<String, Object> measure(RandomLlama size, Path checkpoint, Precision precision) {
    String id = "llama-%s-%s".formatted(size.label(), precision.label());
    operations.importModel(
        new ImportArguments(
            checkpoint.toString(), id, null, true, precision.label(), null, null, null),
        Call.within(LIMIT));
    ModelPackage model = sensorium.models().find(id).orElseThrow();
    List<LowRankAdapter> adapters = adapters(model);
    AdapterRates rates = new AdapterRates();
    for (int round = -1; round < plan.rounds(); round++) {
      round(model, adapters, round < 0 ? new AdapterRates() : rates);
    }
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("model", id);
    figures.put("adapterBytes", adapters.getFirst().bytes());
    figures.putAll(rates.figures());
    sensorium.models().remove(id);
    return figures;
  }

  private void round(ModelPackage model, List<LowRankAdapter> adapters, AdapterRates rates) {
    int tokens = plan.tokens();
    try (DecodeTrial plain = new DecodeTrial(open(model, false), List.of())) {
      plain.alone(tokens / 4);
      rates.plain().add(plain.alone(tokens));
      rates.plainTogether().add(plain.together(tokens));
    }
    try (DecodeTrial none = new DecodeTrial(open(model, true), List.of())) {
      none.alone(tokens / 4);
      rates.adaptable().add(none.alone(tokens));
      rates.adaptableTogether().add(none.together(tokens));
    }
    try (DecodeTrial one = new DecodeTrial(open(model, true), adapters.subList(0, 1))) {
      one.alone(tokens / 4);
      rates.one().add(one.alone(tokens));
      rates.oneTogether().add(one.together(tokens));
    }
    try (DecodeTrial each = new DecodeTrial(open(model, true), adapters)) {
      each.alone(tokens / 4);
      rates.amongAll().add(each.alone(tokens));
      rates.eachTogether().add(each.together(tokens));
    }
  }

  private LanguageModel open(ModelPackage model, boolean adaptable) {
    SequenceLimits limits =
        new SequenceLimits(DecodeTrial.TOGETHER, DecodeTrial.CONTEXT, adaptable);
    return sensorium
        .service(LanguageBackend.class)
        .open(model, limits, RequestContext.within(LIMIT));
  }

  private List<LowRankAdapter> adapters(ModelPackage model) {
    AdaptableDecoder decoder =
        AdaptableDecoder.of(model.graphs().getFirst().manifest()).orElseThrow();
    List<LowRankAdapter> adapters = new ArrayList<>();
    for (int number = 0; number < DecodeTrial.TOGETHER; number++) {
      SplittableRandom random = new SplittableRandom(number);
      Map<String, Factors> linears = new LinkedHashMap<>();
      for (String name : decoder.names()) {
        Size size = decoder.find(name).orElseThrow();
        linears.put(name, new Factors(drawn(random, size.in()), drawn(random, size.out())));
      }
      adapters.add(new LowRankAdapter("random " + number, linears));
    }
    return adapters;
  }

  private Tensor drawn(SplittableRandom random, int width) {
    float[] numbers = new float[rank * width];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) (DEVIATION * random.nextGaussian());
    }
    return Tensor.ofFloats(Shape.of(rank, width), numbers);
  }
}
