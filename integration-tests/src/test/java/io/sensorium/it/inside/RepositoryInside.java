package io.sensorium.it.inside;

import io.sensorium.api.model.ModelRepository;
import io.sensorium.testkit.ModelRepositoryContract;

/** The repository of the packaged bundle. */
public class RepositoryInside extends ModelRepositoryContract {
  @Override
  protected ModelRepository repository() {
    return Inside.service(ModelRepository.class);
  }
}
