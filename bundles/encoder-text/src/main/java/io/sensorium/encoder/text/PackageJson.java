package io.sensorium.encoder.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.ModelPackage;
import java.io.IOException;

/** Reads the small JSON files of a package. */
final class PackageJson {
  private PackageJson() {}

  /**
   * The value under a key of a file.
   *
   * @return a missing node if there is no such file or key
   * @throws ModelLoadException if the file is not JSON
   */
  static JsonNode value(ModelPackage model, String file, String key) {
    boolean has = model.manifest().files().stream().anyMatch(f -> f.path().equals(file));
    ObjectMapper mapper = new ObjectMapper();
    if (!has) {
      return mapper.missingNode();
    }
    try {
      return mapper.readTree(model.file(file).toFile()).path(key);
    } catch (JsonProcessingException e) {
      throw new ModelLoadException(
          "cannot read %s of model %s (line %d, column %d): %s"
              .formatted(
                  file,
                  model.manifest().id(),
                  e.getLocation().getLineNr(),
                  e.getLocation().getColumnNr(),
                  e.getOriginalMessage()),
          e);
    } catch (IOException e) {
      throw new ModelLoadException(
          "cannot read %s of model %s: %s".formatted(file, model.manifest().id(), e.getMessage()),
          e);
    }
  }
}
