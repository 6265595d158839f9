package io.sensorium.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.Precision;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.api.SensoriumOptions;
import io.sensorium.host.operations.Arguments.ImportArguments;
import io.sensorium.host.operations.Arguments.Name;
import io.sensorium.host.operations.Arguments.PlanArguments;
import io.sensorium.host.operations.Arguments.VerifyArguments;
import io.sensorium.host.operations.Call;
import io.sensorium.host.operations.LocalOperations;
import io.sensorium.host.operations.Results;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Checkpoints and packages that lie, through the whole host: each is refused with its reason, and
 * the home is what it was.
 */
class RefusedModelsIT {
  private static final Path VIT =
      Path.of("..", "models", "reference", "vit-projected", "checkpoint").toAbsolutePath();
  private static final String WEIGHTS = "model.safetensors";

  @TempDir static Path shared;
  private static Path home;
  private static Sensorium sensorium;
  private static LocalOperations operations;

  @TempDir Path folder;
  private Path checkpoint;

  @BeforeAll
  static void start() {
    home = shared.resolve("home");
    sensorium = Sensorium.start(SensoriumOptions.at(home));
    operations = new LocalOperations(sensorium);
  }

  @AfterAll
  static void stop() {
    operations.close();
  }

  @BeforeEach
  void copyCheckpoint() throws IOException {
    checkpoint = Files.createDirectories(folder.resolve("checkpoint"));
    for (String name : List.of("config.json", WEIGHTS, "golden.safetensors")) {
      Files.copy(VIT.resolve(name), checkpoint.resolve(name));
    }
  }

  /** What is done to a checkpoint, and what the refusal has to say. */
  enum Lie {
    OFFSETS_BEYOND_THE_FILE("must have data_offsets [begin, end] with begin <= end") {
      @Override
      void tell(Path checkpoint) throws IOException {
        header(checkpoint, "\"data_offsets\":[0,", "\"data_offsets\":[9000000000000000000,");
      }
    },
    OFFSETS_BEYOND_LONG("must have a data_offsets of integers in [0, 2^63)") {
      @Override
      void tell(Path checkpoint) throws IOException {
        header(checkpoint, "\"data_offsets\":[0,", "\"data_offsets\":[9223372036854775808,");
      }
    },
    A_SHAPE_BEYOND_LONG("more than a file can hold") {
      @Override
      void tell(Path checkpoint) throws IOException {
        header(checkpoint, "\"shape\":[", "\"shape\":[4611686018427387904,4611686018427387904,");
      }
    },
    OVERLAPPING_TENSORS("overlapping another tensor") {
      @Override
      void tell(Path checkpoint) throws IOException {
        String two =
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}";
        Files.write(checkpoint.resolve(WEIGHTS), safetensors(two, new byte[12]));
      }
    },
    A_HEADER_LONGER_THAN_THE_FILE("header") {
      @Override
      void tell(Path checkpoint) throws IOException {
        byte[] bytes = Files.readAllBytes(checkpoint.resolve(WEIGHTS));
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(Long.MIN_VALUE);
        Files.write(checkpoint.resolve(WEIGHTS), bytes);
      }
    },
    A_FILE_CUT_SHORT("got") {
      @Override
      void tell(Path checkpoint) throws IOException {
        byte[] bytes = Files.readAllBytes(checkpoint.resolve(WEIGHTS));
        Files.write(checkpoint.resolve(WEIGHTS), Arrays.copyOf(bytes, bytes.length - 100));
      }
    },
    NOT_A_NUMBER("holds NaN or infinity") {
      @Override
      void tell(Path checkpoint) throws IOException {
        byte[] bytes = Files.readAllBytes(checkpoint.resolve(WEIGHTS));
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat(bytes.length - 4, Float.NaN);
        Files.write(checkpoint.resolve(WEIGHTS), bytes);
      }
    },
    AN_INDEX_THAT_NAMES_ITSELF("weight_map in") {
      @Override
      void tell(Path checkpoint) throws IOException {
        index(checkpoint, WEIGHTS + ".index.json");
      }
    },
    SHARDS_THAT_LINK_IN_A_CIRCLE("has no one.safetensors") {
      @Override
      void tell(Path checkpoint) throws IOException {
        Files.createSymbolicLink(checkpoint.resolve("one.safetensors"), Path.of("two.safetensors"));
        Files.createSymbolicLink(checkpoint.resolve("two.safetensors"), Path.of("one.safetensors"));
        index(checkpoint, "one.safetensors");
      }
    },
    A_SHARD_OUTSIDE("weight_map in") {
      @Override
      void tell(Path checkpoint) throws IOException {
        index(checkpoint, "../outside.safetensors");
      }
    },
    A_LINK_THAT_LEAVES("outside the checkpoint") {
      @Override
      void tell(Path checkpoint) throws IOException {
        Path outside = checkpoint.resolveSibling("outside.safetensors");
        Files.move(checkpoint.resolve(WEIGHTS), outside);
        Files.createSymbolicLink(checkpoint.resolve(WEIGHTS), outside);
      }
    },
    A_PICKLE_THAT_CALLS("system") {
      @Override
      void tell(Path checkpoint) throws IOException {
        Files.delete(checkpoint.resolve(WEIGHTS));
        Path victim = checkpoint.resolveSibling("called");
        try (ZipOutputStream zip = zip(checkpoint.resolve("pytorch_model.bin"))) {
          String pickle = "cposix\nsystem\n(S'touch " + victim + "'\ntR.";
          byte[] bytes = pickle.getBytes(StandardCharsets.ISO_8859_1);
          CRC32 checksum = new CRC32();
          checksum.update(bytes);
          ZipEntry entry = new ZipEntry("archive/data.pkl");
          entry.setMethod(ZipEntry.STORED);
          entry.setSize(bytes.length);
          entry.setCrc(checksum.getValue());
          zip.putNextEntry(entry);
          zip.write(bytes);
        }
      }
    },
    A_RECORDING_OF_ANOTHER_MODEL("must reproduce its golden vectors") {
      @Override
      void tell(Path checkpoint) throws IOException {
        byte[] bytes = Files.readAllBytes(checkpoint.resolve("golden.safetensors"));
        negateOutputs(bytes);
        Files.write(checkpoint.resolve("golden.safetensors"), bytes);
      }
    };

    private final String reason;

    Lie(String reason) {
      this.reason = reason;
    }

    abstract void tell(Path checkpoint) throws IOException;
  }

  @ParameterizedTest
  @EnumSource
  void aCheckpointThatLiesIsRefusedAndLeavesNothing(Lie lie) throws IOException {
    lie.tell(checkpoint);
    assertRefused(checkpoint, lie.reason);
    assertThat(folder.resolve("called")).doesNotExist();
  }

  @Test
  void anArchiveThatClimbsIsRefusedAndLeavesNothing() throws IOException {
    Path archive = folder.resolve("slip.zip");
    try (ZipOutputStream zip = zip(archive)) {
      zip.putNextEntry(new ZipEntry("../../evil.json"));
      zip.write("{}".getBytes(StandardCharsets.UTF_8));
    }
    assertRefused(archive, "evil.json");
    assertThat(shared.resolve("evil.json")).doesNotExist();
    assertThat(home.resolve("evil.json")).doesNotExist();
  }

  @Test
  void aPackageThatDoesNotReproduceItsRecordingIsRefusedAndTheOldOneStays() throws Exception {
    operations.importModel(ImportArguments.of(checkpoint.toString(), "kept"), call());
    Path installed = sensorium.models().find("kept").orElseThrow().folder();
    Path drifting = folder.resolve("drifting");
    copyTree(installed, drifting);
    byte[] golden = Files.readAllBytes(drifting.resolve("golden.safetensors"));
    String before = sha256(golden);
    negateOutputs(golden);
    Files.delete(drifting.resolve("golden.safetensors"));
    Files.write(drifting.resolve("golden.safetensors"), golden);
    Path manifest = drifting.resolve("model.json");
    String json =
        Files.readString(manifest)
            .replace(before, sha256(golden))
            .replaceFirst("\"version\": \"1\"", "\"version\": \"2\"");
    Files.delete(manifest);
    Files.writeString(manifest, json);

    assertRefused(drifting, "model kept 2 must reproduce its golden vectors");
    assertThat(sensorium.models().find("kept").orElseThrow().manifest().version()).isEqualTo("1");
    assertThat(operations.verifyModel(new VerifyArguments("kept", null), call()).passed()).isTrue();
    operations.removeModel(new Name("kept"), call());
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT16", "INT8"})
  void aLowerPrecisionIsPlannedImportedAndTellsItsDistance(Precision precision) {
    String id = "small-" + precision.label();
    Results.Plan planned =
        operations.planModel(
            new PlanArguments(checkpoint.toString(), null, precision.label(), 2), call());
    operations.importModel(
        new ImportArguments(
            checkpoint.toString(), id, null, true, precision.label(), null, null, null),
        call());
    Results.Verification verified =
        operations.verifyModel(
            new VerifyArguments(id, checkpoint.resolve("golden.safetensors").toString()), call());
    assertThat(verified.passed()).isTrue();
    assertThat(verified.outputs())
        .allSatisfy(output -> assertThat(output.cosine()).isBetween(0.99, 0.9999999));
    Results.Plan installed = operations.planModel(new PlanArguments(null, id, null, 2), call());
    assertThat(installed.parameters()).isEqualTo(planned.parameters());
    assertThat(installed.graphs()).isEqualTo(planned.graphs());
    operations.removeModel(new Name(id), call());
  }

  @Test
  void aPrecisionThatCostsTooMuchIsRefusedAndLeavesNothing() throws IOException {
    Map<String, Long> before = contents();
    assertThatThrownBy(
            () ->
                operations.importModel(
                    new ImportArguments(
                        checkpoint.toString(), "lossy", null, true, "int8", 0.9999999, null, null),
                    call()))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("must keep a cosine of 0.9999999");
    assertThat(contents()).isEqualTo(before);
  }

  private static void assertRefused(Path source, String reason) throws IOException {
    Map<String, Long> before = contents();
    List<String> models = installed();
    assertThatThrownBy(
            () -> operations.importModel(ImportArguments.of(source.toString(), null), call()))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining(reason);
    assertThat(installed()).isEqualTo(models);
    assertThat(contents()).isEqualTo(before);
  }

  private static List<String> installed() {
    return operations.models(call()).models().stream().map(Results.Model::id).toList();
  }

  /** Every file of the home but what the framework and the log write, with its size. */
  private static Map<String, Long> contents() throws IOException {
    Map<String, Long> files = new TreeMap<>();
    try (Stream<Path> paths = Files.list(home)) {
      paths.forEach(path -> files.put(path.getFileName().toString(), 0L));
    }
    try (Stream<Path> paths = Files.walk(home.resolve("packages"))) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        files.put(home.relativize(path).toString(), Files.size(path));
      }
    }
    return files;
  }

  private static void header(Path checkpoint, String text, String other) throws IOException {
    Path file = checkpoint.resolve(WEIGHTS);
    byte[] bytes = Files.readAllBytes(file);
    int length = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    String json = new String(bytes, 8, length, StandardCharsets.UTF_8);
    byte[] data = Arrays.copyOfRange(bytes, 8 + length, bytes.length);
    Files.write(file, safetensors(json.replaceFirst(Pattern.quote(text), other), data));
  }

  private static byte[] safetensors(String header, byte[] data) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .put(data)
        .array();
  }

  private static void index(Path checkpoint, String shard) throws IOException {
    Files.writeString(
        checkpoint.resolve(WEIGHTS + ".index.json"),
        "{\"weight_map\": {\"layernorm.weight\": \"%s\"}}".formatted(shard));
  }

  /** Turns the sign of every recorded output: tensors are sorted, and inputs come first. */
  private static void negateOutputs(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int length = (int) buffer.getLong();
    String json = new String(bytes, 8, length, StandardCharsets.UTF_8);
    Matcher offsets =
        Pattern.compile("\"output\\.[^\"]*\":\\{[^}]*\"data_offsets\":\\[(\\d+),(\\d+)]")
            .matcher(json);
    while (offsets.find()) {
      int end = 8 + length + Integer.parseInt(offsets.group(2));
      for (int at = 8 + length + Integer.parseInt(offsets.group(1)); at < end; at += 4) {
        buffer.putFloat(at, -buffer.getFloat(at));
      }
    }
  }

  private static ZipOutputStream zip(Path file) throws IOException {
    OutputStream out = Files.newOutputStream(file);
    return new ZipOutputStream(out);
  }

  private static void copyTree(Path source, Path target) throws IOException {
    try (Stream<Path> paths = Files.walk(source)) {
      for (Path path : paths.toList()) {
        Files.copy(path, target.resolve(source.relativize(path).toString()));
      }
    }
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private static Call call() {
    return Call.within(Duration.ofMinutes(1));
  }
}
