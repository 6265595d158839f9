package io.sensorium.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sensorium.api.Modality;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.runtime.InferenceRuntime;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.api.space.EncoderStatus;
import io.sensorium.api.space.EncoderStatus.State;
import io.sensorium.api.space.SpaceId;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.api.SensoriumOptions;
import io.sensorium.host.operations.Arguments.ImportArguments;
import io.sensorium.host.operations.Arguments.Name;
import io.sensorium.host.operations.Arguments.VerifyArguments;
import io.sensorium.host.operations.Call;
import io.sensorium.host.operations.LocalOperations;
import io.sensorium.models.checkpoints.SafetensorsFile;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * A TorchScript model in a host, from the bytes of pictures on, while its bundle comes and goes.
 */
class DjlModelsIT {
  private static final Path REFERENCE =
      Path.of("..", "models", "reference").toAbsolutePath().normalize();
  private static final Path MODEL = REFERENCE.resolve("djl-torchscript").resolve("model");
  private static final Path TEXT_MODEL = REFERENCE.resolve("djl-torchscript-text").resolve("model");
  private static final String ID = "torchscript";
  private static final String TEXT_ID = "torchscript-text";

  @TempDir static Path folder;
  private static Sensorium sensorium;
  private static LocalOperations operations;

  @BeforeAll
  static void start() {
    sensorium = Sensorium.start(SensoriumOptions.at(folder.resolve("home")));
    operations = new LocalOperations(sensorium);
  }

  @AfterAll
  static void stop() {
    operations.close();
  }

  @Test
  void itIsAnEncoderLikeAnyOtherAndLeavesNothingBehind() throws Exception {
    operations.importModel(
        new ImportArguments(MODEL.toString(), ID, null, false, null, null, null, null), call());
    Path golden = MODEL.resolve("golden.safetensors");
    assertThat(operations.verifyModel(new VerifyArguments(ID, golden.toString()), call()).passed())
        .isTrue();
    assertPicturesAreEmbeddedAsInTorch();
    assertThat(status().provider()).startsWith("DJL PyTorch");

    WeakReference<ClassLoader> loader = replaceBundle();
    eventually(() -> isServing(ID));
    assertPicturesAreEmbeddedAsInTorch();
    eventually(
        () -> {
          System.gc();
          return loader.refersTo(null);
        });

    operations.removeModel(new Name(ID), call());
    eventually(DjlModelsIT::hasNoSession);
    assertThatThrownBy(() -> embed("wide.png")).hasMessageContaining(ID);
  }

  @Test
  void textIsTokenizedForItAsItsFilesSay() {
    operations.importModel(
        new ImportArguments(TEXT_MODEL.toString(), TEXT_ID, null, false, null, null, null, null),
        call());
    try (SafetensorsFile golden = SafetensorsFile.open(TEXT_MODEL.resolve("golden.safetensors"))) {
      Tensor expected = golden.tensor("output.text_embeds");
      List<String> texts = List.of("short.txt", "long.txt", "other.txt");
      for (int i = 0; i < texts.size(); i++) {
        MediaInput text = MediaInput.read(TEXT_MODEL.resolve("media").resolve(texts.get(i)), 1_024);
        Embedding here = sensorium.embed(EncodeRequest.of(Modality.TEXT, text).in(TEXT_ID));
        assertThat(here.cosine(torch(TEXT_ID, expected, i))).isCloseTo(1, within(1e-6));
      }
    }
    operations.removeModel(new Name(TEXT_ID), call());
  }

  /** Stops the bundle, which drains its encoder, and starts it with a class loader of its own. */
  private static WeakReference<ClassLoader> replaceBundle()
      throws BundleException, InterruptedException {
    BundleContext context =
        FrameworkUtil.getBundle(sensorium.service(InferenceRuntime.class).getClass())
            .getBundleContext();
    Bundle bundle =
        Arrays.stream(context.getBundles())
            .filter(each -> each.getSymbolicName().endsWith("runtime-djl"))
            .findFirst()
            .orElseThrow();
    WeakReference<ClassLoader> loader =
        new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader());
    bundle.stop();
    // The encoder leaves the list on the thread that drained it, a moment after its bundle stopped.
    eventually(() -> sensorium.encoders().stream().noneMatch(each -> each.model().equals(ID)));
    eventually(DjlModelsIT::hasNoSession);
    bundle.update();
    CountDownLatch refreshed = new CountDownLatch(1);
    context
        .getBundle(0)
        .adapt(FrameworkWiring.class)
        .refreshBundles(List.of(bundle), event -> refreshed.countDown());
    assertThat(refreshed.await(1, TimeUnit.MINUTES)).isTrue();
    bundle.start();
    return loader;
  }

  private static void assertPicturesAreEmbeddedAsInTorch() {
    try (SafetensorsFile golden = SafetensorsFile.open(MODEL.resolve("golden.safetensors"))) {
      Tensor expected = golden.tensor("output.image_embeds");
      List<String> pictures = List.of("wide.png", "tall.png", "small.png");
      for (int i = 0; i < pictures.size(); i++) {
        assertThat(embed(pictures.get(i)).cosine(torch(ID, expected, i)))
            .isCloseTo(1, within(1e-6));
      }
    }
  }

  private static Embedding torch(String space, Tensor rows, int row) {
    return Embedding.of(new SpaceId(space, "1"), rows.row(row).asFloats()).normalized();
  }

  private static Embedding embed(String picture) {
    MediaInput bytes = MediaInput.read(MODEL.resolve("media").resolve(picture), 1 << 20);
    return sensorium.embed(EncodeRequest.of(Modality.IMAGE, bytes).in(ID));
  }

  private static boolean isServing(String id) {
    return sensorium.encoders().stream()
        .anyMatch(each -> each.model().equals(id) && each.state() == State.READY);
  }

  private static boolean hasNoSession() {
    return sensorium.service(InferenceRuntime.class).sessions().stream()
        .noneMatch(session -> session.model().equals(ID));
  }

  private static EncoderStatus status() {
    return sensorium.encoders().stream()
        .filter(each -> each.model().equals(ID))
        .findFirst()
        .orElseThrow();
  }

  private static void eventually(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("gave up waiting").isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  private static Call call() {
    return Call.within(Duration.ofMinutes(1));
  }
}
