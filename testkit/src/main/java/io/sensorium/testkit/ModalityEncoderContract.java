package io.sensorium.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.UnsupportedInputException;
import io.sensorium.api.encoder.ModalityEncoder;
import io.sensorium.api.encoder.Preprocessor;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import io.sensorium.models.checkpoints.SafetensorsFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every {@link ModalityEncoder} must do. */
public abstract class ModalityEncoderContract {
  private static final int THREADS = 4;
  private static final int ROUNDS = 25;
  private static final int DAMAGED = 200;
  private static final long MAXIMUM_MEDIA_BYTES = 64L << 20;

  /** What differently ordered float32 arithmetic may lose. */
  private static final double TOLERANCE = 1e-3;

  /** The encoder under test; may answer the same one every time. */
  protected abstract ModalityEncoder encoder();

  /** A graph of its modality, with the package's folder. */
  protected abstract ModelGraph graph();

  /** Items that it reads: small, at least one, different from each other. */
  protected abstract List<MediaInput> readable();

  /** Items that it must refuse. */
  protected abstract List<MediaInput> unreadable();

  @Test
  void everyItemBecomesExactlyTheDeclaredInputs() {
    assertThat(readable()).isNotEmpty();
    List<TensorSpec> declared = graph().manifest().inputs();
    try (Preprocessor preprocessor = encoder().open(graph())) {
      for (MediaInput item : readable()) {
        Map<String, Tensor> inputs = preprocessor.prepare(item);
        assertThat(inputs.keySet())
            .as(item.name())
            .containsExactlyInAnyOrderElementsOf(declared.stream().map(TensorSpec::name).toList());
        for (TensorSpec input : declared) {
          Tensor tensor = inputs.get(input.name());
          assertThat(input.accepts(tensor))
              .as("'%s' of %s is %s: %s", input.name(), item.name(), input.signature(), tensor)
              .isTrue();
          assertThat(tensor.shape().dimension(0)).as("items in '%s'", input.name()).isOne();
          assertThat(tensor.shape().isStatic()).isTrue();
          assertFinite(input.name(), tensor);
        }
      }
    }
  }

  @Test
  void theSameItemBecomesTheSameTensorsAndIsLeftAsItWas() {
    try (Preprocessor first = encoder().open(graph());
        Preprocessor second = encoder().open(graph())) {
      for (MediaInput item : readable()) {
        ByteBuffer before = ByteBuffer.allocate(item.size()).put(item.bytes()).flip();
        List<byte[]> prepared = bytes(first.prepare(item));
        assertSame(item, bytes(first.prepare(item)), prepared);
        assertSame(item, bytes(second.prepare(item)), prepared);
        assertThat(item.bytes()).isEqualTo(before);
      }
    }
  }

  @Test
  void severalThreadsPrepareAtOnceWhatOneDoes() throws InterruptedException, ExecutionException {
    try (Preprocessor preprocessor = encoder().open(graph());
        ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<MediaInput> items = readable();
      List<List<byte[]>> alone = new ArrayList<>();
      items.forEach(item -> alone.add(bytes(preprocessor.prepare(item))));
      List<Future<?>> running = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        int first = thread;
        running.add(
            threads.submit(
                () -> {
                  for (int round = 0; round < ROUNDS; round++) {
                    int item = (first + round) % items.size();
                    assertSame(
                        items.get(item),
                        bytes(preprocessor.prepare(items.get(item))),
                        alone.get(item));
                  }
                }));
      }
      for (Future<?> each : running) {
        each.get();
      }
    }
  }

  @Test
  void whatCannotBeReadIsRefusedWithAReasonAndHarmsNothing() {
    MediaInput good = readable().getFirst();
    try (Preprocessor preprocessor = encoder().open(graph())) {
      List<byte[]> before = bytes(preprocessor.prepare(good));
      for (MediaInput item : unreadable()) {
        assertThatThrownBy(() -> preprocessor.prepare(item))
            .as(item.name())
            .isInstanceOf(UnsupportedInputException.class)
            .message()
            .isNotBlank();
      }
      assertSame(good, bytes(preprocessor.prepare(good)), before);
    }
  }

  @Test
  void damagedItemsAreReadOrRefusedAndNothingElse() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    try (Preprocessor preprocessor = encoder().open(graph())) {
      for (MediaInput item : readable()) {
        for (int round = 0; round < DAMAGED; round++) {
          MediaInput damaged = damaged(item, random);
          try {
            preprocessor.prepare(damaged).forEach((name, tensor) -> assertFinite(name, tensor));
          } catch (UnsupportedInputException e) {
            assertThat(e.getMessage()).isNotBlank();
          }
        }
      }
    }
  }

  @Test
  void aGraphThatItCannotFeedIsNotOpened() {
    ModelGraph graph = graph();
    GraphManifest declared = graph.manifest();
    List<TensorSpec> foreign =
        List.of(new TensorSpec("no_such_input", ElementType.INT32, Shape.of(-1, 1, 1, 1, 1, 1, 1)));
    GraphManifest other =
        new GraphManifest(
            declared.name(),
            declared.modality(),
            declared.runtime(),
            declared.file(),
            foreign,
            declared.outputs(),
            declared.preprocessing(),
            declared.memory());
    assertThatThrownBy(() -> encoder().open(new ModelGraph(graph.model(), other)).close())
        .isInstanceOf(ModelLoadException.class)
        .message()
        .isNotBlank();
  }

  @Test
  void whatThePackageRecordedIsReproduced() throws IOException {
    Path folder = graph().model().folder();
    Path recording = folder.resolve("golden.safetensors");
    assumeTrue(Files.isRegularFile(recording), () -> folder + " has no golden.safetensors");
    try (SafetensorsFile golden = SafetensorsFile.open(recording);
        Preprocessor preprocessor = encoder().open(graph())) {
      for (String name : golden.names()) {
        String[] parts = name.split("\\.", 3);
        if (parts.length == 3 && parts[0].equals("pre")) {
          MediaInput item = MediaInput.read(media(folder, parts[1]), MAXIMUM_MEDIA_BYTES);
          Tensor prepared = preprocessor.prepare(item).get(parts[2]);
          if (prepared != null) {
            assertClose(name, prepared, golden.tensor(name));
          }
        }
      }
    }
  }

  private static Path media(Path folder, String name) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("media"))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(name + "."))
          .findFirst()
          .orElseThrow(() -> new AssertionError("no medium was recorded for the case " + name));
    }
  }

  private static void assertClose(String name, Tensor prepared, Tensor recorded) {
    assertThat(prepared.toString()).as(name).isEqualTo(recorded.toString());
    if (recorded.type() != ElementType.FLOAT32) {
      assertThat(prepared.data().mismatch(recorded.data())).as(name).isEqualTo(-1);
      return;
    }
    FloatBuffer actual = prepared.asFloats();
    FloatBuffer wanted = recorded.asFloats();
    for (int i = 0; i < wanted.capacity(); i++) {
      double magnitude = Math.max(1, Math.abs(wanted.get(i)));
      if (!(Math.abs(actual.get(i) - wanted.get(i)) <= TOLERANCE * magnitude)) {
        throw new AssertionError(
            "%s[%d] must be %s; got %s".formatted(name, i, wanted.get(i), actual.get(i)));
      }
    }
  }

  private static void assertFinite(String name, Tensor tensor) {
    if (tensor.type() == ElementType.FLOAT32) {
      FloatBuffer values = tensor.asFloats();
      for (int i = 0; i < values.capacity(); i++) {
        if (!Float.isFinite(values.get(i))) {
          throw new AssertionError("'%s'[%d] is %s".formatted(name, i, values.get(i)));
        }
      }
    }
  }

  private static void assertSame(MediaInput item, List<byte[]> actual, List<byte[]> expected) {
    assertThat(actual).as(item.name()).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(Arrays.equals(actual.get(i), expected.get(i))).as(item.name()).isTrue();
    }
  }

  private static List<byte[]> bytes(Map<String, Tensor> tensors) {
    return tensors.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> entry.getValue().data().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE))
        .toList();
  }

  /** Cut short, with a byte changed, or with a piece repeated. */
  private static MediaInput damaged(MediaInput item, Random random) {
    byte[] content = new byte[item.size()];
    item.bytes().get(content);
    int at = content.length == 0 ? 0 : random.nextInt(content.length);
    ByteBuffer damaged = ByteBuffer.allocate(2 * content.length);
    switch (random.nextInt(3)) {
      case 0 -> damaged.put(content, 0, at);
      case 1 -> {
        damaged.put(content);
        if (content.length > 0) {
          damaged.put(at, (byte) random.nextInt());
        }
      }
      default -> damaged.put(content, 0, at).put(content);
    }
    return new MediaInput("damaged " + item.name(), damaged.flip());
  }
}
