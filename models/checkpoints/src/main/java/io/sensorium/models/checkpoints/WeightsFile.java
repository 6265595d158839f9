package io.sensorium.models.checkpoints;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.tensor.Tensor;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A file of named tensors, mapped into memory. Safe for use by several threads. */
abstract sealed class WeightsFile implements AutoCloseable permits SafetensorsFile, TorchFile {
  private final MappedFile file;
  private final Map<String, TensorInfo> tensors;

  /**
   * @param file closed with this
   * @param tensors by name
   */
  WeightsFile(MappedFile file, Map<String, TensorInfo> tensors) {
    this.file = file;
    this.tensors = Collections.unmodifiableMap(tensors);
  }

  /** Maps a file and reads where its tensors lie; unmaps it if that fails. */
  static <F extends WeightsFile> F open(Path path, Function<MappedFile, F> read) {
    MappedFile file = MappedFile.open(path);
    boolean opened = false;
    try {
      F weights = read.apply(file);
      opened = true;
      return weights;
    } finally {
      if (!opened) {
        file.close();
      }
    }
  }

  /** Where the file is. */
  public Path path() {
    return file.path();
  }

  /** Every tensor's name, in the file's order. */
  public List<String> names() {
    return List.copyOf(tensors.keySet());
  }

  /** Answers whether the file holds a tensor of that name. */
  public boolean contains(String name) {
    return tensors.containsKey(name);
  }

  /**
   * Where a tensor lies.
   *
   * @throws ModelLoadException if there is none of that name
   */
  public TensorInfo info(String name) {
    TensorInfo info = tensors.get(name);
    if (info == null) {
      throw new ModelLoadException("%s has no tensor '%s'".formatted(file.path(), name));
    }
    return info;
  }

  /**
   * A tensor as a read-only view of the mapping, valid until {@link #close()}. No bytes are read.
   *
   * @throws ModelLoadException if there is none of that name
   */
  public Tensor tensor(String name) {
    TensorInfo info = info(name);
    return Tensor.of(info.type(), info.shape(), file.bytes().asSlice(info.offset(), info.length()));
  }

  /** Unmaps the file. Closing twice does nothing. */
  @Override
  public void close() {
    file.close();
  }
}
