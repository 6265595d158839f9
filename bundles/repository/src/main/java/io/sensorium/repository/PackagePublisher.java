package io.sensorium.repository;

import io.sensorium.api.model.ModelPackage;

/** Puts a package into service. */
@FunctionalInterface
interface PackagePublisher {
  /**
   * Publishes a package.
   *
   * @return takes it out of service again; called once
   */
  Runnable publish(ModelPackage model);
}
