package io.sensorium.models.graphs;

import io.sensorium.api.model.ModelLicence;
import io.sensorium.api.model.Settings;
import io.sensorium.models.checkpoints.CheckpointFolder;
import java.util.List;
import java.util.Optional;

/**
 * A family of architectures. Stateless.
 *
 * <p>An author reads the configuration, asks for tensors and adds layers; what is wrong with the
 * checkpoint is noted on the way and reported when it returns.
 */
interface Family {
  /** The {@code model_type} of its configurations. */
  String modelType();

  /** Answers whether a checkpoint is of this family; by default its configuration says so. */
  default boolean recognises(CheckpointFolder checkpoint) {
    return checkpoint
        .settings("config.json")
        .map(config -> config.text("model_type", ""))
        .filter(modelType()::equals)
        .isPresent();
  }

  /** What the towers are written from; by default {@code config.json}. */
  default Settings config(CheckpointFolder checkpoint) {
    return checkpoint.config();
  }

  /** The licence of the published weights, for checkpoints that come without a card. */
  default Optional<ModelLicence> licence() {
    return Optional.empty();
  }

  /** The towers of such a checkpoint, at least one; each becomes a graph of its own. */
  List<TowerAuthor> towers(CheckpointFolder checkpoint);
}
