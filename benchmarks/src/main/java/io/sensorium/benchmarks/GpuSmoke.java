package io.sensorium.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sensorium.api.Modality;
import io.sensorium.api.RequestContext;
import io.sensorium.api.SensoriumException;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.EmbeddingService;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.api.space.EncoderStatus;
import io.sensorium.benchmarks.DecodeSmoke.Decoded;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.api.SensoriumOptions;
import io.sensorium.host.bench.RandomLlama;
import io.sensorium.host.launch.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Runs the default towers and language models on the processor and on a device, and compares what
 * they answer.
 *
 * <p>Prints one JSON document; exits with 0 when every cosine is at least {@value
 * #REQUIRED_COSINE}, every token chosen greedily is the same, logits are close, and nothing but
 * tokens and logits crosses while decoding; with 1 and one line on the standard error otherwise.
 */
public final class GpuSmoke {
  private static final double REQUIRED_COSINE = 0.999;

  /** Of the largest logit: CUDA multiplies float32 in TF32, and sums float16 in another order. */
  private static final double MOST_LOGIT_DIFFERENCE = 0.02;

  private static final String CPU = "cpu";
  private static final Map<String, String> PROVIDERS =
      Map.of(CPU, "CPUExecutionProvider", "cuda", "CUDAExecutionProvider");
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private GpuSmoke() {}

  /**
   * Takes the commit to note, the device ({@code cuda}, {@code cuda:1}; {@code cpu} tries the check
   * itself), and the size of the random language model.
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 3) {
      System.err.println("gpu smoke: commit, device and size are required");
      System.exit(2);
    }
    try {
      Map<String, Object> report = run(arguments[1], RandomLlama.parse(arguments[2]));
      report.put("commit", arguments[0]);
      System.out.println(
          new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(report));
      if (!Boolean.TRUE.equals(report.get("passed"))) {
        System.err.println("gpu smoke: the device and the processor disagree; see the report");
        System.exit(1);
      }
    } catch (SensoriumException | IllegalArgumentException e) {
      System.err.println("gpu smoke: " + e.getMessage());
      System.exit(1);
    }
  }

  private static Map<String, Object> run(String device, RandomLlama size) throws IOException {
    Map<Modality, List<EncodeRequest>> items = SmokeItems.generate();
    Path folder = Files.createTempDirectory("sensorium-gpu-smoke");
    try {
      Path checkpoint = size.writeTo(folder.resolve("checkpoint"));
      Answers onDevice = answers(folder.resolve("device"), device, items, size, checkpoint);
      Answers onProcessor = answers(folder.resolve("processor"), CPU, items, size, checkpoint);
      return report(device, onDevice, onProcessor);
    } finally {
      FileTree.delete(folder);
    }
  }

  private static Map<String, Object> report(String device, Answers onDevice, Answers onProcessor) {
    String provider = PROVIDERS.get(device.split(":", 2)[0]);
    Map<String, Object> towers = new LinkedHashMap<>();
    onDevice
        .towers()
        .forEach(
            (modality, tower) ->
                towers.put(
                    modality.name(),
                    compared(provider, tower, onProcessor.towers().get(modality))));
    Map<String, Object> models = new LinkedHashMap<>();
    onDevice
        .models()
        .forEach(
            (id, decoded) ->
                models.put(id, compared(provider, decoded, onProcessor.models().get(id))));
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("benchmark", "gpu-smoke");
    report.put("when", Instant.now().toString());
    report.put("java", System.getProperty("java.vm.version"));
    report.put("cores", Runtime.getRuntime().availableProcessors());
    report.put("device", device);
    report.put("devices", onDevice.devices());
    report.put("requiredCosine", REQUIRED_COSINE);
    report.put("mostLogitDifference", MOST_LOGIT_DIFFERENCE);
    report.put("towers", towers);
    report.put("languageModels", models);
    report.put("passed", allPassed(towers) && allPassed(models));
    return report;
  }

  private static boolean allPassed(Map<String, Object> compared) {
    return compared.values().stream()
        .allMatch(each -> each instanceof Map<?, ?> map && Boolean.TRUE.equals(map.get("passed")));
  }

  private static Map<String, Object> compared(String provider, Tower tower, Tower onProcessor) {
    double lowest = lowestCosine(tower.embeddings(), onProcessor.embeddings());
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("provider", tower.provider());
    figures.put("items", tower.embeddings().size());
    figures.put("lowestCosine", lowest);
    figures.put("deviceItemsPerSecond", tower.itemsPerSecond());
    figures.put("cpuItemsPerSecond", onProcessor.itemsPerSecond());
    figures.put("passed", lowest >= REQUIRED_COSINE && tower.provider().equals(provider));
    return figures;
  }

  private static Map<String, Object> compared(
      String provider, Decoded decoded, Decoded onProcessor) {
    int agreeing = decoded.agreeingTokens(onProcessor);
    double difference = decoded.logitDifference(onProcessor);
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("provider", decoded.provider());
    figures.put("tokens", decoded.ids().size());
    figures.put("agreeingTokens", agreeing);
    figures.put("logitDifference", difference);
    figures.put("exchangedBytesPerToken", decoded.exchangedBytesPerToken());
    figures.put("idAndLogitsBytes", decoded.idAndLogitsBytes());
    figures.put("deviceTokensPerSecond", decoded.tokensPerSecond());
    figures.put("cpuTokensPerSecond", onProcessor.tokensPerSecond());
    figures.put(
        "passed",
        agreeing == decoded.ids().size()
            && difference <= MOST_LOGIT_DIFFERENCE
            && decoded.staysOnDevice()
            && decoded.provider().equals(provider));
    return figures;
  }

  private record Tower(String provider, List<Embedding> embeddings, double itemsPerSecond) {}

  private record Answers(
      Map<Modality, Tower> towers, Map<String, Decoded> models, Object devices) {}

  private static Answers answers(
      Path home,
      String device,
      Map<Modality, List<EncodeRequest>> items,
      RandomLlama size,
      Path checkpoint) {
    try (Sensorium sensorium = Sensorium.start(SensoriumOptions.at(home).onDevice(device))) {
      Map<Modality, Tower> towers = new LinkedHashMap<>();
      items.forEach(
          (modality, requests) -> towers.put(modality, tower(sensorium, modality, requests)));
      Map<String, Decoded> models = new DecodeSmoke(sensorium, size, checkpoint).run();
      return new Answers(towers, models, sensorium.doctor().devices());
    }
  }

  private static Tower tower(Sensorium sensorium, Modality modality, List<EncodeRequest> requests) {
    EmbeddingService service = sensorium.service(EmbeddingService.class);
    // One after another, which warms up, too.
    List<Embedding> embeddings =
        requests.stream()
            .map(request -> service.embed(request, RequestContext.within(LIMIT)))
            .toList();
    long start = System.nanoTime();
    embedTogether(service, requests);
    double seconds = (System.nanoTime() - start) / 1e9;
    String provider =
        sensorium.encoders().stream()
            .filter(encoder -> encoder.modality().equals(modality))
            .map(EncoderStatus::provider)
            .findFirst()
            .orElse("none");
    return new Tower(provider, embeddings, requests.size() / seconds);
  }

  private static void embedTogether(EmbeddingService service, List<EncodeRequest> requests) {
    RequestContext context = RequestContext.within(LIMIT);
    List<CompletableFuture<Embedding>> answers = new ArrayList<>();
    requests.forEach(request -> answers.add(service.embedAsync(request, context)));
    answers.forEach(CompletableFuture::join);
  }

  private static double lowestCosine(List<Embedding> one, List<Embedding> other) {
    double lowest = 1;
    for (int i = 0; i < one.size(); i++) {
      lowest = Math.min(lowest, one.get(i).cosine(other.get(i)));
    }
    return lowest;
  }
}
