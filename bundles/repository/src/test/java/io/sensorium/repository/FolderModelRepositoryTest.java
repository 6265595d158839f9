package io.sensorium.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.lifecycle.LifecycleListeners;
import io.sensorium.api.model.ModelLicence;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.ModelRepository.InstallPolicy;
import io.sensorium.api.model.VerificationReport;
import io.sensorium.runtime.onnx.OnnxInferenceRuntime;
import io.sensorium.runtime.onnx.SessionSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class FolderModelRepositoryTest {
  @TempDir Path temporary;
  private final OnnxInferenceRuntime runtime =
      new OnnxInferenceRuntime("cpu", new SessionSettings(1, false, Duration.ofSeconds(1)));
  private final EncoderVerdicts verdicts = new EncoderVerdicts();
  private final LifecycleListeners listeners = new LifecycleListeners((event, failure) -> {});
  private final List<String> events = Collections.synchronizedList(new ArrayList<>());
  private Path packages;
  private FolderModelRepository repository;

  @BeforeEach
  void openRepository() {
    packages = temporary.resolve("home/packages");
    repository = repository();
  }

  @AfterEach
  void closeRuntime() {
    runtime.close();
  }

  private FolderModelRepository repository() {
    return new FolderModelRepository(
        new PackageStore(packages),
        runtime,
        model -> {
          events.add("+" + model);
          return () -> events.add("-" + model);
        },
        verdicts,
        listeners);
  }

  @Test
  void aFolderAndAZipAreInstalledInTheirPlaces() throws IOException {
    Path one = TestPackages.good(temporary.resolve("one"), "one", "1");
    Path two = TestPackages.good(temporary.resolve("two"), "two", "1.5");
    Path zip = TestPackages.zip(two, temporary.resolve("two.zip"));

    ModelPackage installed = repository.install(one, InstallPolicy.DEFAULT);
    repository.install(zip, InstallPolicy.DEFAULT);

    assertThat(installed.folder()).isEqualTo(packages.resolve("one/1"));
    assertThat(repository.packages())
        .extracting(ModelPackage::toString)
        .containsExactly("one 1", "two 1.5");
    assertThat(repository.find("two")).isPresent();
    assertThat(TestPackages.files(packages.resolve("two/1.5"))).hasSize(4);
    assertThat(events).containsExactly("+one 1", "+two 1.5");
    assertThat(packages.resolve(".staging")).isEmptyDirectory();
    assertThat(runtime.sessions()).isEmpty();
  }

  @Test
  void aNewVersionIsInServiceBeforeTheOldOneGoes() throws IOException {
    install("one", "1");
    install("one", "2");
    assertThat(events).containsExactly("+one 1", "+one 2", "-one 1");
    assertThat(packages.resolve("one/1")).doesNotExist();
    assertThat(repository.find("one").orElseThrow().manifest().version()).isEqualTo("2");
  }

  @Test
  void theSameVersionWithOtherFilesReplacesTheOldOne() throws IOException {
    install("one", "1");
    Path changed =
        TestPackages.write(
            temporary.resolve("changed"), "one", "1", TestPackages.FREE, 0.01f, Map.of());
    repository.install(changed, InstallPolicy.DEFAULT);
    assertThat(events).containsExactly("+one 1", "+one 1", "-one 1");
    assertThat(packages.resolve("one/1/golden.safetensors"))
        .hasSameBinaryContentAs(changed.resolve("golden.safetensors"));
    assertThat(packages.resolve(".staging")).isEmptyDirectory();
  }

  @Test
  void installingWhatIsThereDoesNothing() throws IOException {
    ModelPackage first = install("one", "1");
    assertThat(install("one", "1")).isSameAs(first);
    assertThat(events).containsExactly("+one 1");
  }

  @Test
  void aPackageThatDriftsIsRefusedAndTheOldOneStays() throws IOException {
    install("one", "1");
    Path drifting =
        TestPackages.write(
            temporary.resolve("drifting"), "one", "2", TestPackages.FREE, 1f, Map.of());
    assertThatThrownBy(() -> repository.install(drifting, InstallPolicy.DEFAULT))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("model one 2 must reproduce its golden vectors");
    assertThat(repository.find("one").orElseThrow().manifest().version()).isEqualTo("1");
    assertThat(packages.resolve("one/2")).doesNotExist();
    assertThat(packages.resolve(".staging")).isEmptyDirectory();
    assertThat(repository.verify("one", Optional.empty()).passed()).isTrue();
    assertThat(runtime.sessions()).extracting(status -> status.version()).containsExactly("1");
  }

  @Test
  void aDeclaredToleranceIsHonouredWithinItsBounds() throws IOException {
    Path wide =
        TestPackages.write(
            temporary.resolve("w"), "wide", "1", TestPackages.FREE, 1f, Map.of("tolerance", 0.01));
    repository.install(wide, InstallPolicy.DEFAULT);
    Path tooWide =
        TestPackages.write(
            temporary.resolve("t"),
            "too-wide",
            "1",
            TestPackages.FREE,
            1f,
            Map.of("tolerance", 0.6));
    assertThatThrownBy(() -> repository.install(tooWide, InstallPolicy.DEFAULT))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("calibration.tolerance");
  }

  @Test
  void aNonCommercialLicenceNeedsToBeAccepted() throws IOException {
    Path folder =
        TestPackages.write(
            temporary.resolve("nc"), "nc", "1", TestPackages.NON_COMMERCIAL, 0, Map.of());
    assertThatThrownBy(() -> repository.install(folder, InstallPolicy.DEFAULT))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("CC-BY-NC-4.0");
    assertThat(repository.packages()).isEmpty();
    repository.install(folder, new InstallPolicy(true));
    assertThat(repository.find("nc")).isPresent();

    FolderModelRepository restarted = repository();
    assertThat(restarted.resume(packages.resolve("nc/1"))).isTrue();
    assertThat(restarted.find("nc")).isPresent();
  }

  @Test
  void aLicenceWithUnknownTermsIsNotRefused() throws IOException {
    Path folder =
        TestPackages.write(
            temporary.resolve("u"), "unknown-terms", "1", ModelLicence.UNKNOWN, 0, Map.of());

    ModelPackage installed = repository.install(folder, InstallPolicy.DEFAULT);

    assertThat(installed.manifest().licence()).isEqualTo(ModelLicence.UNKNOWN);
  }

  @Test
  void damageOfAnyKindIsRefused() throws IOException {
    Path folder = TestPackages.good(temporary.resolve("bad"), "bad", "1");
    Path zip = TestPackages.zip(folder, temporary.resolve("bad.zip"));
    byte[] whole = Files.readAllBytes(zip);
    for (int length = 0; length < whole.length; length += 61) {
      Path cut = Files.write(temporary.resolve("cut.zip"), Arrays.copyOf(whole, length));
      assertRefused(cut);
    }
    Files.writeString(folder.resolve("card.md"), "tampered!");
    assertRefused(folder);
    Files.delete(folder.resolve("card.md"));
    assertRefused(folder);
    assertRefused(temporary.resolve("nowhere"));
    Path text = Files.writeString(temporary.resolve("text.zip"), "not a zip");
    assertRefused(text);
    assertThat(packages.resolve("bad")).doesNotExist();
    assertThat(packages.resolve(".staging")).isEmptyDirectory();
    assertThat(events).isEmpty();
  }

  @Test
  void aPackageWithoutGoldenVectorsIsRefused() throws IOException {
    Path folder = TestPackages.good(temporary.resolve("g"), "g", "1");
    String json = Files.readString(folder.resolve("model.json"));
    Files.writeString(
        folder.resolve("model.json"), json.replace("\"golden.safetensors\"", "\"golden.copy\""));
    Files.move(folder.resolve("golden.safetensors"), folder.resolve("golden.copy"));
    assertThatThrownBy(() -> repository.install(folder, InstallPolicy.DEFAULT))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("golden.safetensors");
  }

  @Test
  void removingTakesOutOfServiceAndDeletes() throws IOException {
    install("one", "1");
    assertThat(repository.remove("one")).isTrue();
    assertThat(repository.remove("one")).isFalse();
    assertThat(events).containsExactly("+one 1", "-one 1");
    assertThat(packages.resolve("one")).doesNotExist();
    assertThat(packages.resolve(".receipts")).isEmptyDirectory();
  }

  @Test
  void aRestartTrustsTheReceiptUntilAFileChanges() throws IOException {
    Path folder = install("one", "1").folder();
    // Same length and time, other content: only reading the file could tell.
    Path card = folder.resolve("card.md");
    var time = Files.getLastModifiedTime(card);
    Files.writeString(card, "version 9");
    Files.setLastModifiedTime(card, time);
    assertThat(repository().resume(folder)).isTrue();

    Files.writeString(card, "longer than it was");
    FolderModelRepository restarted = repository();
    assertThat(restarted.resume(folder)).isFalse();
    assertThatThrownBy(() -> restarted.adopt(folder))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("card.md");
    assertThat(restarted.packages()).isEmpty();
  }

  @Test
  void aFolderPutInPlaceByHandIsCheckedOnce() throws IOException {
    Path folder = TestPackages.good(packages.resolve("hand/3"), "hand", "3");
    assertThat(repository.resume(folder)).isFalse();
    repository.adopt(folder);
    assertThat(repository.find("hand")).isPresent();
    assertThat(repository().resume(folder)).isTrue();
    Path misplaced = TestPackages.good(packages.resolve("elsewhere/3"), "hand", "3");
    assertThatThrownBy(() -> repository.adopt(misplaced))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("must lie in");
  }

  @Test
  void concurrentInstallsOfOneIdHappenOneAfterTheOther() throws Exception {
    List<Path> folders = new ArrayList<>();
    for (int version = 0; version < 6; version++) {
      folders.add(
          TestPackages.good(temporary.resolve("v" + version), "one", Integer.toString(version)));
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<ModelPackage>> installs = new ArrayList<>();
      for (int i = 0; i < 24; i++) {
        Path folder = folders.get(i % folders.size());
        installs.add(threads.submit(() -> repository.install(folder, InstallPolicy.DEFAULT)));
      }
      for (Future<ModelPackage> install : installs) {
        install.get();
      }
    }
    ModelPackage last = repository.find("one").orElseThrow();
    assertThat(packages.resolve("one")).isDirectoryContaining(last.folder()::equals);
    try (var children = Files.list(packages.resolve("one"))) {
      assertThat(children).hasSize(1);
    }
    assertThat(events.stream().filter(event -> event.startsWith("+")).count())
        .isEqualTo(events.stream().filter(event -> event.startsWith("-")).count() + 1);
    assertThat(packages.resolve(".staging")).isEmptyDirectory();
    assertThat(repository.verify("one", Optional.empty()).passed()).isTrue();
  }

  @Test
  void aRecordingFromOutsideIsComparedAndUnknownOutputsAreSkipped() throws IOException {
    install("one", "1");
    float[] x = {1, 0, 0, 0, 1, 0};
    Path right =
        TestPackages.writeGolden(
            temporary.resolve("r.safetensors"), x, new float[] {1, 2, 3, 4}, "output.y");
    VerificationReport passed = repository.verify("one", Optional.of(right));
    assertThat(passed.passed()).isTrue();
    assertThat(passed.outputs()).singleElement().matches(output -> output.maxAbs() == 0);

    Path wrong =
        TestPackages.writeGolden(
            temporary.resolve("w.safetensors"), x, new float[] {1, 2, 3, 5}, "output.y");
    VerificationReport failed = repository.verify("one", Optional.of(wrong));
    assertThat(failed.passed()).isFalse();
    assertThat(failed.outputs())
        .singleElement()
        .matches(output -> output.maxAbs() == 1 && output.meanAbs() == 0.25);

    Path swapped =
        TestPackages.writeGolden(
            temporary.resolve("n.safetensors"), x, new float[] {1, Float.NaN, 3, 4}, "output.y");
    assertThat(repository.verify("one", Optional.of(swapped)).passed()).isFalse();

    Path other =
        TestPackages.writeGolden(
            temporary.resolve("o.safetensors"), x, new float[] {1, 2, 3, 4}, "output.other");
    VerificationReport nothing = repository.verify("one", Optional.of(other));
    assertThat(nothing.passed()).isFalse();
    assertThat(nothing.skipped()).containsExactly("other");
    assertThatThrownBy(() -> repository.verify("none", Optional.empty()))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("'none'");
  }

  private ModelPackage install(String id, String version) throws IOException {
    Path folder = TestPackages.good(temporary.resolve(id + "-" + version), id, version);
    return repository.install(folder, InstallPolicy.DEFAULT);
  }

  private void assertRefused(Path source) {
    assertThatThrownBy(() -> repository.install(source, InstallPolicy.DEFAULT))
        .isInstanceOf(ModelLoadException.class);
  }
}
