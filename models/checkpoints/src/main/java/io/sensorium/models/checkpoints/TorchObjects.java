package io.sensorium.models.checkpoints;

import io.sensorium.api.tensor.Shape;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the names and calls of a state dictionary mean: dictionaries, storages and tensors. Nothing
 * is looked up or run for any other. One thread at a time.
 */
final class TorchObjects {
  private static final int MAX_RANK = 16;
  private static final int STORAGE_ID_PARTS = 5;

  /** Storage, first element, sizes, strides; whether it is trained, hooks and metadata follow. */
  private static final int TENSOR_ARGUMENTS = 4;

  private final Map<String, TorchStorage> storages = new HashMap<>();

  /** The storages that were spoken of, by their keys. */
  Map<String, TorchStorage> storages() {
    return storages;
  }

  /** What a name stands for. */
  TorchGlobal global(PickleBytes in, String module, String function) {
    return TorchGlobal.find(module, function)
        .orElseThrow(
            () ->
                in.wrong(
                    "names %s.%s, which is neither tensor nor dictionary; nothing else is made"
                        .formatted(module, function)));
  }

  /**
   * A storage from its persistent id: {@code ('storage', class, key, device, elements)}, in the
   * legacy format followed by the part of another storage that it is.
   */
  TorchStorage storage(PickleBytes in, Object id) {
    if (!(id instanceof List<?> parts)
        || parts.size() < STORAGE_ID_PARTS
        || !"storage".equals(parts.get(0))
        || !(parts.get(1) instanceof TorchGlobal type)
        || type.storageType().isEmpty()
        || !(parts.get(2) instanceof String key)
        || !(parts.get(4) instanceof Long elements)) {
      throw in.wrong("refers to something outside of it that is not a storage of a known type");
    }
    if (parts.size() > STORAGE_ID_PARTS && parts.get(STORAGE_ID_PARTS) != PickleMachine.Sign.NONE) {
      throw in.wrong("makes storage '%s' a part of another one".formatted(key));
    }
    if (elements < 0 || elements > Long.MAX_VALUE / Long.BYTES) {
      throw in.wrong("has a storage '%s' of %d elements".formatted(key, elements));
    }
    TorchStorage storage = new TorchStorage(key, type.storageType().get(), elements);
    if (!storage.equals(storages.computeIfAbsent(key, absent -> storage))) {
      throw in.wrong("speaks of storage '%s' as of two different ones".formatted(key));
    }
    return storage;
  }

  /** The result of a call. */
  Object call(PickleBytes in, Object function, Object arguments) {
    if (!(function instanceof TorchGlobal global) || !(arguments instanceof List<?> given)) {
      throw in.wrong("calls something that is no function");
    }
    return switch (global) {
      case ORDERED_DICT -> dictionary(in, given);
      case REBUILD_TENSOR -> tensor(in, given);
      case REBUILD_PARAMETER -> parameter(in, given);
      default -> throw in.wrong("calls %s, which is a class of storages".formatted(global));
    };
  }

  private static Map<Object, Object> dictionary(PickleBytes in, List<?> arguments) {
    if (!arguments.isEmpty()) {
      throw in.wrong("makes an OrderedDict from arguments instead of items");
    }
    return new LinkedHashMap<>();
  }

  private static TorchTensor parameter(PickleBytes in, List<?> arguments) {
    if (arguments.isEmpty() || !(arguments.getFirst() instanceof TorchTensor tensor)) {
      throw in.wrong("makes a parameter of something that is no tensor");
    }
    return tensor;
  }

  private static TorchTensor tensor(PickleBytes in, List<?> arguments) {
    if (arguments.size() < TENSOR_ARGUMENTS
        || !(arguments.get(0) instanceof TorchStorage storage)
        || !(arguments.get(1) instanceof Long first)) {
      throw in.wrong("makes a tensor of something that is no storage");
    }
    long[] sizes = integers(in, arguments.get(2));
    long[] strides = integers(in, arguments.get(3));
    requireContiguous(in, sizes, strides);
    long elements = product(in, sizes);
    if (first < 0 || first > storage.elements() || elements > storage.elements() - first) {
      throw in.wrong(
          "has a tensor of %d elements from %d on, in storage '%s' of %d"
              .formatted(elements, first, storage.key(), storage.elements()));
    }
    return new TorchTensor(storage, first, Shape.of(sizes));
  }

  private static long[] integers(PickleBytes in, Object tuple) {
    if (!(tuple instanceof List<?> values) || values.size() > MAX_RANK) {
      throw in.wrong("has a tensor whose sizes are no tuple of %d at most".formatted(MAX_RANK));
    }
    long[] integers = new long[values.size()];
    for (int i = 0; i < integers.length; i++) {
      if (!(values.get(i) instanceof Long value) || value < 0) {
        throw in.wrong("has a tensor with a size or stride that is not in [0, 2^63)");
      }
      integers[i] = value;
    }
    return integers;
  }

  private static long product(PickleBytes in, long[] sizes) {
    try {
      return Arrays.stream(sizes).reduce(1, Math::multiplyExact);
    } catch (ArithmeticException e) {
      throw in.wrong("has a tensor of more elements than a file can hold");
    }
  }

  /** Strides say nothing where there is one element or none. */
  private static void requireContiguous(PickleBytes in, long[] sizes, long[] strides) {
    boolean contiguous = sizes.length == strides.length;
    boolean empty = Arrays.stream(sizes).anyMatch(size -> size == 0);
    long expected = 1;
    for (int axis = sizes.length - 1; contiguous && !empty && axis >= 0; axis--) {
      contiguous = sizes[axis] == 1 || strides[axis] == expected;
      expected *= sizes[axis];
    }
    if (!contiguous) {
      throw in.wrong(
          "has a tensor of sizes %s with strides %s; only contiguous ones are read"
              .formatted(Arrays.toString(sizes), Arrays.toString(strides)));
    }
  }
}
