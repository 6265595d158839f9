package io.sensorium.models.training.adapters;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sensorium.models.training.CheckpointFolder;
import io.sensorium.models.training.Parameter;
import java.nio.file.Path;
import java.util.List;

/**
 * What an adapter stands between, as its {@code config.json} says. Immutable.
 *
 * @param modality what it makes rows of: {@code image}, {@code audio}, ...
 * @param encoder the id of the package whose features it reads
 * @param space that package's space and its version, {@code name@version}
 * @param languageModel the id of the package that reads its rows
 */
public record AdapterCheckpoint(
    String modality, String encoder, String space, String languageModel) {

  /**
   * Writes {@code config.json} and {@code model.safetensors} in half precision.
   *
   * @param folder the checkpoint's own; made where it is missing
   */
  public void write(Path folder, ProjectionShape shape, List<Parameter> parameters) {
    var checkpoint = new CheckpointFolder(folder);
    ObjectNode config = shape.config();
    config.put("modality", modality);
    config.put("encoder", encoder);
    config.put("space", space);
    config.put("language_model", languageModel);
    checkpoint.json("config.json", config);
    checkpoint.halfWeights("model.safetensors", parameters);
  }
}
