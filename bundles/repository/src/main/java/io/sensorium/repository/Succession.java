package io.sensorium.repository;

import io.sensorium.api.SensoriumException;
import io.sensorium.api.lifecycle.Step;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.ModelRepository.InstallPolicy;
import io.sensorium.models.packages.PackageSource;
import io.sensorium.repository.Claims.Claim;
import io.sensorium.repository.ServedPackages.Served;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who serves, and what becomes of the files, when a bundle that brought a package stops or goes.
 * Calls for one id come one at a time.
 */
final class Succession {
  private static final Logger LOG = LoggerFactory.getLogger(Succession.class);

  private final PackageStore store;
  private final PackageService service;
  private final Claims claims;
  private final Placement placement;
  private final Attempts attempts;

  Succession(
      PackageStore store,
      PackageService service,
      Claims claims,
      Placement placement,
      Attempts attempts) {
    this.store = store;
    this.service = service;
    this.claims = claims;
    this.placement = placement;
    this.attempts = attempts;
  }

  /**
   * A bundle has stopped: its package goes, but its files stay for a quick restart. A package that
   * the index may still need, as its space has a newer version, serves on without its bundle.
   */
  void suspend(ModelManifest manifest, Origin origin) {
    claims.find(manifest, origin).ifPresent(this::release);
  }

  /**
   * A bundle has gone: its package goes with its files, unless somebody else wants them, or the
   * index may still need it, as its space has a newer version.
   */
  void discard(ModelManifest manifest, Origin origin) {
    claims.find(manifest, origin).ifPresent(this::release);
    Path folder = store.folder(manifest);
    Optional<Receipt> owned =
        store.receipt(manifest).filter(receipt -> receipt.origin().equals(origin.name()));
    if (owned.isEmpty() || claims.want(manifest)) {
      return;
    }
    if (service.served().isSuperseded(manifest) && owned.get().fits(folder, manifest)) {
      keepForUser(new ModelPackage(manifest, folder));
    } else {
      store.delete(manifest);
      store.forgetRetired(manifest);
    }
  }

  /** From now on the package is one that the user brought: it stays until it is retired. */
  private void keepForUser(ModelPackage model) {
    ModelManifest manifest = model.manifest();
    Receipt receipt = store.receipt(manifest).orElseThrow();
    store.writeReceipt(
        manifest,
        new Receipt(Receipt.USER, receipt.acceptedNonCommercial(), receipt.fingerprint()));
    attempts.attempt(
        manifest,
        Origin.USER,
        model.folder().toString(),
        attempt -> placement.serveUsers(model, attempt));
  }

  /** Gives a wish up: whoever is next serves before the package goes out of service. */
  private void release(Claim claim) {
    ModelManifest manifest = claim.manifest();
    boolean isServing = claims.first(manifest).filter(claim::equals).isPresent();
    claims.drop(claim);
    for (Optional<Claim> next = claims.first(manifest);
        isServing && next.isPresent();
        next = claims.first(manifest)) {
      if (isBack(next.get())) {
        return;
      }
      claims.drop(next.get());
    }
    Optional<Served> gone =
        service.served().version(manifest.id(), manifest.version()).filter(s -> isServing);
    if (gone.isPresent() && service.served().isSuperseded(manifest)) {
      keepForUser(gone.get().model());
    } else {
      gone.ifPresent(service::withdraw);
    }
  }

  private boolean isBack(Claim claim) {
    PackageSource source = claim.source().orElseThrow();
    try {
      attempts.attempt(
          claim.manifest(),
          claim.origin(),
          source.name(),
          attempt -> {
            attempt.begin(Step.VERIFY);
            return placement.fulfil(claim, source, InstallPolicy.DEFAULT, attempt);
          });
      return true;
    } catch (RuntimeException e) {
      LOG.error(
          "the package {} did not come back: {}", source.name(), SensoriumException.reasonOf(e));
      return false;
    }
  }
}
