package io.sensorium.models.checkpoints;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.tensor.Tensor;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A state dictionary that {@code torch.save} wrote ({@code .pth}, {@code .pt}, {@code .bin}),
 * mapped into memory. Safe for use by several threads.
 *
 * <p>Its pickle can make dictionaries and tensors alone; whatever else it names is refused, never
 * loaded or called. Tensors lie in the file as they are, so they can be referred to there. The
 * format is described in PyTorch's note on serialization semantics; the legacy format of releases
 * before 1.6 is read as well.
 */
final class TorchFile implements WeightsFile {
  /** How training scripts wrap a state dictionary. */
  private static final List<String> WRAPPERS = List.of("state_dict", "model", "module");

  private final MappedFile file;
  private final Map<String, TensorInfo> tensors;

  private TorchFile(MappedFile file) {
    this.file = file;
    TorchLayout layout =
        TorchArchive.isArchive(file.bytes())
            ? TorchArchive.read(file.path(), file.bytes())
            : TorchLegacy.read(file.path(), file.bytes());
    this.tensors = Collections.unmodifiableMap(tensors(layout));
  }

  /**
   * Maps a file.
   *
   * @throws ModelLoadException if it is missing, unreadable or not well-formed, or if its pickle
   *     wants more than tensors
   */
  static TorchFile open(Path path) {
    MappedFile file = MappedFile.open(path);
    boolean opened = false;
    try {
      TorchFile torch = new TorchFile(file);
      opened = true;
      return torch;
    } finally {
      if (!opened) {
        file.close();
      }
    }
  }

  private Map<String, TensorInfo> tensors(TorchLayout layout) {
    Map<String, TensorInfo> infos = new LinkedHashMap<>();
    stateDictionary(layout.root())
        .forEach(
            (key, value) -> {
              if (key instanceof String name && value instanceof TorchTensor tensor) {
                infos.put(name, info(name, tensor, layout));
              }
            });
    if (infos.isEmpty()) {
      throw new ModelLoadException("%s holds no tensors by name".formatted(file.path()));
    }
    return infos;
  }

  /** The dictionary of tensors: what was saved, or what a training script wrapped. */
  private Map<?, ?> stateDictionary(Object root) {
    if (!(root instanceof Map<?, ?> dictionary)) {
      throw new ModelLoadException(
          "%s must hold a dictionary of tensors; it holds something else".formatted(file.path()));
    }
    if (dictionary.values().stream().anyMatch(TorchTensor.class::isInstance)) {
      return dictionary;
    }
    Optional<Map<?, ?>> wrapped = Optional.empty();
    for (String wrapper : WRAPPERS) {
      if (wrapped.isEmpty() && dictionary.get(wrapper) instanceof Map<?, ?> inner) {
        wrapped = Optional.of(inner);
      }
    }
    return wrapped.orElse(dictionary);
  }

  private static TensorInfo info(String name, TorchTensor tensor, TorchLayout layout) {
    TorchStorage storage = tensor.storage();
    int elementBytes = storage.type().bytes();
    return new TensorInfo(
        name,
        storage.type(),
        tensor.shape(),
        layout.offset(storage) + tensor.first() * elementBytes,
        tensor.shape().elements() * elementBytes);
  }

  @Override
  public List<String> names() {
    return List.copyOf(tensors.keySet());
  }

  @Override
  public boolean contains(String name) {
    return tensors.containsKey(name);
  }

  @Override
  public TensorInfo info(String name) {
    TensorInfo info = tensors.get(name);
    if (info == null) {
      throw new ModelLoadException("%s has no tensor '%s'".formatted(file.path(), name));
    }
    return info;
  }

  @Override
  public Tensor tensor(String name) {
    TensorInfo info = info(name);
    return Tensor.of(info.type(), info.shape(), file.bytes().asSlice(info.offset(), info.length()));
  }

  @Override
  public void close() {
    file.close();
  }
}
