package io.sensorium.models.training;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Packs TorchScript source text into the archive that {@code torch::jit::load} reads.
 *
 * <p>Such an archive is a zip of stored entries: the source, a pickled instance of its class, an
 * empty tuple of constants, and the format's version. Operators that DJL does not offer (fused
 * attention, bf16 linear layers, the fused optimiser) are reached this way from Java alone.
 *
 * <p>Immutable; safe for use by several threads.
 */
final class TorchScriptArchive {
  private static final String ROOT = "archive/";
  private static final byte[] FORMAT_VERSION = "3\n".getBytes(StandardCharsets.US_ASCII);

  /** Pickle protocol 2, an empty tuple, stop. */
  private static final byte[] NO_CONSTANTS = {(byte) 0x80, 2, ')', '.'};

  private TorchScriptArchive() {}

  /**
   * Packs one module.
   *
   * @param className the class that the source declares
   * @param source TorchScript text declaring that class with a {@code training : bool} attribute
   * @return the archive's bytes
   */
  static byte[] pack(String className, String source) {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      store(zip, "data.pkl", instanceOf(className));
      store(zip, "code/__torch__.py", source.getBytes(StandardCharsets.UTF_8));
      store(zip, "constants.pkl", NO_CONSTANTS);
      store(zip, "version", FORMAT_VERSION);
    } catch (IOException e) {
      throw new UncheckedIOException("an archive in memory could not be written", e);
    }
    return bytes.toByteArray();
  }

  private static byte[] instanceOf(String className) {
    var pickle = new ByteArrayOutputStream();
    pickle.writeBytes(new byte[] {(byte) 0x80, 2, 'c'});
    pickle.writeBytes(("__torch__\n" + className + "\n").getBytes(StandardCharsets.US_ASCII));
    // NEWOBJ with no arguments, a dictionary of one attribute: training = True, BUILD.
    pickle.writeBytes(new byte[] {')', (byte) 0x81, '}', '(', 'X', 8, 0, 0, 0});
    pickle.writeBytes("training".getBytes(StandardCharsets.US_ASCII));
    pickle.writeBytes(new byte[] {(byte) 0x88, 'u', 'b', '.'});
    return pickle.toByteArray();
  }

  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    var checksum = new CRC32();
    checksum.update(content);
    var entry = new ZipEntry(ROOT + name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(checksum.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}
