package io.sensorium.models.hub;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Chooses what an import needs of a repository: texts, and the weights in one form only,
 * safetensors before pickled ones before ONNX. Stateless.
 *
 * <p>Weights come last, so that a snapshot that has them has everything else.
 */
final class FileSelection {
  private static final Pattern SENTENCE_MODULE = Pattern.compile("\\d{1,2}_[A-Za-z0-9]+/");
  private static final Pattern TEXT = Pattern.compile("[^/]+\\.(json|txt|model)");
  private static final Pattern NOTICE =
      Pattern.compile("(README|LICEN[CS]E|NOTICE)(\\.md|\\.txt)?");

  /** Inputs and outputs recorded where the model comes from. */
  private static final String RECORDING = "golden.safetensors";

  private static final Pattern SAFETENSORS_SHARD =
      Pattern.compile("model-\\d{5}-of-\\d{5}\\.safetensors");
  private static final Pattern BIN_SHARD = Pattern.compile("pytorch_model-\\d{5}-of-\\d{5}\\.bin");
  private static final Pattern PICKLE = Pattern.compile("[^/]+\\.(pth|pt|bin)");

  /** What trainers leave beside the weights. */
  private static final Pattern TRAINING =
      Pattern.compile("(training_args|optimizer|scheduler|rng_state|scaler)\\..*");

  private static final Pattern EXTERNAL_DATA = Pattern.compile("\\.onnx([._]data.*)?");
  private static final Set<String> TOWERS =
      Set.of("vision_model", "text_model", "audio_model", "encoder_model");
  private static final List<String> ONNX_FOLDERS = List.of("onnx/", "");

  private FileSelection() {}

  /**
   * Chooses, in the order in which to fetch.
   *
   * @throws HubException if there are no weights that an import can read
   */
  static List<HubFile> choose(HubReference reference, List<HubFile> files, HubLimits limits) {
    Map<String, List<HubFile>> folders = new TreeMap<>();
    for (HubFile file : files) {
      folders.computeIfAbsent(file.folder(), folder -> new ArrayList<>()).add(file);
    }
    List<HubFile> weights = new ArrayList<>();
    List<HubFile> texts = new ArrayList<>();
    folders.forEach(
        (folder, inside) -> {
          if (folder.isEmpty() || SENTENCE_MODULE.matcher(folder).matches()) {
            weights.addAll(weights(reference, inside));
            texts.addAll(texts(inside, limits));
          }
        });
    if (weights.stream().noneMatch(FileSelection::isTransformer)) {
      weights.addAll(exported(folders, texts, limits));
    }
    if (weights.stream().noneMatch(FileSelection::isTransformer)) {
      throw HubException.refused(
          "%s has no weights that can be imported (safetensors, .bin, .pth or .onnx); it has %s"
              .formatted(reference, files.stream().map(HubFile::path).sorted().limit(20).toList()));
    }
    texts.sort(Comparator.comparing(HubFile::path));
    weights.sort(Comparator.comparing((HubFile file) -> file.folder().isEmpty()));
    List<HubFile> chosen = new ArrayList<>(texts);
    chosen.addAll(weights);
    long bytes = chosen.stream().mapToLong(HubFile::bytes).reduce(0, FileSelection::sum);
    if (bytes > limits.totalBytes()) {
      throw HubException.refused(
          "%s needs %d bytes; at most %d are taken"
              .formatted(reference, bytes, limits.totalBytes()));
    }
    return List.copyOf(chosen);
  }

  /** Lengths are what a hub says; they may be meant to overflow. */
  private static long sum(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }

  /** The model itself, not a layer on top of it. */
  private static boolean isTransformer(HubFile file) {
    return file.folder().isEmpty()
        || file.folder().startsWith("0_")
        || ONNX_FOLDERS.contains(file.folder());
  }

  private static List<HubFile> texts(List<HubFile> folder, HubLimits limits) {
    return folder.stream()
        .filter(
            file ->
                TEXT.matcher(file.name()).matches()
                    || NOTICE.matcher(file.name()).matches()
                    || file.name().equals(RECORDING))
        .filter(file -> !file.name().endsWith(".index.json"))
        .filter(file -> file.bytes() <= limits.textBytes())
        .toList();
  }

  /** One form of a folder's weights with the index of its shards; empty if it has none. */
  private static List<HubFile> weights(HubReference reference, List<HubFile> folder) {
    List<Predicate<String>> forms =
        List.of(
            name -> name.equals("model.safetensors"),
            sharded("model.safetensors.index.json", SAFETENSORS_SHARD),
            name -> name.equals("open_clip_model.safetensors"),
            name -> name.equals("pytorch_model.bin"),
            sharded("pytorch_model.bin.index.json", BIN_SHARD),
            name -> name.equals("open_clip_pytorch_model.bin"));
    for (Predicate<String> form : forms) {
      List<HubFile> found = folder.stream().filter(file -> form.test(file.name())).toList();
      if (found.stream().anyMatch(file -> !file.name().endsWith(".json"))) {
        return found;
      }
    }
    List<HubFile> pickled =
        folder.stream()
            .filter(file -> PICKLE.matcher(file.name()).matches())
            .filter(file -> !TRAINING.matcher(file.name()).matches())
            .toList();
    if (pickled.size() > 1) {
      throw HubException.refused(
          "%s has several models in one folder: %s"
              .formatted(reference, pickled.stream().map(HubFile::path).toList()));
    }
    return pickled;
  }

  private static Predicate<String> sharded(String index, Pattern shard) {
    return name -> name.equals(index) || shard.matcher(name).matches();
  }

  /** ONNX exports in Optimum's layout, with their external data and the texts beside them. */
  private static List<HubFile> exported(
      Map<String, List<HubFile>> folders, List<HubFile> texts, HubLimits limits) {
    for (String folder : ONNX_FOLDERS) {
      List<HubFile> inside = folders.getOrDefault(folder, List.of());
      List<HubFile> graphs =
          named(inside, "model")
              .or(() -> Optional.of(towers(inside)).filter(found -> !found.isEmpty()))
              .or(() -> named(inside, "model_quantized"))
              .orElse(List.of());
      if (!graphs.isEmpty()) {
        if (!folder.isEmpty()) {
          texts.addAll(texts(inside, limits));
        }
        return graphs;
      }
    }
    return List.of();
  }

  private static List<HubFile> towers(List<HubFile> folder) {
    return TOWERS.stream()
        .sorted()
        .flatMap(tower -> named(folder, tower).stream())
        .flatMap(List::stream)
        .toList();
  }

  private static Optional<List<HubFile>> named(List<HubFile> folder, String model) {
    List<HubFile> found =
        folder.stream()
            .filter(file -> file.name().startsWith(model))
            .filter(file -> EXTERNAL_DATA.matcher(file.name().substring(model.length())).matches())
            .toList();
    return Optional.of(found).filter(files -> !files.isEmpty());
  }
}
