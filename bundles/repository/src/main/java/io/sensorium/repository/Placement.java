package io.sensorium.repository;

import io.sensorium.api.lifecycle.Step;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.ModelRepository.InstallPolicy;
import io.sensorium.models.packages.ModelManifestJson;
import io.sensorium.models.packages.PackageFiles;
import io.sensorium.models.packages.PackageLimits;
import io.sensorium.models.packages.PackageSource;
import io.sensorium.repository.Claims.Claim;
import io.sensorium.repository.ServedPackages.Served;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Brings packages into their places and into service. Calls for one id come one at a time. */
final class Placement {
  private final PackageStore store;
  private final PackageChecks checks;
  private final PackageService service;
  private final Claims claims;

  Placement(PackageStore store, PackageChecks checks, PackageService service, Claims claims) {
    this.store = store;
    this.checks = checks;
    this.service = service;
    this.claims = claims;
  }

  /** Takes what lies in its place, or unpacks it anew. */
  ModelPackage fulfil(Claim claim, PackageSource source, InstallPolicy policy, Attempt attempt) {
    Optional<ModelPackage> present = present(claim);
    if (present.isEmpty()) {
      return installNew(claim, source, policy, attempt);
    }
    return serve(present.get(), attempt);
  }

  private ModelPackage installNew(
      Claim claim, PackageSource source, InstallPolicy policy, Attempt attempt) {
    Path staged = store.stage();
    try {
      ModelManifest manifest = PackageFiles.unpack(source, staged, PackageLimits.DEFAULT);
      PackageChecks.requireLicence(manifest, policy);
      attempt.begin(Step.SELF_TEST);
      checks.selfTest(new ModelPackage(manifest, staged));
      Receipt receipt =
          Receipt.of(staged, manifest, policy.acceptNonCommercial(), claim.origin().name());
      PackageStore.Published published = store.publish(staged, manifest, receipt);
      ModelPackage model = new ModelPackage(manifest, store.folder(manifest));
      try {
        replace(model, attempt);
      } catch (RuntimeException refused) {
        published.undo();
        throw refused;
      }
      published.confirm();
      return model;
    } finally {
      PackageFiles.deleteTree(staged);
    }
  }

  /** Puts what lies in its place into service, unless it is. */
  ModelPackage serve(ModelPackage model, Attempt attempt) {
    Optional<Served> there =
        service.served().of(model.manifest().id()).stream()
            .filter(served -> served.isAt(model))
            .findFirst();
    if (there.isPresent()) {
      return service.keep(there.get(), attempt);
    }
    replace(model, attempt);
    return model;
  }

  /** Puts what lies in its place into service as the user's own. */
  ModelPackage serveUsers(ModelPackage model, Attempt attempt) {
    ModelPackage served = serve(model, attempt);
    claims.put(new Claim(model.manifest(), Origin.USER, Optional.empty()));
    return served;
  }

  /** What is replaced is deleted, unless the bundle that brought it may want it back. */
  private void replace(ModelPackage model, Attempt attempt) {
    store.forgetRetired(model.manifest());
    for (Served old : service.replace(model, attempt)) {
      boolean isWanted = !claims.isUsers(old.manifest()) && claims.want(old.manifest());
      if (!old.isAt(model) && !isWanted) {
        store.delete(old.manifest());
      }
    }
  }

  /** The same package in its place with a receipt that fits; nothing is hashed again. */
  private Optional<ModelPackage> present(Claim claim) {
    ModelManifest manifest = claim.manifest();
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
    if (!receipt.get().origin().equals(claim.origin().name())) {
      Receipt old = receipt.get();
      store.writeReceipt(
          there,
          new Receipt(claim.origin().name(), old.acceptedNonCommercial(), old.fingerprint()));
    }
    return Optional.of(new ModelPackage(there, folder));
  }
}
