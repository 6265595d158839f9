package io.sensorium.models.checkpoints;

import io.sensorium.api.tensor.ElementType;
import java.util.Arrays;
import java.util.Optional;

/** What a state dictionary may name. Nothing else exists for a pickle. */
enum TorchGlobal {
  ORDERED_DICT("collections", "OrderedDict"),
  REBUILD_TENSOR("torch._utils", "_rebuild_tensor_v2"),
  REBUILD_PARAMETER("torch._utils", "_rebuild_parameter"),
  FLOAT_STORAGE("torch", "FloatStorage", ElementType.FLOAT32),
  HALF_STORAGE("torch", "HalfStorage", ElementType.FLOAT16),
  BFLOAT16_STORAGE("torch", "BFloat16Storage", ElementType.BFLOAT16),
  DOUBLE_STORAGE("torch", "DoubleStorage", ElementType.FLOAT64),
  CHAR_STORAGE("torch", "CharStorage", ElementType.INT8),
  BYTE_STORAGE("torch", "ByteStorage", ElementType.UINT8),
  INT_STORAGE("torch", "IntStorage", ElementType.INT32),
  LONG_STORAGE("torch", "LongStorage", ElementType.INT64),
  BOOL_STORAGE("torch", "BoolStorage", ElementType.BOOL);

  private final String module;
  private final String function;
  private final Optional<ElementType> storageType;

  TorchGlobal(String module, String function) {
    this(module, function, Optional.empty());
  }

  TorchGlobal(String module, String function, ElementType storageType) {
    this(module, function, Optional.of(storageType));
  }

  TorchGlobal(String module, String function, Optional<ElementType> storageType) {
    this.module = module;
    this.function = function;
    this.storageType = storageType;
  }

  /** The element type, if this is a class of storages. */
  Optional<ElementType> storageType() {
    return storageType;
  }

  static Optional<TorchGlobal> find(String module, String function) {
    return Arrays.stream(values())
        .filter(global -> global.module.equals(module) && global.function.equals(function))
        .findFirst();
  }

  /** As Python would write it. */
  @Override
  public String toString() {
    return module + "." + function;
  }
}
