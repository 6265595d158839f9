package io.sensorium.models.checkpoints;

import io.sensorium.api.ModelLoadException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * PyTorch's format since 1.6: a zip archive with the pickle {@code NAME/data.pkl} and an entry
 * {@code NAME/data/KEY} for every storage, not compressed.
 */
final class TorchArchive implements TorchLayout {
  private static final String PICKLE = "/data.pkl";
  private static final long MAX_PICKLE_BYTES = 32L << 20;
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final String what;
  private final Map<String, ZipDirectory.Entry> entries;
  private final String prefix;
  private final Object root;

  private TorchArchive(String what, MemorySegment file) {
    this.what = what;
    this.entries = ZipDirectory.read(what, file);
    ZipDirectory.Entry pickle = pickle();
    this.prefix = pickle.name().substring(0, pickle.name().length() - PICKLE.length() + 1);
    requireLittleEndian(file);
    PickleBytes bytes = new PickleBytes(what + "'s pickle", bytes(file, pickle));
    this.root = PickleMachine.run(bytes, new TorchObjects());
  }

  /** Answers whether a file begins as archives do. */
  static boolean isArchive(MemorySegment file) {
    return file.byteSize() >= Integer.BYTES && file.get(INT, 0) == ZipDirectory.LOCAL_HEADER;
  }

  /**
   * Reads an archive.
   *
   * @throws ModelLoadException if it is not well-formed
   */
  static TorchArchive read(Path path, MemorySegment file) {
    return new TorchArchive(path.toString(), file);
  }

  private ZipDirectory.Entry pickle() {
    List<ZipDirectory.Entry> pickles =
        entries.values().stream()
            .filter(entry -> entry.name().indexOf('/') == entry.name().length() - PICKLE.length())
            .filter(entry -> entry.name().endsWith(PICKLE))
            .toList();
    if (pickles.size() != 1 || pickles.getFirst().length() > MAX_PICKLE_BYTES) {
      throw new ModelLoadException(
          "%s must be what torch.save writes, with one NAME/data.pkl of at most %d bytes; got %s"
              .formatted(what, MAX_PICKLE_BYTES, pickles));
    }
    return pickles.getFirst();
  }

  private void requireLittleEndian(MemorySegment file) {
    ZipDirectory.Entry entry = entries.get(prefix + "byteorder");
    if (entry == null) {
      return;
    }
    String order =
        entry.length() > 16
            ? "longer than any"
            : new String(
                bytes(file, entry).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.US_ASCII);
    if (!order.equals("little")) {
      throw new ModelLoadException(
          "%s must have the byte order 'little'; got '%s'".formatted(what, order));
    }
  }

  private MemorySegment bytes(MemorySegment file, ZipDirectory.Entry entry) {
    requireStored(entry);
    return file.asSlice(entry.offset(), entry.length());
  }

  private void requireStored(ZipDirectory.Entry entry) {
    if (!entry.stored()) {
      throw new ModelLoadException(
          "%s has '%s' compressed or encrypted; torch.save never writes that"
              .formatted(what, entry.name()));
    }
  }

  @Override
  public Object root() {
    return root;
  }

  @Override
  public long offset(TorchStorage storage) {
    ZipDirectory.Entry entry = entries.get(prefix + "data/" + storage.key());
    if (entry == null) {
      throw new ModelLoadException("%s has no storage '%s'".formatted(what, storage.key()));
    }
    requireStored(entry);
    if (entry.length() != storage.bytes()) {
      throw new ModelLoadException(
          "%s has %d bytes for storage '%s'; its pickle says %d"
              .formatted(what, entry.length(), storage.key(), storage.bytes()));
    }
    return entry.offset();
  }
}
