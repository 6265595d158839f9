package io.sensorium.api.model;

import io.sensorium.api.lifecycle.Step;
import java.util.Objects;

/**
 * A package that was not taken into service. Immutable.
 *
 * @param source where it came from: a folder, an archive, or a place inside a bundle
 * @param model its id; empty if its manifest cannot be read
 * @param version its version; empty if its manifest cannot be read
 * @param step of the protocol at which it failed
 * @param reason in one line
 * @param bundleId the bundle that carries it; 0 for none
 */
public record RefusedModel(
    String source, String model, String version, Step step, String reason, long bundleId) {
  public RefusedModel {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(step, "step");
    Objects.requireNonNull(reason, "reason");
  }
}
