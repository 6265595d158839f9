package io.sensorium.models.checkpoints;

import io.sensorium.api.ModelLoadException;
import java.nio.file.Path;
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
final class TorchFile extends WeightsFile {
  /** How training scripts wrap a state dictionary. */
  private static final List<String> WRAPPERS = List.of("state_dict", "model", "module");

  private TorchFile(MappedFile file) {
    super(file, tensors(file));
  }

  /**
   * Maps a file.
   *
   * @throws ModelLoadException if it is missing, unreadable or not well-formed, or if its pickle
   *     wants more than tensors
   */
  static TorchFile open(Path path) {
    return open(path, TorchFile::new);
  }

  private static Map<String, TensorInfo> tensors(MappedFile file) {
    TorchLayout layout =
        TorchArchive.isArchive(file.bytes())
            ? TorchArchive.read(file.path(), file.bytes())
            : TorchLegacy.read(file.path(), file.bytes());
    Map<String, TensorInfo> infos = new LinkedHashMap<>();
    stateDictionary(file.path(), layout.root())
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
  private static Map<?, ?> stateDictionary(Path path, Object root) {
    if (!(root instanceof Map<?, ?> dictionary)) {
      throw new ModelLoadException(
          "%s must hold a dictionary of tensors; it holds something else".formatted(path));
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
}
