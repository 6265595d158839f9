package io.sensorium.language.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.ModelPackage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Finds and reads the small files of a package. */
final class PackageJson {
  private PackageJson() {}

  /** A declared file, empty if the package has none of that name. */
  static Optional<Path> find(ModelPackage model, String file) {
    return model.manifest().files().stream()
        .filter(declared -> declared.path().equals(file))
        .findFirst()
        .map(declared -> model.file(declared.path()));
  }

  /**
   * What a file holds.
   *
   * @return a missing node if there is no such file
   * @throws ModelLoadException if the file is not JSON
   */
  static JsonNode read(ModelPackage model, String file) {
    ObjectMapper mapper = new ObjectMapper();
    Optional<Path> found = find(model, file);
    if (found.isEmpty()) {
      return mapper.missingNode();
    }
    try {
      return mapper.readTree(found.get().toFile());
    } catch (JsonProcessingException e) {
      throw new ModelLoadException(
          "cannot read %s of model %s (line %d, column %d): %s"
              .formatted(
                  file,
                  model,
                  e.getLocation().getLineNr(),
                  e.getLocation().getColumnNr(),
                  e.getOriginalMessage()),
          e);
    } catch (IOException e) {
      throw new ModelLoadException(
          "cannot read %s of model %s: %s".formatted(file, model, e.getMessage()), e);
    }
  }
}
