package io.sensorium.host.reembedding;

import io.sensorium.api.Modality;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.SpaceId;
import io.sensorium.host.reembedding.ScoreSamples.Sample;
import io.sensorium.host.reembedding.ScoreSamples.SampleKey;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Samples on disk, so that scores read the same after a restart. A file that is missing or damaged
 * costs no item: new samples are taken from what is left to be moved.
 */
final class SampleFile {
  private static final Logger LOG = LoggerFactory.getLogger(SampleFile.class);
  private static final int FORMAT = 1;

  private final Path path;

  SampleFile(Path path) {
    this.path = path;
  }

  Map<SampleKey, List<Sample>> read() {
    try {
      byte[] bytes = Files.readAllBytes(path);
      int body = bytes.length - Long.BYTES;
      try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
        if (body < Integer.BYTES
            || in.readInt() != FORMAT
            || checksumOf(bytes, body) != end(bytes)) {
          throw new IOException("it is damaged or of another format");
        }
        return read(in);
      }
    } catch (NoSuchFileException e) {
      return Map.of();
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn("the samples in {} are taken anew: {}", path, e.toString());
      return Map.of();
    }
  }

  private static long end(byte[] bytes) throws IOException {
    byte[] tail = Arrays.copyOfRange(bytes, bytes.length - Long.BYTES, bytes.length);
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(tail))) {
      return in.readLong();
    }
  }

  private static Map<SampleKey, List<Sample>> read(DataInputStream in) throws IOException {
    Map<SampleKey, List<Sample>> samples = new HashMap<>();
    for (int keys = in.readInt(); keys > 0; keys--) {
      SpaceId from = new SpaceId(in.readUTF(), in.readUTF());
      SpaceId to = new SpaceId(in.readUTF(), in.readUTF());
      SampleKey key = new SampleKey(from, to, new Modality(in.readUTF()));
      List<Sample> sample = new ArrayList<>();
      for (int items = in.readInt(); items > 0; items--) {
        sample.add(new Sample(embedding(in, from), embedding(in, to)));
      }
      samples.put(key, List.copyOf(sample));
    }
    return samples;
  }

  private static Embedding embedding(DataInputStream in, SpaceId space) throws IOException {
    int dimension = in.readInt();
    if (dimension < 1 || dimension > in.available() / Float.BYTES) {
      throw new IOException("it is damaged");
    }
    FloatBuffer values = FloatBuffer.allocate(dimension);
    while (values.hasRemaining()) {
      values.put(in.readFloat());
    }
    return Embedding.of(space, values.flip());
  }

  void write(Map<SampleKey, List<Sample>> samples) {
    try {
      Path folder = Files.createDirectories(path.getParent());
      Path fresh = Files.createTempFile(folder, "samples", ".tmp");
      Files.write(fresh, bytes(samples));
      Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOG.warn("the samples cannot be kept in {}: {}", path, e.toString());
    }
  }

  private static byte[] bytes(Map<SampleKey, List<Sample>> samples) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(FORMAT);
      out.writeInt(samples.size());
      for (Map.Entry<SampleKey, List<Sample>> entry : samples.entrySet()) {
        SampleKey key = entry.getKey();
        out.writeUTF(key.from().name());
        out.writeUTF(key.from().version());
        out.writeUTF(key.to().name());
        out.writeUTF(key.to().version());
        out.writeUTF(key.modality().name());
        out.writeInt(entry.getValue().size());
        for (Sample sample : entry.getValue()) {
          write(out, sample.older());
          write(out, sample.newer());
        }
      }
      out.writeLong(checksumOf(bytes.toByteArray(), bytes.size()));
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, Embedding embedding) throws IOException {
    FloatBuffer values = embedding.values();
    out.writeInt(values.remaining());
    while (values.hasRemaining()) {
      out.writeFloat(values.get());
    }
  }

  private static long checksumOf(byte[] bytes, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, length);
    return checksum.getValue();
  }
}
