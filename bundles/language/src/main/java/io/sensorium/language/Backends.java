package io.sensorium.language;

import io.sensorium.api.ServiceGoneException;
import io.sensorium.api.language.LanguageBackend;
import io.sensorium.api.model.ModelPackage;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** What runs language models. Thread-safe. */
final class Backends {
  private final List<LanguageBackend> backends = new CopyOnWriteArrayList<>();

  void add(LanguageBackend backend) {
    backends.add(backend);
  }

  void remove(LanguageBackend backend) {
    backends.remove(backend);
  }

  /** The backend that runs a package, if there is one. */
  Optional<LanguageBackend> find(ModelPackage model) {
    return backends.stream().filter(backend -> backend.runs(model)).findFirst();
  }

  /**
   * The backend that runs a package.
   *
   * @throws ServiceGoneException if none does
   */
  LanguageBackend of(ModelPackage model) {
    return find(model)
        .orElseThrow(
            () ->
                new ServiceGoneException(
                    "a backend that runs model %s (%s) is required; there is none"
                        .formatted(model, model.manifest().architecture())));
  }
}
