package ${package};

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.Modality;
import io.sensorium.api.RequestContext;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.api.space.EncoderStatus;
import io.sensorium.host.api.IndexProgress;
import io.sensorium.host.api.IndexingReport;
import io.sensorium.host.api.SearchRequest;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.api.SensoriumOptions;
import io.sensorium.testkit.PackageFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged bundle, dropped into a running host and taken out again. */
class ${className}IT {
  private static final Modality MODALITY = new Modality("${modality}");
  private static final String ENDING = "${accepts}".substring(1);
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final long BETWEEN_LOOKS_NANOS = 50_000_000;

  @TempDir private Path folder;

  @Test
  void aRunningHostLearnsTheSenseAndForgetsItAgain() throws IOException {
    ModelManifest model = PackageFolder.read(Path.of("src/main/packages/${modality}")).manifest();
    String space = model.space().orElseThrow().name();
    Path media = Files.createDirectory(folder.resolve("media"));
    Path slow = write(media.resolve("slow" + ENDING), 2, 0);
    write(media.resolve("fast" + ENDING), 11, 0);
    Path asked = write(folder.resolve("asked" + ENDING), 2, 0.1);
    SensoriumOptions options =
        SensoriumOptions.at(folder.resolve("home")).withoutAwaitingEncoders();
    try (Sensorium sensorium = Sensorium.start(options)) {
      assertThat(isKnown(sensorium)).isFalse();
      Path dropped = drop(options.home().resolve("deploy"));
      await("an encoder of ${modality}", () -> isKnown(sensorium));

      MediaInput item = MediaInput.read(asked, 1 << 20);
      EncodeRequest request = EncodeRequest.of(MODALITY, item).in(space);
      assertThat(sensorium.embed(request).space()).isEqualTo(model.space().orElseThrow());
      assertThat(sensorium.models().verify(model.id(), Optional.empty()).passed())
          .isTrue();

      RequestContext context = RequestContext.within(PATIENCE);
      IndexingReport report = sensorium.index(List.of(media), space, IndexProgress.NONE, context);
      assertThat(report.unreadable()).isEmpty();
      assertThat(report.indexed()).isEqualTo(2);
      SearchRequest search = SearchRequest.of(request).among(MODALITY).top(1);
      assertThat(sensorium.search(search).getFirst().entry().path())
          .isEqualTo(slow.toRealPath().toString());

      Files.delete(dropped);
      await("no encoder of ${modality}", () -> !isKnown(sensorium));
    }
  }

  /** Whole at once: the host must not see half of a file. */
  private Path drop(Path deploy) throws IOException {
    Path jar = Path.of(System.getProperty("bundle.jar"));
    Path partial = Files.copy(jar, folder.resolve("bundle.part"));
    return Files.move(
        partial, deploy.resolve(jar.getFileName()), StandardCopyOption.ATOMIC_MOVE);
  }

  private static boolean isKnown(Sensorium sensorium) {
    return sensorium.encoders().stream().map(EncoderStatus::modality).anyMatch(MODALITY::equals);
  }

  private static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waiting for " + what).isLessThan(deadline);
      LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
    }
  }

  /** Waves of so many periods, with noise. */
  private static Path write(Path file, int periods, double noise) throws IOException {
    Random random = new Random(4711);
    StringBuilder lines = new StringBuilder();
    for (int row = 0; row < 200; row++) {
      double angle = 2 * Math.PI * periods * row / 200;
      lines.append(
          "%s,%s,%s\n"
              .formatted(
                  Math.sin(angle) + noise * random.nextGaussian(),
                  Math.cos(angle) + noise * random.nextGaussian(),
                  noise * random.nextGaussian()));
    }
    return Files.writeString(file, lines);
  }
}
