package io.sensorium.models.checkpoints;

import io.sensorium.api.ModelLoadException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * PyTorch's format before 1.6: pickles of a magic number, a version, what the machine was like,
 * what was saved and the storages' keys; then every storage in that order, after its count of
 * elements.
 */
final class TorchLegacy implements TorchLayout {
  private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
  private static final Long VERSION = 1001L;
  private static final long MAX_PICKLES_BYTES = 64L << 20;
  private static final byte BEGIN_OF_A_PICKLE = (byte) 0x80;
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final String what;
  private final Object root;
  private final Map<String, Long> offsets = new HashMap<>();

  private TorchLegacy(String what, MemorySegment file) {
    this.what = what;
    long limit = Math.min(file.byteSize(), MAX_PICKLES_BYTES);
    PickleBytes in = new PickleBytes(what, file.asSlice(0, limit));
    TorchObjects objects = new TorchObjects();
    requireHeader(in, objects);
    this.root = PickleMachine.run(in, objects);
    Object keys = PickleMachine.run(in, objects);
    if (!(keys instanceof List<?> list)) {
      throw in.wrong("lacks the list of its storages");
    }
    locate(file, in.position(), list, objects);
  }

  /**
   * Reads a file.
   *
   * @throws ModelLoadException if it is not well-formed
   */
  static TorchLegacy read(Path path, MemorySegment file) {
    if (file.byteSize() == 0 || file.get(ValueLayout.JAVA_BYTE, 0) != BEGIN_OF_A_PICKLE) {
      throw new ModelLoadException(
          "%s is no file of torch.save: neither zip archive nor pickle".formatted(path));
    }
    return new TorchLegacy(path.toString(), file);
  }

  private static void requireHeader(PickleBytes in, TorchObjects objects) {
    if (!MAGIC.equals(PickleMachine.run(in, objects))
        || !VERSION.equals(PickleMachine.run(in, objects))) {
      throw in.wrong("is a pickle, but not one that torch.save wrote");
    }
    if (!(PickleMachine.run(in, objects) instanceof Map<?, ?> machine)
        || !Boolean.TRUE.equals(machine.get("little_endian"))) {
      throw in.wrong("must have little_endian numbers");
    }
  }

  private void locate(MemorySegment file, long begin, List<?> keys, TorchObjects objects) {
    long at = begin;
    for (Object key : keys) {
      TorchStorage storage = objects.storages().get(key);
      if (storage == null || offsets.containsKey(storage.key())) {
        throw new ModelLoadException(
            "%s lists a storage that it lacks or has listed before".formatted(what));
      }
      long left = file.byteSize() - at - Long.BYTES;
      if (left < storage.bytes() || file.get(LONG, at) != storage.elements()) {
        throw new ModelLoadException(
            "%s must have %d elements in storage '%s' at byte %d; it has others or ends before"
                .formatted(what, storage.elements(), storage.key(), at));
      }
      at += Long.BYTES;
      offsets.put(storage.key(), at);
      at += storage.bytes();
    }
  }

  @Override
  public Object root() {
    return root;
  }

  @Override
  public long offset(TorchStorage storage) {
    Long offset = offsets.get(storage.key());
    if (offset == null) {
      throw new ModelLoadException("%s has no storage '%s'".formatted(what, storage.key()));
    }
    return offset;
  }
}
