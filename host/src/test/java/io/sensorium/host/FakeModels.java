package io.sensorium.host;

import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.ModelRepository;
import io.sensorium.api.model.RefusedModel;
import io.sensorium.api.model.VerificationReport;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * A repository that has no package.
 *
 * @param settling what {@link #settled} answers
 * @param refused what {@link #refused} answers
 */
public record FakeModels(Supplier<CompletableFuture<Void>> settling, List<RefusedModel> refused)
    implements ModelRepository {

  /** Has settled. */
  public FakeModels() {
    this(() -> CompletableFuture.completedFuture(null), List.of());
  }

  @Override
  public List<ModelPackage> packages() {
    return List.of();
  }

  @Override
  public CompletableFuture<Void> settled() {
    return settling.get();
  }

  @Override
  public Optional<ModelPackage> find(String id) {
    return Optional.empty();
  }

  @Override
  public ModelPackage install(Path folderOrZip, InstallPolicy policy) {
    throw new UnsupportedOperationException("nothing is installed here");
  }

  @Override
  public boolean remove(String id) {
    return false;
  }

  @Override
  public boolean retire(String id, String version) {
    return false;
  }

  @Override
  public VerificationReport verify(String id, Optional<Path> golden) {
    throw new UnsupportedOperationException("nothing is verified here");
  }
}
