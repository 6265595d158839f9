package io.sensorium.models.checkpoints;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A published checkpoint: a folder in Hugging Face's or Sentence-Transformers' layout. Safe for use
 * by several threads.
 *
 * <p>Weights are {@code model.safetensors} or the shards that {@code model.safetensors.index.json}
 * names; else what PyTorch saved: {@code pytorch_model.bin} or its shards, OpenCLIP's files, or the
 * one file that ends in {@code .pth}, {@code .pt} or {@code .bin}. Files are read on demand and
 * stay mapped until {@link #close()}. No path leaves the folder, except that links into the {@code
 * blobs} of a Hugging Face cache are followed.
 */
public final class CheckpointFolder implements AutoCloseable {
  private static final String SAFETENSORS = ".safetensors";
  private static final String INDEX = ".index.json";

  /**
   * Names of a whole checkpoint's weights, or with an index of its shards; the first one counts.
   */
  private static final List<String> WEIGHTS =
      List.of(
          "model.safetensors",
          "open_clip_model.safetensors",
          "pytorch_model.bin",
          "open_clip_pytorch_model.bin");

  private static final List<String> TORCH_ENDINGS = List.of(".pth", ".pt", ".bin");

  /** What trainers leave beside the weights. */
  private static final Set<String> NOT_WEIGHTS =
      Set.of("training_args.bin", "optimizer.pt", "optimizer.bin", "scheduler.pt", "rng_state.pth");

  private final Path folder;
  private final Map<String, WeightsFile> opened = new TreeMap<>();

  private CheckpointFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * Opens a folder. Nothing is read yet.
   *
   * @throws ModelLoadException if there is no such folder
   */
  public static CheckpointFolder open(Path folder) {
    try {
      if (!Files.isDirectory(folder)) {
        throw new ModelLoadException("a checkpoint must be a folder; got " + folder);
      }
      return new CheckpointFolder(folder.toRealPath());
    } catch (IOException e) {
      throw new ModelLoadException("the folder %s cannot be read: %s".formatted(folder, e), e);
    }
  }

  /** The folder's real path. */
  public Path path() {
    return folder;
  }

  /** {@code config.json}. */
  public Settings config() {
    return JsonFiles.readObject(requireFile("config.json"));
  }

  /**
   * A file of the checkpoint.
   *
   * @param name relative to the folder, with {@code /}
   * @return its real path; empty if there is no such file
   * @throws ModelLoadException if the name or a link leaves the folder
   */
  public Optional<Path> file(String name) {
    Path path = folder.resolve(name).normalize();
    if (name.isEmpty() || name.contains("\\") || !path.startsWith(folder)) {
      throw new ModelLoadException("'%s' leaves the checkpoint %s".formatted(name, folder));
    }
    if (!Files.isRegularFile(path)) {
      return Optional.empty();
    }
    try {
      Path real = path.toRealPath();
      if (!real.startsWith(folder) && !isCacheBlob(real)) {
        throw new ModelLoadException(
            "'%s' links to %s, outside the checkpoint %s".formatted(name, real, folder));
      }
      return Optional.of(real);
    } catch (IOException e) {
      throw new ModelLoadException("%s cannot be read: %s".formatted(path, e), e);
    }
  }

  /** A Hugging Face cache keeps {@code snapshots/<revision>} as links into {@code blobs}. */
  private boolean isCacheBlob(Path real) {
    Path snapshots = folder.getParent();
    return snapshots != null
        && snapshots.endsWith("snapshots")
        && real.startsWith(snapshots.resolveSibling("blobs"));
  }

  /**
   * A file of the checkpoint that must be there.
   *
   * @throws ModelLoadException if it is not, or as {@link #file}
   */
  public Path requireFile(String name) {
    return file(name)
        .orElseThrow(
            () -> new ModelLoadException("the checkpoint %s has no %s".formatted(folder, name)));
  }

  /** A JSON object of the checkpoint; empty if there is no such file. */
  public Optional<Settings> settings(String name) {
    return file(name).map(JsonFiles::readObject);
  }

  /** Answers whether the folder has Sentence-Transformers' {@code modules.json}. */
  public boolean hasSentenceModules() {
    return file("modules.json").isPresent();
  }

  /**
   * The steps of a Sentence-Transformers model, in order.
   *
   * @throws ModelLoadException if {@code modules.json} is missing or malformed
   */
  public List<SentenceModule> sentenceModules() {
    List<SentenceModule> modules = new ArrayList<>();
    for (Settings entry : JsonFiles.readObjects(requireFile("modules.json"))) {
      String type = entry.text("type");
      String path = entry.text("path", "");
      modules.add(new SentenceModule(type.substring(type.lastIndexOf('.') + 1), path));
    }
    return List.copyOf(modules);
  }

  /** The weights at the top of the folder, by tensor name. */
  public Map<String, StoredTensor> weights() {
    return weights("");
  }

  /**
   * The weights of a folder inside the checkpoint, by tensor name.
   *
   * @param subfolder relative to the checkpoint, empty for the checkpoint itself
   * @return empty if the folder has no weights
   * @throws ModelLoadException if a file is damaged or the shards are not what the index says
   */
  public Map<String, StoredTensor> weights(String subfolder) {
    String prefix = subfolder.isEmpty() ? "" : subfolder + "/";
    for (String name : WEIGHTS) {
      if (file(prefix + name + INDEX).isPresent()) {
        return shardedWeights(prefix, name);
      }
      if (file(prefix + name).isPresent()) {
        return singleWeights(prefix + name);
      }
    }
    List<String> others = torchFiles(subfolder);
    if (others.size() > 1) {
      throw new ModelLoadException(
          "%s must have one file of weights; it has %s"
              .formatted(folder.resolve(subfolder), others));
    }
    return others.isEmpty() ? new LinkedHashMap<>() : singleWeights(prefix + others.getFirst());
  }

  private List<String> torchFiles(String subfolder) {
    Path parent = folder.resolve(subfolder);
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(parent)) {
      return files
          .map(path -> path.getFileName().toString())
          .filter(name -> TORCH_ENDINGS.stream().anyMatch(name::endsWith))
          .filter(name -> !NOT_WEIGHTS.contains(name))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new ModelLoadException("the folder %s cannot be read: %s".formatted(parent, e), e);
    }
  }

  private Map<String, StoredTensor> singleWeights(String name) {
    Map<String, StoredTensor> weights = new LinkedHashMap<>();
    WeightsFile file = weightsFile(name);
    file.names().forEach(tensor -> weights.put(tensor, stored(name, file, tensor)));
    return weights;
  }

  private Map<String, StoredTensor> shardedWeights(String prefix, String whole) {
    String ending = whole.substring(whole.lastIndexOf('.'));
    String indexName = prefix + whole + INDEX;
    Settings index = JsonFiles.readObject(requireFile(indexName));
    if (!(index.find("weight_map").orElse(null) instanceof Map<?, ?> shards)) {
      throw new ModelLoadException("%s in %s has no weight_map".formatted(indexName, folder));
    }
    Map<String, StoredTensor> weights = new LinkedHashMap<>();
    List<String> missing = new ArrayList<>();
    for (Map.Entry<?, ?> entry : shards.entrySet()) {
      String tensor = (String) entry.getKey();
      if (!(entry.getValue() instanceof String shard)
          || shard.contains("/")
          || !shard.endsWith(ending)) {
        throw new ModelLoadException(
            "weight_map in %s must name %s files beside it; '%s' is in '%s'"
                .formatted(folder.resolve(indexName), ending, tensor, entry.getValue()));
      }
      WeightsFile file = weightsFile(prefix + shard);
      if (file.contains(tensor)) {
        weights.put(tensor, stored(prefix + shard, file, tensor));
      } else {
        missing.add(tensor + " in " + shard);
      }
    }
    if (!missing.isEmpty()) {
      throw new ModelLoadException(
          "%s promises tensors that the shards lack: %s"
              .formatted(folder.resolve(indexName), missing));
    }
    return weights;
  }

  private static StoredTensor stored(String relative, WeightsFile file, String name) {
    return new StoredTensor(relative, file.info(name), file.tensor(name));
  }

  private WeightsFile weightsFile(String name) {
    Path path = requireFile(name);
    synchronized (opened) {
      return opened.computeIfAbsent(
          name,
          key -> key.endsWith(SAFETENSORS) ? SafetensorsFile.open(path) : TorchFile.open(path));
    }
  }

  /** Unmaps the weights. Closing twice does nothing. */
  @Override
  public void close() {
    synchronized (opened) {
      opened.values().forEach(WeightsFile::close);
      opened.clear();
    }
  }
}
