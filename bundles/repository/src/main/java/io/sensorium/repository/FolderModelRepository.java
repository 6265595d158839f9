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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
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
  private final Map<String, InService> inService = new ConcurrentHashMap<>();
  private final Map<String, Object> changeLocks = new ConcurrentHashMap<>();

  private record InService(ModelPackage model, String origin, Runnable withdraw) {}

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
    return inService.values().stream()
        .map(InService::model)
        .sorted(Comparator.comparing(model -> model.manifest().id()))
        .toList();
  }

  @Override
  public Optional<ModelPackage> find(String id) {
    return Optional.ofNullable(inService.get(id)).map(InService::model);
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
          InService gone = inService.get(id);
          if (gone == null) {
            return false;
          }
          withdraw(gone);
          store.delete(gone.model().manifest());
          return true;
        });
  }

  /** Takes a bundle's package out of service; its files stay for a quick restart. */
  void suspend(String id, String origin) {
    changing(
        id,
        () -> {
          InService gone = inService.get(id);
          if (gone != null && gone.origin().equals(origin)) {
            withdraw(gone);
          }
          return gone;
        });
  }

  /**
   * Deletes one version of a package that a bundle brought, unless somebody else brought it again
   * since.
   */
  void discard(ModelManifest manifest, String origin) {
    changing(
        manifest.id(),
        () -> {
          boolean owned =
              store.receipt(manifest).filter(r -> r.origin().equals(origin)).isPresent();
          InService current = inService.get(manifest.id());
          if (current != null
              && current.origin().equals(origin)
              && current.model().manifest().version().equals(manifest.version())) {
            withdraw(current);
          }
          if (owned) {
            store.delete(manifest);
          }
          return owned;
        });
  }

  @Override
  public VerificationReport verify(String id, Optional<Path> recording) {
    ModelPackage model =
        find(id).orElseThrow(() -> new ModelLoadException("no model '" + id + "' is installed"));
    return golden.verify(model, recording.orElseGet(() -> model.file(GoldenTest.FILE_NAME)));
  }

  /** Takes everything out of service; files stay. */
  void close() {
    inService.values().forEach(each -> each.withdraw().run());
    inService.clear();
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

  /** Replaces the package in service: the new one comes before the old one goes. */
  private ModelPackage putIntoService(ModelPackage model, String origin, Optional<Path> before) {
    String id = model.manifest().id();
    InService old = inService.get(id);
    if (old != null && before.isEmpty() && old.model().folder().equals(model.folder())) {
      inService.put(id, new InService(old.model(), origin, old.withdraw()));
      return old.model();
    }
    inService.put(id, new InService(model, origin, publisher.publish(model)));
    if (old != null) {
      old.withdraw().run();
      retire(old.model());
      if (!old.model().folder().equals(model.folder())) {
        store.delete(old.model().manifest());
      }
    }
    before.ifPresent(folder -> PackageFiles.deleteTree(folder.getParent()));
    return model;
  }

  private void withdraw(InService gone) {
    inService.remove(gone.model().manifest().id(), gone);
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
