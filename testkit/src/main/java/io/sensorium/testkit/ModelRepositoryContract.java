package io.sensorium.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.Modality;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.ModelRepository;
import io.sensorium.api.model.ModelRepository.InstallPolicy;
import io.sensorium.api.model.VerificationReport;
import io.sensorium.api.space.SpaceId;
import io.sensorium.api.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every {@link ModelRepository} must do. It may hold other packages; the tests' own is removed
 * again.
 */
public abstract class ModelRepositoryContract {
  private static final String ID = "repository-contract";

  @TempDir private Path folder;

  /** The repository under test. */
  protected abstract ModelRepository repository();

  @AfterEach
  void removeWhatWasInstalled() {
    repository().remove(ID);
  }

  @Test
  void aPackageThatReproducesItsRecordingComesIn() throws IOException {
    ModelPackage installed = install(written("1", 1));
    assertThat(installed.manifest().id()).isEqualTo(ID);
    assertThat(repository().find(ID)).contains(installed);
    assertThat(repository().packages()).contains(installed);
    assertThat(installed.folder()).isNotEqualTo(folder.resolve("1"));
    VerificationReport report = repository().verify(ID, Optional.empty());
    assertThat(report.passed()).isTrue();
    assertThat(report.outputs()).hasSize(1);
  }

  @Test
  void aNewVersionTakesTheOldOnesPlace() throws IOException {
    install(written("1", 1));
    ModelPackage second = install(written("2", 2));
    assertThat(second.manifest().version()).isEqualTo("2");
    assertThat(repository().find(ID)).contains(second);
    assertThat(repository().packages())
        .filteredOn(model -> model.manifest().id().equals(ID))
        .hasSize(1);
  }

  @Test
  void aDamagedPackageIsRefusedAndWhatWasThereStays() throws IOException {
    ModelPackage first = install(written("1", 1));
    Path damaged = written("2", 2);
    byte[] graph = Files.readAllBytes(damaged.resolve("model.onnx"));
    graph[graph.length / 2] ^= 1;
    Files.write(damaged.resolve("model.onnx"), graph);
    assertThatThrownBy(() -> install(damaged))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("model.onnx");
    assertThat(repository().find(ID)).contains(first);
    assertThat(repository().verify(ID, Optional.empty()).passed()).isTrue();
  }

  @Test
  void aPackageThatDriftsFromItsRecordingIsRefused() throws IOException {
    Path other = written("other", 3);
    Path drifting = folder.resolve("drifting");
    Files.createDirectories(drifting);
    // Another package's recording of the same shapes, hashed into this one's manifest.
    Path golden = other.resolve("golden.safetensors");
    projection("1", 1).writeTo(drifting);
    Files.copy(golden, drifting.resolve("golden.safetensors"), StandardCopyOption.REPLACE_EXISTING);
    ProjectionPackage.rehash(drifting);
    assertThatThrownBy(() -> install(drifting)).isInstanceOf(ModelLoadException.class);
    assertThat(repository().find(ID)).isEmpty();
  }

  @Test
  void whatIsRemovedIsGoneAndCanComeBack() throws IOException {
    Path written = written("1", 1);
    install(written);
    assertThat(repository().remove(ID)).isTrue();
    assertThat(repository().remove(ID)).isFalse();
    assertThat(repository().find(ID)).isEmpty();
    assertThatThrownBy(() -> repository().verify(ID, Optional.empty()))
        .isInstanceOf(ModelLoadException.class);
    install(written);
    assertThat(repository().find(ID)).isPresent();
  }

  private ModelPackage install(Path written) {
    return repository().install(written, InstallPolicy.DEFAULT);
  }

  private Path written(String version, long seed) throws IOException {
    Path target = folder.resolve(version);
    projection(version, seed).writeTo(target);
    return target;
  }

  private static ProjectionPackage projection(String version, long seed) {
    return new ProjectionPackage(
        ID,
        version,
        new Modality("contract"),
        new SpaceId("repository-contract", "1"),
        Shape.of(1, 5, 3),
        11,
        Map.of(),
        seed);
  }
}
