package io.sensorium.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sensorium.api.Modality;
import io.sensorium.api.RequestContext;
import io.sensorium.api.SensoriumException;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.EmbeddingService;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.api.space.EncoderStatus;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.api.SensoriumOptions;
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
 * Runs the default towers on the processor and on CUDA and compares what they answer.
 *
 * <p>Prints one JSON document; exits with 0 when every cosine is at least {@value
 * #REQUIRED_COSINE}, with 1 and one line on the standard error otherwise.
 */
public final class GpuSmoke {
  private static final double REQUIRED_COSINE = 0.999;
  private static final String CUDA_PROVIDER = "CUDAExecutionProvider";
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private GpuSmoke() {}

  /** Takes the commit to note, or nothing. */
  public static void main(String[] arguments) throws IOException {
    try {
      Map<String, Object> report = run();
      report.put("commit", arguments.length > 0 ? arguments[0] : "unknown");
      System.out.println(
          new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(report));
      if (!Boolean.TRUE.equals(report.get("passed"))) {
        System.err.println("gpu smoke: CUDA and the processor disagree; see the report");
        System.exit(1);
      }
    } catch (SensoriumException e) {
      System.err.println("gpu smoke: " + e.getMessage());
      System.exit(1);
    }
  }

  private static Map<String, Object> run() throws IOException {
    Map<Modality, List<EncodeRequest>> items = SmokeItems.generate();
    Path folder = Files.createTempDirectory("sensorium-gpu-smoke");
    try {
      Answers cuda = answers(folder.resolve("cuda"), "cuda", items);
      return report(cuda, answers(folder.resolve("cpu"), "cpu", items));
    } finally {
      FileTree.delete(folder);
    }
  }

  private static Map<String, Object> report(Answers cuda, Answers processor) {
    Map<String, Object> towers = new LinkedHashMap<>();
    boolean passed = true;
    for (Modality modality : cuda.towers().keySet()) {
      Tower onCuda = cuda.towers().get(modality);
      Tower onProcessor = processor.towers().get(modality);
      double lowest = lowestCosine(onCuda.embeddings(), onProcessor.embeddings());
      boolean agrees = lowest >= REQUIRED_COSINE && onCuda.provider().equals(CUDA_PROVIDER);
      passed &= agrees;
      Map<String, Object> tower = new LinkedHashMap<>();
      tower.put("provider", onCuda.provider());
      tower.put("items", onCuda.embeddings().size());
      tower.put("lowestCosine", lowest);
      tower.put("cudaItemsPerSecond", onCuda.itemsPerSecond());
      tower.put("cpuItemsPerSecond", onProcessor.itemsPerSecond());
      tower.put("passed", agrees);
      towers.put(modality.name(), tower);
    }
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("benchmark", "gpu-smoke");
    report.put("when", Instant.now().toString());
    report.put("java", System.getProperty("java.vm.version"));
    report.put("cores", Runtime.getRuntime().availableProcessors());
    report.put("devices", cuda.devices());
    report.put("requiredCosine", REQUIRED_COSINE);
    report.put("towers", towers);
    report.put("passed", passed);
    return report;
  }

  private record Tower(String provider, List<Embedding> embeddings, double itemsPerSecond) {}

  private record Answers(Map<Modality, Tower> towers, Object devices) {}

  private static Answers answers(
      Path home, String device, Map<Modality, List<EncodeRequest>> items) {
    try (Sensorium sensorium = Sensorium.start(SensoriumOptions.at(home).onDevice(device))) {
      Map<Modality, Tower> towers = new LinkedHashMap<>();
      items.forEach(
          (modality, requests) -> towers.put(modality, tower(sensorium, modality, requests)));
      return new Answers(towers, sensorium.doctor().devices());
    }
  }

  private static Tower tower(Sensorium sensorium, Modality modality, List<EncodeRequest> requests) {
    EmbeddingService service = sensorium.service(EmbeddingService.class);
    embedAll(service, requests); // warms up
    long start = System.nanoTime();
    List<Embedding> embeddings = embedAll(service, requests);
    double seconds = (System.nanoTime() - start) / 1e9;
    String provider =
        sensorium.encoders().stream()
            .filter(encoder -> encoder.modality().equals(modality))
            .map(EncoderStatus::provider)
            .findFirst()
            .orElse("none");
    return new Tower(provider, embeddings, requests.size() / seconds);
  }

  private static List<Embedding> embedAll(EmbeddingService service, List<EncodeRequest> requests) {
    RequestContext context = RequestContext.within(LIMIT);
    List<CompletableFuture<Embedding>> answers = new ArrayList<>();
    requests.forEach(request -> answers.add(service.embedAsync(request, context)));
    return answers.stream().map(CompletableFuture::join).toList();
  }

  private static double lowestCosine(List<Embedding> one, List<Embedding> other) {
    double lowest = 1;
    for (int i = 0; i < one.size(); i++) {
      lowest = Math.min(lowest, one.get(i).cosine(other.get(i)));
    }
    return lowest;
  }
}
