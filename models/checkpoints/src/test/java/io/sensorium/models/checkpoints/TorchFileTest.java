package io.sensorium.models.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.tensor.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TorchFileTest {
  private static final Path REFERENCE = Path.of("..", "reference", "torch-files");
  private static final long SEED = 20261121;
  private static final byte[] SIX_FLOATS = new byte[24];

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"state.pth", "legacy.pth", "checkpoint.pth"})
  void readsWhatTorchWrites(String name) {
    Path path = REFERENCE.resolve(name);
    try (TorchFile file = TorchFile.open(path);
        SafetensorsFile expected =
            SafetensorsFile.open(REFERENCE.resolve("expected.safetensors"))) {
      assertThat(file.names()).containsExactlyInAnyOrderElementsOf(expected.names());
      for (String tensor : expected.names()) {
        assertThat(file.info(tensor).type()).as(tensor).isEqualTo(expected.info(tensor).type());
        assertThat(file.info(tensor).shape()).as(tensor).isEqualTo(expected.info(tensor).shape());
        assertThat(file.tensor(tensor).data().mismatch(expected.tensor(tensor).data()))
            .as(tensor)
            .isEqualTo(-1);
        assertThat(file.tensor(tensor).data().isReadOnly()).isTrue();
      }
      assertThat(file.contains("absent")).isFalse();
      assertThatThrownBy(() -> file.info("absent")).hasMessageContaining("no tensor 'absent'");
    }
  }

  @Test
  void tensorsLieInTheFileWhereItSays() throws IOException {
    Path path = REFERENCE.resolve("state.pth");
    byte[] bytes = Files.readAllBytes(path);
    try (TorchFile file = TorchFile.open(path)) {
      TensorInfo rows = file.info("rows");
      TensorInfo tail = file.info("rows.tail");
      assertThat(tail.offset()).isEqualTo(rows.offset() + 3 * 4 * Float.BYTES);
      byte[] there =
          Arrays.copyOfRange(bytes, (int) rows.offset(), (int) (rows.offset() + rows.length()));
      assertThat(
              java.lang.foreign.MemorySegment.ofArray(there).mismatch(file.tensor("rows").data()))
          .isEqualTo(-1);
    }
  }

  @Test
  void tensorsEndWithTheFile() {
    TorchFile file = TorchFile.open(REFERENCE.resolve("state.pth"));
    var tensor = file.tensor("rows");
    file.close();
    file.close();
    assertThatThrownBy(() -> tensor.asFloats().get(0)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void readsArchivesWithSizesInZip64Fields() throws IOException {
    byte[] pickle = PickleWriter.oneTensor("0", 6, 2, new long[] {2, 2}, new long[] {2, 1});
    ZipWriter zip = new ZipWriter(true).stored("a/data.pkl", pickle);
    try (TorchFile file = open(zip.stored("a/data/0", SIX_FLOATS).finish())) {
      assertThat(file.info("w").shape()).isEqualTo(Shape.of(2, 2));
    }
  }

  @Test
  void whatPicklesTryToCallIsNamedAndNotCalled() {
    assertPickleRefused(
        new PickleWriter().global("os", "system").op('(').string("touch /tmp/x").raw("tR").stop(),
        "os.system");
    assertPickleRefused(new PickleWriter().global("builtins", "eval").stop(), "builtins.eval");
    assertPickleRefused(
        new PickleWriter().string("posix").string("system").op(0x93).stop(), "posix.system");
    assertPickleRefused(new PickleWriter().raw("iposix\nsystem\n").stop(), "opcode 0x69");
    assertPickleRefused(new PickleWriter().raw(")\u0081").stop(), "opcode 0x81");
    assertPickleRefused(
        new PickleWriter().global("torch", "FloatStorage").raw(")R").stop(), "class of storages");
    assertPickleRefused(new PickleWriter().raw("])R").stop(), "no function");
    assertPickleRefused(new PickleWriter().raw("]}b").stop(), "gives attributes");
    assertRefused(REFERENCE.resolve("module.pth"), "torch.nn.modules.container.Sequential");
  }

  @Test
  void tensorsThatAreNotContiguousAreRefused() {
    assertRefused(REFERENCE.resolve("transposed.pth"), "sizes [4, 3] with strides [1, 4]");
    assertTensorRefused(6, 0, new long[] {6}, new long[] {0}, "only contiguous");
    assertTensorRefused(6, 0, new long[] {2, 3}, new long[] {1}, "only contiguous");
  }

  @Test
  void tensorsThatLeaveTheirStorageAreRefused() {
    assertTensorRefused(6, 1, new long[] {6}, new long[] {1}, "6 elements from 1 on");
    assertTensorRefused(6, 7, new long[] {0}, new long[] {1}, "from 7 on");
    assertTensorRefused(6, -1, new long[] {6}, new long[] {1}, "from -1 on");
    assertTensorRefused(6, 0, new long[] {-6}, new long[] {1}, "not in [0, 2^63)");
    assertTensorRefused(7, 0, new long[] {6}, new long[] {1}, "24 bytes for storage '0'");
    assertTensorRefused(5, 0, new long[] {5}, new long[] {1}, "its pickle says 20");
    assertTensorRefused(-6, 0, new long[] {6}, new long[] {1}, "-6 elements");
    assertTensorRefused(1L << 62, 0, new long[] {6}, new long[] {1}, "4611686018427387904");
    long[] huge = {1L << 32, 1L << 31, 4};
    assertTensorRefused(6, 0, huge, new long[] {1L << 33, 4, 1}, "more elements than a file");
    assertTensorRefused(6, 0, new long[17], new long[17], "no tuple of 16");
  }

  @Test
  void storagesMustBeThereAndOfOneType() {
    assertPickleRefused(
        PickleWriter.oneTensor("1", 6, 0, new long[] {6}, new long[] {1}), "no storage '1'");
    assertPickleRefused(
        PickleWriter.oneTensor("../x", 6, 0, new long[] {6}, new long[] {1}), "no storage '../x'");
    assertPickleRefused(
        new PickleWriter().storage("FloatStorage", "0", 6).storage("IntStorage", "0", 6).stop(),
        "two different ones");
    assertPickleRefused(
        new PickleWriter().storage("ComplexFloatStorage", "0", 6).stop(), "ComplexFloatStorage");
    assertPickleRefused(
        new PickleWriter().op('(').string("module").raw("tQ").stop(), "not a storage");
  }

  @Test
  void picklesThatCountTooFarAreRefused() {
    assertPickleRefused(
        new PickleWriter().op('X').int32(-1).stop(), "a string of 4294967295 bytes");
    assertPickleRefused(new PickleWriter().op('X').int32(9000).stop(), "ends before byte");
    assertPickleRefused(new PickleWriter().op(0x8b).int32(-5).stop(), "an integer of -5 bytes");
    assertPickleRefused(new PickleWriter().op(0x8b).int32(1 << 30).stop(), "integer of 1073741824");
    assertPickleRefused(new PickleWriter().op(0x95).stop(), "ends before byte");
    assertPickleRefused(new PickleWriter().raw("\u0080\u0006").stop(), "protocol 6");
    assertPickleRefused(new PickleWriter().raw("Nj").int32(7).stop(), "recalls value 7");
    assertPickleRefused(new PickleWriter().raw("c" + "a".repeat(70_000)).stop(), "line of more");
    assertPickleRefused(new PickleWriter().raw("X\u0001\0\0\0\u00ff").stop(), "not UTF-8");
    assertPickleRefused(new PickleWriter().raw("cos").stop(), "ends before byte");
    assertPickleRefused(new byte[0], "ends before byte");
  }

  @Test
  void bombsEndAtTheirLimits() {
    assertPickleRefused(new PickleWriter().raw("(".repeat(1_100_000)).stop(), "on its stack");
    assertPickleRefused(
        new PickleWriter().raw("](" + "}".repeat(600_000) + "e(" + "}".repeat(600_000)).stop(),
        "makes more than 1048576 containers");
    assertPickleRefused(new PickleWriter().raw("N0".repeat(4_200_000)).stop(), "opcodes");
    PickleWriter remembering = new PickleWriter().op('N');
    for (int i = 0; i < 1_050_000; i++) {
      remembering.op('r').int32(i);
    }
    assertPickleRefused(remembering.stop(), "remembers more than");
  }

  /** Ten to the power of thirty leaves, if anybody walked them. */
  @Test
  void listsOfListsThatShareAreNeitherCopiedNorWalked() {
    PickleWriter nested = new PickleWriter().raw("]q\0");
    for (int level = 0; level < 200; level++) {
      nested.raw("0](" + "h\0".repeat(32) + "eq\0");
    }
    assertPickleRefused(nested.stop(), "dictionary of tensors");
    assertPickleRefused(
        new PickleWriter().raw("]q\0h\0a0}").string("self").raw("h\0s").stop(), "no tensors");
    String deep = ")" + "\u0085".repeat(900_000);
    assertPickleRefused(new PickleWriter().raw("}" + deep + "Ns").stop(), "neither string nor");
  }

  @Test
  void whatIsNoDictionaryOfTensorsIsRefused() {
    assertPickleRefused(new PickleWriter().op('N').stop(), "dictionary of tensors");
    assertPickleRefused(new PickleWriter().op('}').stop(), "no tensors by name");
    assertPickleRefused(new PickleWriter().stop(), "empty stack");
    assertPickleRefused(new PickleWriter().op('(').stop(), "empty stack");
    assertPickleRefused(new PickleWriter().raw("}NNs").stop(), "neither string nor integer");
    assertPickleRefused(
        new PickleWriter().raw("}(").string("a").op('N').string("a").raw("Nu").stop(), "'a' twice");
    assertPickleRefused(new PickleWriter().raw("N(u").stop(), "something else than a dictionary");
    assertPickleRefused(new PickleWriter().raw(")Na").stop(), "something else than a list");
    assertPickleRefused(new PickleWriter().raw("Nt").stop(), "never began");
  }

  @Test
  void filesOfOtherKindsAreNamed() throws IOException {
    assertRefused(
        "version https://git-lfs.github.com/spec/v1\n".getBytes(StandardCharsets.UTF_8),
        "neither zip archive nor pickle");
    assertRefused(new byte[0], "neither zip archive nor pickle");
    assertRefused(new PickleWriter().op('}').stop(), "not one that torch.save wrote");
    assertRefused(
        new ZipWriter(false).stored("a/x.txt", new byte[3]).finish(), "with one NAME/data.pkl");
    assertThatThrownBy(() -> TorchFile.open(folder.resolve("absent.pth")))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("absent.pth");
  }

  @Test
  void archivesThatLieAreRefused() throws IOException {
    byte[] pickle = PickleWriter.oneTensor("0", 6, 0, new long[] {6}, new long[] {1});
    assertArchiveRefused(
        zip -> zip.stored("a/data.pkl", pickle).entry("a/data/0", 8, SIX_FLOATS, 24, 24),
        "compressed or encrypted");
    assertArchiveRefused(
        zip -> zip.stored("a/data.pkl", pickle).entry("a/data/0", 0, SIX_FLOATS, 20, 24),
        "takes 20 bytes for 24");
    assertArchiveRefused(
        zip -> zip.stored("a/data.pkl", pickle).entry("a/data/0", 0, SIX_FLOATS, 1 << 20, 1 << 20),
        "1048576 bytes long; the file has");
    assertArchiveRefused(
        zip -> zip.entry("a/data/0", 0, SIX_FLOATS, 60, 60).stored("a/data.pkl", pickle),
        "overlapping");
    assertArchiveRefused(
        zip -> zip.stored("a/data/0", SIX_FLOATS).directory("b", 0, 24, 24, 0), "before its bytes");
    assertArchiveRefused(
        zip -> zip.stored("a/data/0", SIX_FLOATS).stored("a/data/0", SIX_FLOATS), "twice");
    assertArchiveRefused(
        zip -> zip.stored("a/data.pkl", pickle).stored("b/data.pkl", pickle), "one NAME/data.pkl");
    assertArchiveRefused(
        zip ->
            zip.stored("a/data.pkl", pickle)
                .stored("a/byteorder", "big".getBytes(StandardCharsets.US_ASCII)),
        "'big'");
    ZipWriter far = new ZipWriter(true).stored("a/data.pkl", pickle);
    assertRefused(
        far.directory("a/data/0", 0, 24, 24, Long.MIN_VALUE).finish(),
        "at byte 9223372036854775808");
    byte[] claim = new ZipWriter(true).stored("a/data.pkl", pickle).finish(1L << 62);
    assertRefused(claim, "1048576 entries at most");
    byte[] more = new ZipWriter(false).stored("a/data.pkl", pickle).finish(3);
    assertRefused(more, "no header for entry 1 of 3");
    assertRefused(Arrays.copyOf(more, more.length - 1), "cut off");
  }

  @ParameterizedTest
  @ValueSource(strings = {"state.pth", "legacy.pth"})
  void survivesRandomDamage(String name) throws IOException {
    Random random = new Random(SEED);
    byte[] good = Files.readAllBytes(REFERENCE.resolve(name));
    Path path = folder.resolve("damaged");
    int refused = 0;
    for (int round = 0; round < 1000; round++) {
      byte[] bad =
          Arrays.copyOf(good, random.nextInt(10) == 0 ? random.nextInt(good.length) : good.length);
      for (int flips = 1 + random.nextInt(4); flips > 0 && bad.length > 0; flips--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      Files.write(path, bad);
      try (TorchFile file = TorchFile.open(path)) {
        file.names().forEach(file::tensor);
      } catch (ModelLoadException expected) {
        assertThat(expected.getMessage()).as("seed %d round %d", SEED, round).contains("damaged");
        refused++;
      }
    }
    assertThat(refused).as("seed %d", SEED).isBetween(100, 999);
  }

  private void assertTensorRefused(
      long elements, long first, long[] sizes, long[] strides, String message) {
    assertPickleRefused(PickleWriter.oneTensor("0", elements, first, sizes, strides), message);
  }

  private void assertPickleRefused(byte[] pickle, String message) {
    assertArchiveRefused(
        zip -> zip.stored("a/data.pkl", pickle).stored("a/data/0", SIX_FLOATS), message);
  }

  private void assertArchiveRefused(UnaryOperator<ZipWriter> write, String message) {
    try {
      assertRefused(write.apply(new ZipWriter(false)).finish(), message);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void assertRefused(byte[] file, String message) throws IOException {
    assertRefused(Files.write(folder.resolve("hostile.pth"), file), message);
  }

  private static void assertRefused(Path path, String message) {
    assertThatThrownBy(() -> TorchFile.open(path).close())
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining(message)
        .hasMessageContaining(path.getFileName().toString());
  }

  private TorchFile open(byte[] file) throws IOException {
    return TorchFile.open(Files.write(folder.resolve("made.pth"), file));
  }
}
