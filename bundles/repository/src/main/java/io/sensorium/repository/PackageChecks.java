package io.sensorium.repository;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.ModelLicence.CommercialUse;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.ModelRepository.InstallPolicy;
import io.sensorium.api.model.VerificationReport;
import io.sensorium.api.runtime.InferenceRuntime;
import io.sensorium.models.packages.LowRankFile;
import io.sensorium.models.packages.PackageFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a package must pass before it comes into service. Thread-safe. */
final class PackageChecks {
  private final GoldenTest golden;
  private final PackageService service;

  PackageChecks(InferenceRuntime runtime, PackageService service) {
    this.golden = new GoldenTest(runtime);
    this.service = service;
  }

  /**
   * @throws ModelLoadException if the licence forbids commercial use and the user did not accept it
   */
  static void requireLicence(ModelManifest manifest, InstallPolicy policy) {
    if (manifest.licence().commercialUse() == CommercialUse.FORBIDDEN
        && !policy.acceptNonCommercial()) {
      throw new ModelLoadException(
          "model %s comes under the licence '%s', which does not allow commercial use; accept it to install (--accept-licence)"
              .formatted(manifest.id(), manifest.licence().name()));
    }
  }

  /**
   * Compares a package with a recording from outside, or with its own. A low-rank adapter runs
   * nothing by itself: its files must be those that were installed, and well-formed.
   */
  VerificationReport compare(ModelPackage model, Optional<Path> recording) {
    if (isLowRank(model)) {
      requireNone(model, recording);
      PackageFiles.verify(model.folder(), model.manifest());
      LowRankFile.open(model).close();
      return new VerificationReport(model.manifest().id(), true, List.of(), List.of());
    }
    return golden.verify(model, recording.orElseGet(() -> model.file(GoldenTest.FILE_NAME)));
  }

  /**
   * Runs a package on its own recording and closes its sessions again. A low-rank adapter runs
   * nothing by itself; its file must be well-formed.
   *
   * @throws ModelLoadException if it drifts
   */
  void selfTest(ModelPackage model) {
    if (isLowRank(model)) {
      LowRankFile.open(model).close();
      return;
    }
    VerificationReport report;
    try {
      // One graph's weights in memory at a time.
      report = golden.verify(model, model.file(GoldenTest.FILE_NAME), service::retire);
    } finally {
      service.retire(model);
    }
    if (!report.passed()) {
      throw new ModelLoadException(
          "model %s must reproduce its golden vectors; got %s (not produced: %s)"
              .formatted(model, report.outputs(), report.skipped()));
    }
  }

  private static boolean isLowRank(ModelPackage model) {
    return model.manifest().task().equals(ModelManifest.LORA);
  }

  private static void requireNone(ModelPackage model, Optional<Path> recording) {
    recording.ifPresent(
        file -> {
          throw new ModelLoadException(
              "model %s is a low-rank adapter, which gives no outputs by itself; got the recording %s"
                  .formatted(model, file));
        });
  }
}
