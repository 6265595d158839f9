package io.sensorium.host.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.sensorium.api.Modality;
import io.sensorium.api.RequestContext;
import io.sensorium.api.encoder.ModalityEncoder;
import io.sensorium.api.encoder.Preprocessor;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.EmbeddingService;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.bench.GeneratedPhotos.Sampling;
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
import java.util.concurrent.CompletableFuture;

/**
 * Imports a full-size CLIP ViT-B/32 with random weights, in 32 bits and in 8, and encodes JPEG
 * files with both; beside it, if asked, other implementations on the same files, in turn.
 */
final class ImportBenchmark {
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final int ROUNDS = 5;
  private static final int PHOTOS = 96;
  private static final int WIDTH = 640;
  private static final int HEIGHT = 480;
  private static final float QUALITY = 0.85f;
  private static final long SEED = 5;
  private static final List<String> PRECISIONS = List.of("fp32", "int8");

  private final Sensorium sensorium;
  private final LocalOperations operations;
  private final Path work;
  private final List<String> peer;

  /**
   * @param work a folder that does not exist yet
   * @param peer a command that speaks {@link PeerProcess}'s language, given the checkpoint, the
   *     graph, the pictures and the number of threads as arguments; empty for none
   */
  ImportBenchmark(Sensorium sensorium, Path work, List<String> peer) {
    this.sensorium = sensorium;
    this.operations = new LocalOperations(sensorium);
    this.work = work;
    this.peer = peer;
  }

  Map<String, Object> run() throws IOException {
    Path checkpoint = RandomClip.writeTo(work.resolve("checkpoint"));
    List<MediaInput> pictures = photos(work.resolve("pictures"));
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("model", "CLIP ViT-B/32 vision, random weights");
    figures.put("pictures", pictures.size());
    for (String precision : PRECISIONS) {
      figures.put(precision, importAndEmbed(checkpoint, precision, pictures.getFirst()));
    }
    Map<String, Rates> rates = new LinkedHashMap<>();
    if (!peer.isEmpty()) {
      try (PeerProcess process = start(checkpoint)) {
        figures.put("peer", process.greeting());
        measure(pictures, Optional.of(process), rates);
        process.measure("embeddings");
      }
      figures.put("cosineToTorch", cosineToTorch(pictures));
    } else {
      measure(pictures, Optional.empty(), rates);
    }
    figures.put("cosineInt8ToFp32", leastCosine(embed(pictures, "fp32"), embed(pictures, "int8")));
    rates.forEach((name, each) -> figures.put(name + "ImagesPerSecond", each.median()));
    figures.putAll(ratios(rates));
    return figures;
  }

  private static List<MediaInput> photos(Path folder) throws IOException {
    Files.createDirectories(folder);
    GeneratedPhotos photos = new GeneratedPhotos(SEED);
    List<MediaInput> inputs = new ArrayList<>();
    for (int i = 0; i < PHOTOS; i++) {
      Path file = folder.resolve("photo-%03d.jpg".formatted(i));
      Files.write(
          file, GeneratedPhotos.jpeg(photos.next(WIDTH, HEIGHT), QUALITY, Sampling.HALF, false));
      inputs.add(MediaInput.read(file, Long.MAX_VALUE));
    }
    return inputs;
  }

  private Map<String, Object> importAndEmbed(Path checkpoint, String precision, MediaInput picture)
      throws IOException {
    long start = System.nanoTime();
    operations.importModel(
        new ImportArguments(
            checkpoint.toString(), precision, null, true, precision, null, null, null),
        Call.within(LIMIT));
    double imported = (System.nanoTime() - start) / 1e9;
    start = System.nanoTime();
    embed(List.of(picture), precision);
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("importSeconds", imported);
    figures.put("firstEmbeddingSeconds", (System.nanoTime() - start) / 1e9);
    return figures;
  }

  private PeerProcess start(Path checkpoint) throws IOException {
    Path graph = sensorium.models().find("fp32").orElseThrow().graphs().getFirst().path();
    List<String> command = new ArrayList<>(peer);
    command.add(checkpoint.toString());
    command.add(graph.toString());
    command.add(work.resolve("pictures").toString());
    command.add(Integer.toString(Runtime.getRuntime().availableProcessors()));
    return new PeerProcess(command);
  }

  /** Everything once in each round; the first round warms up. */
  private void measure(
      List<MediaInput> pictures, Optional<PeerProcess> process, Map<String, Rates> rates)
      throws IOException {
    ModelGraph graph = sensorium.models().find("fp32").orElseThrow().graphs().getFirst();
    ModalityEncoder encoder =
        sensorium.service(ModalityEncoder.class, "(sensorium.modality=image)");
    try (Preprocessor preprocessor = encoder.open(graph)) {
      for (int round = -1; round < ROUNDS; round++) {
        measureOnce(pictures, preprocessor, process)
            .forEach(
                round < 0
                    ? (name, rate) -> {}
                    : (name, rate) -> rates.computeIfAbsent(name, n -> new Rates()).add(rate));
      }
    }
  }

  private Map<String, Double> measureOnce(
      List<MediaInput> pictures, Preprocessor preprocessor, Optional<PeerProcess> process)
      throws IOException {
    Map<String, Double> measured = new LinkedHashMap<>();
    for (String precision : PRECISIONS) {
      measured.put(precision, rate(pictures, () -> embed(pictures, precision)));
    }
    measured.put("prepare", rate(pictures, () -> prepare(pictures, preprocessor)));
    if (process.isPresent()) {
      for (String name : List.of("torch", "onnxruntime", "prepare")) {
        JsonNode answer = process.get().measure(name);
        measured.put("peer" + capital(name), answer.get("imagesPerSecond").asDouble());
      }
    }
    return measured;
  }

  private static Map<String, Object> ratios(Map<String, Rates> rates) {
    Map<String, Object> ratios = new LinkedHashMap<>();
    if (rates.containsKey("peerTorch")) {
      ratios.put("fp32ToOnnxruntime", rates.get("fp32").ratioTo(rates.get("peerOnnxruntime")));
      ratios.put("fp32ToTorch", rates.get("fp32").ratioTo(rates.get("peerTorch")));
      ratios.put("int8ToTorch", rates.get("int8").ratioTo(rates.get("peerTorch")));
      ratios.put("prepareToPillow", rates.get("prepare").ratioTo(rates.get("peerPrepare")));
    }
    ratios.put("int8ToFp32", rates.get("int8").ratioTo(rates.get("fp32")));
    return ratios;
  }

  private static String capital(String name) {
    return Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }

  private static double rate(List<MediaInput> pictures, Runnable work) {
    long start = System.nanoTime();
    work.run();
    return pictures.size() / ((System.nanoTime() - start) / 1e9);
  }

  private List<Embedding> embed(List<MediaInput> pictures, String space) {
    RequestContext context = RequestContext.within(LIMIT);
    EmbeddingService service = sensorium.service(EmbeddingService.class);
    List<CompletableFuture<Embedding>> answers =
        pictures.stream()
            .map(picture -> EncodeRequest.of(Modality.IMAGE, picture).in(space))
            .map(request -> service.embedAsync(request, context))
            .toList();
    return answers.stream().map(CompletableFuture::join).toList();
  }

  /** Decoding, resizing and normalising, on one thread. */
  private static void prepare(List<MediaInput> pictures, Preprocessor preprocessor) {
    pictures.forEach(preprocessor::prepare);
  }

  private double cosineToTorch(List<MediaInput> pictures) {
    Path file = work.resolve("pictures").resolve("embeddings.safetensors");
    List<Embedding> ours = embed(pictures, "fp32");
    try (SafetensorsFile recorded = SafetensorsFile.open(file)) {
      var rows = recorded.tensor("image_embeds");
      List<Embedding> theirs = new ArrayList<>();
      for (int i = 0; i < ours.size(); i++) {
        theirs.add(Embedding.of(ours.get(i).space(), rows.row(i).asFloats()));
      }
      return leastCosine(ours, theirs);
    }
  }

  private static double leastCosine(List<Embedding> some, List<Embedding> others) {
    double least = 1;
    for (int i = 0; i < some.size(); i++) {
      Embedding other = Embedding.of(some.get(i).space(), others.get(i).values());
      least = Math.min(least, some.get(i).cosine(other));
    }
    return least;
  }
}
