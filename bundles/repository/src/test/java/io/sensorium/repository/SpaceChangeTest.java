package io.sensorium.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.lifecycle.LifecycleListeners;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.ModelRepository.InstallPolicy;
import io.sensorium.api.space.SpaceId;
import io.sensorium.models.packages.FolderSource;
import io.sensorium.models.packages.ModelManifestJson;
import io.sensorium.runtime.onnx.OnnxInferenceRuntime;
import io.sensorium.runtime.onnx.SessionSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A package that changes its space stays in service beside the one that replaces it. */
@Timeout(120)
final class SpaceChangeTest {
  private static final Origin BUNDLE = new Origin("bundle:defaults", 7);

  @TempDir Path temporary;
  private final OnnxInferenceRuntime runtime =
      new OnnxInferenceRuntime("cpu", new SessionSettings(1, false, Duration.ofSeconds(1)));
  private final List<String> events = Collections.synchronizedList(new ArrayList<>());
  private FolderModelRepository repository;

  @BeforeEach
  void openRepository() {
    repository = repository();
  }

  @AfterEach
  void closeRuntime() {
    runtime.close();
  }

  private FolderModelRepository repository() {
    return new FolderModelRepository(
        new PackageStore(temporary.resolve("packages")),
        runtime,
        model -> {
          events.add("+" + model);
          return () -> events.add("-" + model);
        },
        new EncoderVerdicts(),
        new LifecycleListeners((event, failure) -> {}));
  }

  @Test
  void bothVersionsServeUntilTheOlderOneIsRetired() throws IOException {
    install("one", "1", "world@1");
    install("one", "2", "world@2");
    assertThat(events).containsExactly("+one 1", "+one 2");
    assertThat(repository.packages())
        .extracting(ModelPackage::toString)
        .containsExactly("one 1", "one 2");
    assertThat(repository.find("one").orElseThrow().manifest().version()).isEqualTo("2");

    assertThat(repository.retire("one", "2")).isFalse();
    assertThat(repository.retire("one", "1")).isTrue();
    assertThat(repository.retire("one", "1")).isFalse();
    assertThat(events).containsExactly("+one 1", "+one 2", "-one 1");
    assertThat(temporary.resolve("packages/one/1")).doesNotExist();
    assertThat(temporary.resolve("packages/one/2")).exists();
  }

  @Test
  void bothVersionsAreInServiceAgainAfterARestart() throws IOException {
    install("one", "1", "world@1");
    install("one", "2", "world@2");
    repository = repository();
    assertThat(repository.resume(temporary.resolve("packages/one/2"))).isTrue();
    assertThat(repository.resume(temporary.resolve("packages/one/1"))).isTrue();
    assertThat(repository.packages())
        .extracting(ModelPackage::toString)
        .containsExactly("one 1", "one 2");
    assertThat(repository.find("one").orElseThrow().manifest().version()).isEqualTo("2");
  }

  @Test
  void aPackageOfAnotherModelInTheSameVersionReplacesOnlyItsOwn() throws IOException {
    install("one", "1", "world@1");
    install("one", "2", "world@2");
    install("one", "3", "world@2");
    assertThat(events).containsExactly("+one 1", "+one 2", "+one 3", "-one 2");
    install("one", "4", "other@1");
    assertThat(repository.packages()).extracting(ModelPackage::toString).containsExactly("one 4");
  }

  @Test
  void removingAnIdRemovesEveryVersionOfIt() throws IOException {
    install("one", "1", "world@1");
    install("one", "2", "world@2");
    assertThat(repository.remove("one")).isTrue();
    assertThat(repository.packages()).isEmpty();
    assertThat(temporary.resolve("packages/one")).doesNotExist();
  }

  @Test
  void anOlderVersionOutlivesTheBundleThatBroughtIt() throws IOException {
    ModelManifest old = bundled("one", "1", "world@1");
    bundled("one", "2", "world@2");

    repository.suspend(old, BUNDLE);
    repository.discard(old, BUNDLE);
    assertThat(events).containsExactly("+one 1", "+one 2");

    repository = repository();
    assertThat(repository.resume(temporary.resolve("packages/one/1"))).isTrue();
    assertThat(repository.packages()).extracting(ModelPackage::toString).containsExactly("one 1");
  }

  @Test
  void whatNoNewerVersionReadsGoesWithItsBundle() throws IOException {
    ModelManifest old = bundled("one", "1", "world@1");
    install("two", "1", "other@2");
    repository.suspend(old, BUNDLE);
    repository.discard(old, BUNDLE);
    assertThat(events).containsExactly("+one 1", "+two 1", "-one 1");
    assertThat(temporary.resolve("packages/one")).doesNotExist();
  }

  @Test
  void aRetiredPackageStaysAwayWhileItsSpaceHasANewerVersion() throws IOException {
    ModelManifest old = bundled("one", "1", "world@1");
    install("another", "1", "world@2");
    assertThat(repository.isRetired(old)).isFalse();
    assertThat(repository.retire("one", "1")).isTrue();
    assertThat(repository.isRetired(old)).isTrue();

    repository.remove("another");
    assertThat(repository.isRetired(old)).isFalse();
    bundled("one", "1", "world@1");
    install("another", "1", "world@2");
    assertThat(repository.isRetired(old)).isFalse();
  }

  private ModelPackage install(String id, String version, String space) throws IOException {
    return repository.install(made(id, version, space), InstallPolicy.DEFAULT);
  }

  private ModelManifest bundled(String id, String version, String space) throws IOException {
    Path folder = made(id, version, space);
    repository.install(new FolderSource(folder, false), BUNDLE);
    return ModelManifestJson.read(folder.resolve(ModelManifestJson.FILE_NAME));
  }

  private Path made(String id, String version, String space) throws IOException {
    Path folder = temporary.resolve(id + version);
    TestPackages.good(folder, id, version);
    ModelManifest plain = ModelManifestJson.read(folder.resolve(ModelManifestJson.FILE_NAME));
    int at = space.indexOf('@');
    ModelManifest placed =
        new ModelManifest(
            plain.id(),
            plain.version(),
            plain.task(),
            plain.architecture(),
            Optional.of(new SpaceId(space.substring(0, at), space.substring(at + 1))),
            plain.licence(),
            plain.graphs(),
            plain.calibration(),
            plain.files());
    ModelManifestJson.write(placed, folder.resolve(ModelManifestJson.FILE_NAME));
    return folder;
  }
}
