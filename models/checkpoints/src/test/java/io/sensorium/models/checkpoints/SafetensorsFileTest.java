package io.sensorium.models.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsFileTest {
  private static final String TWO_TENSORS =
      "{\"__metadata__\":{\"format\":\"pt\"},"
          + "\"b\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[12,20]},"
          + "\"a\":{\"dtype\":\"F32\",\"shape\":[3,1],\"data_offsets\":[0,12]}}";

  @TempDir Path folder;

  @Test
  void readsTensorsAtUnalignedOffsetsInHeaderOrder() throws IOException {
    ByteBuffer data = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
    data.putFloat(1.5f).putFloat(-2).putFloat(3).putLong(-7);
    Path path = write(TWO_TENSORS, data.array());
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThat(file.names()).containsExactly("b", "a");
      assertThat(file.metadata()).containsEntry("format", "pt");
      Tensor a = file.tensor("a");
      assertThat(a.type()).isEqualTo(ElementType.FLOAT32);
      assertThat(a.shape()).isEqualTo(Shape.of(3, 1));
      assertThat(new float[] {a.asFloats().get(0), a.asFloats().get(1), a.asFloats().get(2)})
          .containsExactly(1.5f, -2, 3);
      assertThat(file.tensor("b").asLongs().get(0)).isEqualTo(-7);
      TensorInfo info = file.info("b");
      assertThat(info.offset()).isEqualTo(8 + TWO_TENSORS.length() + 12);
      assertThat(info.length()).isEqualTo(8);
      assertThatThrownBy(() -> file.tensor("c"))
          .isInstanceOf(ModelLoadException.class)
          .hasMessageContaining("no tensor 'c'");
    }
  }

  @Test
  void readsScalarsAndEmptyTensors() throws IOException {
    String header =
        "{\"empty\":{\"dtype\":\"F16\",\"shape\":[0,7],\"data_offsets\":[0,0]},"
            + "\"scalar\":{\"dtype\":\"BF16\",\"shape\":[],\"data_offsets\":[0,2]}}   ";
    try (SafetensorsFile file = SafetensorsFile.open(write(header, new byte[2]))) {
      assertThat(file.tensor("empty").shape().elements()).isZero();
      assertThat(file.tensor("scalar").shape().rank()).isZero();
    }
  }

  @Test
  void tensorsAreReadOnlyAndEndWithTheFile() throws IOException {
    SafetensorsFile file = SafetensorsFile.open(write(TWO_TENSORS, new byte[20]));
    Tensor tensor = file.tensor("a");
    assertThat(tensor.data().isReadOnly()).isTrue();
    file.close();
    file.close();
    assertThatThrownBy(() -> tensor.asFloats().get(0)).isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "gap | {'a':{'dtype':'U8','shape':[4],'data_offsets':[4,8]}} | after a gap",
        "tail | {'a':{'dtype':'U8','shape':[4],'data_offsets':[0,4]}} | the file has",
        "beyond | {'a':{'dtype':'U8','shape':[9],'data_offsets':[0,9]}} | end <= 8",
        "reversed | {'a':{'dtype':'U8','shape':[0],'data_offsets':[8,4]}} | begin <= end",
        "negative | {'a':{'dtype':'U8','shape':[-8],'data_offsets':[0,8]}} | integers in [0",
        "huge offset | {'a':{'dtype':'U8','shape':[8],'data_offsets':[0,9223372036854775808]}}"
            + " | integers in [0",
        "huge product | {'a':{'dtype':'F32','shape':[4611686018427387904,4],"
            + "'data_offsets':[0,8]}} | more than a file can hold",
        "fraction | {'a':{'dtype':'U8','shape':[8.0],'data_offsets':[0,8]}} | integers in [0",
        "size | {'a':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}} | 12 bytes",
        "dtype | {'a':{'dtype':'F31','shape':[2],'data_offsets':[0,8]}} | supported are",
        "duplicate | {'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},"
            + "'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | Duplicate",
        "extra key | {'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8],'x':1}} | alone",
        "array | [] | must be a JSON object",
        "trailing | {} {} | not valid JSON",
        "metadata | {'__metadata__':{'a':1}} | strings to strings",
        "truncated | {'a': | not valid JSON",
      })
  void refusesHeadersThatLie(String what, String header, String message) throws IOException {
    assertRefused(write(header.replace('\'', '"'), new byte[8]), message);
  }

  @Test
  void refusesOverlaps() throws IOException {
    String header =
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[6],\"data_offsets\":[0,6]},"
            + "\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[4,8]}}";
    assertRefused(write(header, new byte[8]), "overlapping");
  }

  @Test
  void refusesDeepNesting() throws IOException {
    String header = "{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
    assertRefused(write(header, new byte[0]), "not valid JSON");
  }

  @ParameterizedTest
  @CsvSource({"-1", "9223372036854775807", "9", "104857601"})
  void refusesFalseHeaderLengths(long length) throws IOException {
    Path path = folder.resolve("false.safetensors");
    ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
    Files.write(path, bytes.array());
    assertRefused(path, Long.toUnsignedString(length));
  }

  @Test
  void refusesFilesTooShortForAHeader() throws IOException {
    for (int length : new int[] {0, 1, 7}) {
      Path path = folder.resolve("short" + length);
      Files.write(path, new byte[length]);
      assertRefused(path, "only " + length + " bytes");
    }
    assertRefused(folder.resolve("absent"), "absent");
  }

  @Test
  void survivesRandomDamage() throws IOException {
    long seed = 20261120;
    Random random = new Random(seed);
    byte[] good = Files.readAllBytes(write(TWO_TENSORS, new byte[20]));
    for (int round = 0; round < 2000; round++) {
      byte[] bad = good.clone();
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        bad[random.nextInt(bad.length - 20)] = (byte) random.nextInt(256);
      }
      Path path = folder.resolve("damaged");
      Files.write(path, bad);
      try (SafetensorsFile file = SafetensorsFile.open(path)) {
        file.names().forEach(file::tensor);
      } catch (ModelLoadException expected) {
        assertThat(expected.getMessage()).as("seed %d round %d", seed, round).contains("damaged");
      }
    }
  }

  private static void assertRefused(Path path, String message) {
    assertThatThrownBy(() -> SafetensorsFile.open(path).close())
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining(message)
        .hasMessageContaining(path.getFileName().toString());
  }

  private Path write(String header, byte[] data) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    Path path = folder.resolve("model.safetensors");
    return Files.write(path, bytes.putLong(json.length).put(json).put(data).array());
  }
}
