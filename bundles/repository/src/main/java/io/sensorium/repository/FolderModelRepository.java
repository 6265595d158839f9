package io.sensorium.repository;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.StorageException;
import io.sensorium.api.lifecycle.LifecycleListeners;
import io.sensorium.api.lifecycle.Step;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.ModelRepository;
import io.sensorium.api.model.RefusedModel;
import io.sensorium.api.model.VerificationReport;
import io.sensorium.api.runtime.InferenceRuntime;
import io.sensorium.models.packages.FolderSource;
import io.sensorium.models.packages.ModelManifestJson;
import io.sensorium.models.packages.PackageFiles;
import io.sensorium.models.packages.PackageLimits;
import io.sensorium.models.packages.PackageSource;
import io.sensorium.models.packages.ZipSource;
import io.sensorium.repository.Claims.Claim;
import io.sensorium.repository.ServedPackages.Served;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The installed packages of one folder. Thread-safe: changes of one id happen one after the other,
 * those of different ids side by side.
 *
 * <p>Listeners are told of an id's steps while it is that id's turn: they must not change it.
 */
final class FolderModelRepository implements ModelRepository {
  private final PackageStore store;
  private final PackageChecks checks;
  private final PackageService service;
  private final Attempts attempts;
  private final Placement placement;
  private final Succession succession;
  private final Claims claims = new Claims();
  private final Map<String, Object> turns = new ConcurrentHashMap<>();

  FolderModelRepository(
      PackageStore store,
      InferenceRuntime runtime,
      PackagePublisher publisher,
      EncoderVerdicts verdicts,
      LifecycleListeners listeners) {
    this.store = store;
    this.service = new PackageService(runtime, publisher, verdicts);
    this.checks = new PackageChecks(runtime, service);
    this.attempts = new Attempts(listeners);
    this.placement = new Placement(store, checks, service, claims);
    this.succession = new Succession(store, service, claims, placement, attempts);
  }

  /** Installs on the caller's thread: nothing is ever on its way. */
  @Override
  public CompletableFuture<Void> settled() {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public List<ModelPackage> packages() {
    return service.served().all();
  }

  @Override
  public List<RefusedModel> refused() {
    return attempts.refusals().all();
  }

  /** What to forget of {@link #refused}. */
  Refusals refusals() {
    return attempts.refusals();
  }

  @Override
  public Optional<ModelPackage> find(String id) {
    return service.served().newest(id).map(Served::model);
  }

  @Override
  public ModelPackage install(Path folderOrZip, InstallPolicy policy) {
    try (PackageSource source = open(folderOrZip, policy)) {
      return bring(
          source,
          Origin.USER,
          manifest -> new Claim(manifest, Origin.USER, Optional.empty()),
          policy);
    } catch (IOException e) {
      throw new StorageException("cannot close " + folderOrZip + ": " + e.getMessage(), e);
    }
  }

  private PackageSource open(Path folderOrZip, InstallPolicy policy) {
    try {
      return Files.isDirectory(folderOrZip)
          ? new FolderSource(folderOrZip, policy.linkFiles())
          : new ZipSource(folderOrZip, PackageLimits.DEFAULT);
    } catch (RuntimeException e) {
      attempts.refuse(folderOrZip.toString(), Origin.USER, e);
      throw e;
    }
  }

  /**
   * Installs what a bundle carries, unless it is there already and unchanged, or the user installed
   * something else under its id.
   *
   * @param source to be read from for as long as the bundle is installed
   */
  void install(PackageSource source, Origin origin) {
    bring(
        source,
        origin,
        manifest -> new Claim(manifest, origin, Optional.of(source)),
        InstallPolicy.DEFAULT);
  }

  private ModelPackage bring(
      PackageSource source,
      Origin origin,
      Function<ModelManifest, Claim> claimOf,
      InstallPolicy policy) {
    ModelManifest manifest;
    try {
      manifest = PackageFiles.manifest(source);
    } catch (RuntimeException e) {
      attempts.refuse(source.name(), origin, e);
      throw e;
    }
    Claim claim = claimOf.apply(manifest);
    return inTurn(
        manifest.id(),
        () -> {
          if (!origin.isUser() && claims.isUsers(manifest)) {
            claims.put(claim);
            return find(manifest.id()).orElseThrow();
          }
          return attempts.attempt(
              manifest,
              origin,
              source.name(),
              attempt -> {
                attempt.begin(Step.VERIFY);
                PackageChecks.requireLicence(manifest, policy);
                ModelPackage model = placement.fulfil(claim, source, policy, attempt);
                claims.put(claim);
                return model;
              });
        });
  }

  /**
   * Puts a folder that lies in its place into service, if a receipt says that it was checked.
   *
   * @return whether it was dealt with; false if it has to be checked by {@link #adopt}
   */
  boolean resume(Path folder) {
    ModelPackage model = inPlace(folder);
    return inTurn(
        model.manifest().id(),
        () -> {
          Optional<Receipt> receipt = store.receipt(model.manifest());
          if (receipt.isEmpty() || !receipt.get().fits(folder, model.manifest())) {
            return false;
          }
          // A bundle's packages come into service with the bundle.
          if (receipt.get().origin().equals(Receipt.USER)) {
            attempts.attempt(
                model.manifest(),
                Origin.USER,
                folder.toString(),
                attempt -> {
                  attempt.begin(Step.VERIFY);
                  return placement.serveUsers(model, attempt);
                });
          }
          return true;
        });
  }

  /** Checks a folder that lies in its place and puts it into service. */
  void adopt(Path folder) {
    ModelPackage model = inPlace(folder);
    ModelManifest manifest = model.manifest();
    inTurn(
        manifest.id(),
        () ->
            attempts.attempt(
                manifest,
                Origin.USER,
                folder.toString(),
                attempt -> {
                  attempt.begin(Step.VERIFY);
                  Optional<Receipt> old = store.receipt(manifest);
                  boolean accepted = old.isPresent() && old.get().acceptedNonCommercial();
                  String origin = old.map(Receipt::origin).orElse(Receipt.USER);
                  PackageChecks.requireLicence(manifest, new InstallPolicy(accepted));
                  PackageFiles.verify(folder, manifest);
                  attempt.begin(Step.SELF_TEST);
                  checks.selfTest(model);
                  store.writeReceipt(manifest, Receipt.of(folder, manifest, accepted, origin));
                  return origin.equals(Receipt.USER) ? placement.serveUsers(model, attempt) : model;
                }));
  }

  private ModelPackage inPlace(Path folder) {
    try {
      ModelManifest manifest = ModelManifestJson.read(folder.resolve(ModelManifestJson.FILE_NAME));
      if (!folder.equals(store.folder(manifest))) {
        throw new ModelLoadException(
            "model %s %s must lie in %s; got %s"
                .formatted(manifest.id(), manifest.version(), store.folder(manifest), folder));
      }
      return new ModelPackage(manifest, folder);
    } catch (RuntimeException e) {
      attempts.refuse(folder.toString(), Origin.USER, e);
      throw e;
    }
  }

  @Override
  public boolean remove(String id) {
    return inTurn(
        id,
        () -> {
          claims.clear(id);
          List<Served> gone = service.served().of(id);
          gone.forEach(this::withdrawAndDelete);
          return !gone.isEmpty();
        });
  }

  @Override
  public boolean retire(String id, String version) {
    return inTurn(
        id,
        () -> {
          Optional<Served> gone =
              service
                  .served()
                  .version(id, version)
                  .filter(served -> service.served().isSuperseded(served.manifest()));
          gone.ifPresent(
              served -> {
                store.markRetired(served.manifest());
                claims.clear(served.manifest());
                withdrawAndDelete(served);
              });
          return gone.isPresent();
        });
  }

  private void withdrawAndDelete(Served gone) {
    service.withdraw(gone);
    store.delete(gone.manifest());
  }

  /**
   * Answers whether a bundle's package was retired and stays so, as newer versions of its space
   * still read everything that it reads.
   */
  boolean isRetired(ModelManifest manifest) {
    return store.isRetired(manifest) && service.served().isSuperseded(manifest);
  }

  /** A bundle has stopped, as {@link Succession#suspend} says. */
  void suspend(ModelManifest manifest, Origin origin) {
    inTurn(manifest.id(), () -> succession.suspend(manifest, origin));
  }

  /** A bundle has gone, as {@link Succession#discard} says. */
  void discard(ModelManifest manifest, Origin origin) {
    inTurn(manifest.id(), () -> succession.discard(manifest, origin));
  }

  @Override
  public VerificationReport verify(String id, Optional<Path> recording) {
    ModelPackage model =
        find(id).orElseThrow(() -> new ModelLoadException("no model '" + id + "' is installed"));
    return checks.compare(model, recording);
  }

  /** Takes everything out of service; files stay. */
  void close() {
    service.close();
  }

  private void inTurn(String id, Runnable change) {
    inTurn(
        id,
        () -> {
          change.run();
          return null;
        });
  }

  private <T> T inTurn(String id, Supplier<T> change) {
    synchronized (turns.computeIfAbsent(id, key -> new Object())) {
      return change.get();
    }
  }
}
