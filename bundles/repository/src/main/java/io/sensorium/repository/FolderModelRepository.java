package io.sensorium.repository;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.StorageException;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.model.ModelLicence.CommercialUse;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.ModelRepository;
import io.sensorium.api.model.VerificationReport;
import io.sensorium.api.runtime.InferenceRuntime;
import io.sensorium.models.packages.FolderSource;
import io.sensorium.models.packages.ModelManifestJson;
import io.sensorium.models.packages.PackageFiles;
import io.sensorium.models.packages.PackageLimits;
import io.sensorium.models.packages.PackageSource;
import io.sensorium.models.packages.ZipSource;
import io.sensorium.repository.ServedPackages.Served;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The installed packages of one folder. Thread-safe: changes of one id happen one after the other,
 * those of different ids side by side.
 */
final class FolderModelRepository implements ModelRepository {
  private static final Duration RETIRE_TIMEOUT = Duration.ofSeconds(10);

  private final PackageStore store;
  private final InferenceRuntime runtime;
  private final GoldenTest golden;
  private final PackagePublisher publisher;
  private final ServedPackages inService = new ServedPackages();
  private final Map<String, Object> changeLocks = new ConcurrentHashMap<>();

  FolderModelRepository(PackageStore store, InferenceRuntime runtime, PackagePublisher publisher) {
    this.store = store;
    this.runtime = runtime;
    this.golden = new GoldenTest(runtime);
    this.publisher = publisher;
  }

  /** Installs on the caller's thread: nothing is ever on its way. */
  @Override
  public CompletableFuture<Void> settled() {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public List<ModelPackage> packages() {
    return inService.all();
  }

  @Override
  public Optional<ModelPackage> find(String id) {
    return inService.newest(id).map(Served::model);
  }

  @Override
  public ModelPackage install(Path folderOrZip, InstallPolicy policy) {
    try (PackageSource source =
        Files.isDirectory(folderOrZip)
            ? new FolderSource(folderOrZip, policy.linkFiles())
            : new ZipSource(folderOrZip, PackageLimits.DEFAULT)) {
      return install(source, policy, Receipt.USER);
    } catch (IOException e) {
      throw new StorageException("cannot close " + folderOrZip + ": " + e.getMessage(), e);
    }
  }

  /** Installs what a source holds, unless it is there already and unchanged. */
  ModelPackage install(PackageSource source, InstallPolicy policy, String origin) {
    ModelManifest manifest = PackageFiles.manifest(source);
    requireLicence(manifest, policy);
    return changing(
        manifest.id(),
        () -> {
          Optional<ModelPackage> present = present(manifest, origin);
          if (present.isPresent()) {
            return putIntoService(present.get(), origin, Optional.empty());
          }
          return installNew(source, policy, origin);
        });
  }

  private ModelPackage installNew(PackageSource source, InstallPolicy policy, String origin) {
    Path staged = store.stage();
    try {
      ModelManifest manifest = PackageFiles.unpack(source, staged, PackageLimits.DEFAULT);
      requireLicence(manifest, policy);
      selfTest(new ModelPackage(manifest, staged));
      Receipt receipt = receipt(staged, manifest, policy.acceptNonCommercial(), origin);
      Optional<Path> before = store.publish(staged, manifest, receipt);
      return putIntoService(new ModelPackage(manifest, store.folder(manifest)), origin, before);
    } finally {
      PackageFiles.deleteTree(staged);
    }
  }

  /** The same package in its place with a receipt that fits; nothing is hashed again. */
  private Optional<ModelPackage> present(ModelManifest manifest, String origin) {
    Path folder = store.folder(manifest);
    Path file = folder.resolve(ModelManifestJson.FILE_NAME);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    ModelManifest there = ModelManifestJson.read(file);
    boolean same =
        Arrays.equals(ModelManifestJson.toBytes(there), ModelManifestJson.toBytes(manifest));
    Optional<Receipt> receipt = store.receipt(there);
    if (!same || receipt.isEmpty() || !receipt.get().fits(folder, there)) {
      return Optional.empty();
    }
    if (!receipt.get().origin().equals(origin)) {
      Receipt old = receipt.get();
      store.writeReceipt(
          there, new Receipt(origin, old.acceptedNonCommercial(), old.fingerprint()));
    }
    return Optional.of(new ModelPackage(there, folder));
  }

  /**
   * Puts a folder that lies in its place into service, if a receipt says that it was checked.
   *
   * @return whether it was dealt with; false if it has to be checked by {@link #adopt}
   */
  boolean resume(Path folder) {
    ModelPackage model = inPlace(folder);
    return changing(
        model.manifest().id(),
        () -> {
          Optional<Receipt> receipt = store.receipt(model.manifest());
          if (receipt.isEmpty() || !receipt.get().fits(folder, model.manifest())) {
            return false;
          }
          // A bundle's packages come into service with the bundle.
          if (receipt.get().origin().equals(Receipt.USER)) {
            putIntoService(model, Receipt.USER, Optional.empty());
          }
          return true;
        });
  }

  /** Checks a folder that lies in its place and puts it into service. */
  void adopt(Path folder) {
    ModelPackage model = inPlace(folder);
    ModelManifest manifest = model.manifest();
    changing(
        manifest.id(),
        () -> {
          Optional<Receipt> old = store.receipt(manifest);
          boolean accepted = old.isPresent() && old.get().acceptedNonCommercial();
          String origin = old.map(Receipt::origin).orElse(Receipt.USER);
          requireLicence(manifest, new InstallPolicy(accepted));
          PackageFiles.verify(folder, manifest);
          selfTest(model);
          store.writeReceipt(manifest, receipt(folder, manifest, accepted, origin));
          return origin.equals(Receipt.USER)
              ? putIntoService(model, origin, Optional.empty())
              : model;
        });
  }

  private ModelPackage inPlace(Path folder) {
    ModelManifest manifest = ModelManifestJson.read(folder.resolve(ModelManifestJson.FILE_NAME));
    if (!folder.equals(store.folder(manifest))) {
      throw new ModelLoadException(
          "model %s %s must lie in %s; got %s"
              .formatted(manifest.id(), manifest.version(), store.folder(manifest), folder));
    }
    return new ModelPackage(manifest, folder);
  }

  @Override
  public boolean remove(String id) {
    return changing(
        id,
        () -> {
          List<Served> gone = inService.of(id);
          gone.forEach(this::withdrawAndDelete);
          return !gone.isEmpty();
        });
  }

  @Override
  public boolean retire(String id, String version) {
    return changing(
        id,
        () -> {
          Optional<Served> gone =
              inService
                  .version(id, version)
                  .filter(served -> inService.isSuperseded(served.manifest()));
          gone.ifPresent(
              served -> {
                store.markRetired(served.manifest());
                withdrawAndDelete(served);
              });
          return gone.isPresent();
        });
  }

  /**
   * Answers whether a bundle's package was retired and stays so, as newer versions of its space
   * still read everything that it reads.
   */
  boolean isRetired(ModelManifest manifest) {
    return store.isRetired(manifest) && inService.isSuperseded(manifest);
  }

  /**
   * Takes a bundle's package out of service; its files stay for a quick restart. A package that the
   * index may still need, as its space has a newer version, serves on without its bundle.
   */
  void suspend(ModelManifest manifest, String origin) {
    changing(
        manifest.id(),
        () -> {
          Optional<Served> gone = served(manifest, origin);
          gone.ifPresent(
              served -> {
                if (inService.isSuperseded(served.manifest())) {
                  keep(served.model());
                } else {
                  withdraw(served);
                }
              });
          return gone;
        });
  }

  /**
   * Deletes one version of a package that a bundle brought, unless somebody else brought it again
   * since, or the index may still need it, as its space has a newer version.
   */
  void discard(ModelManifest manifest, String origin) {
    changing(
        manifest.id(),
        () -> {
          Optional<Receipt> owned =
              store.receipt(manifest).filter(receipt -> receipt.origin().equals(origin));
          Path folder = store.folder(manifest);
          if (owned.isPresent()
              && inService.isSuperseded(manifest)
              && owned.get().fits(folder, manifest)) {
            return keep(new ModelPackage(manifest, folder));
          }
          served(manifest, origin).ifPresent(this::withdraw);
          if (owned.isPresent()) {
            store.delete(manifest);
          }
          store.forgetRetired(manifest);
          return null;
        });
  }

  private Optional<Served> served(ModelManifest manifest, String origin) {
    return inService
        .version(manifest.id(), manifest.version())
        .filter(served -> served.origin().equals(origin));
  }

  /** From now on the package is one that the user brought: it stays until it is retired. */
  private ModelPackage keep(ModelPackage model) {
    Receipt receipt = store.receipt(model.manifest()).orElseThrow();
    store.writeReceipt(
        model.manifest(),
        new Receipt(Receipt.USER, receipt.acceptedNonCommercial(), receipt.fingerprint()));
    return putIntoService(model, Receipt.USER, Optional.empty());
  }

  @Override
  public VerificationReport verify(String id, Optional<Path> recording) {
    ModelPackage model =
        find(id).orElseThrow(() -> new ModelLoadException("no model '" + id + "' is installed"));
    return golden.verify(model, recording.orElseGet(() -> model.file(GoldenTest.FILE_NAME)));
  }

  /** Takes everything out of service; files stay. */
  void close() {
    inService.withdrawAll();
  }

  private void selfTest(ModelPackage model) {
    VerificationReport report;
    try {
      // One graph's weights in memory at a time.
      report = golden.verify(model, model.file(GoldenTest.FILE_NAME), this::retire);
    } finally {
      retire(model);
    }
    if (!report.passed()) {
      throw new ModelLoadException(
          "model %s must reproduce its golden vectors; got %s (not produced: %s)"
              .formatted(model, report.outputs(), report.skipped()));
    }
  }

  /**
   * Replaces the package in service: the new one comes before the old one goes. One in another
   * version of the same space stays.
   */
  private ModelPackage putIntoService(ModelPackage model, String origin, Optional<Path> before) {
    Optional<Served> there =
        inService.of(model.manifest().id()).stream().filter(s -> s.isAt(model)).findFirst();
    if (there.isPresent() && before.isEmpty()) {
      inService.add(new Served(there.get().model(), origin, there.get().withdraw()));
      return there.get().model();
    }
    store.forgetRetired(model.manifest());
    for (Served old : inService.add(new Served(model, origin, publisher.publish(model)))) {
      old.withdraw().run();
      retire(old.model());
      if (!old.isAt(model)) {
        store.delete(old.manifest());
      }
    }
    before.ifPresent(folder -> PackageFiles.deleteTree(folder.getParent()));
    return model;
  }

  private void withdrawAndDelete(Served gone) {
    withdraw(gone);
    store.delete(gone.manifest());
  }

  private void withdraw(Served gone) {
    inService.remove(gone);
    gone.withdraw().run();
    retire(gone.model());
  }

  private void retire(ModelPackage model) {
    model.graphs().forEach(this::retire);
  }

  private void retire(ModelGraph graph) {
    runtime.retire(graph, RequestContext.within(RETIRE_TIMEOUT));
  }

  private static Receipt receipt(
      Path folder, ModelManifest manifest, boolean accepted, String origin) {
    try {
      return new Receipt(origin, accepted, Receipt.fingerprintOf(folder, manifest));
    } catch (IOException e) {
      throw new StorageException("cannot read " + folder + ": " + e.getMessage(), e);
    }
  }

  private static void requireLicence(ModelManifest manifest, InstallPolicy policy) {
    if (manifest.licence().commercialUse() == CommercialUse.FORBIDDEN
        && !policy.acceptNonCommercial()) {
      throw new ModelLoadException(
          "model %s comes under the licence '%s', which does not allow commercial use; accept it to install (--accept-licence)"
              .formatted(manifest.id(), manifest.licence().name()));
    }
  }

  private <T> T changing(String id, Supplier<T> change) {
    synchronized (changeLocks.computeIfAbsent(id, key -> new Object())) {
      return change.get();
    }
  }
}
