package io.sensorium.api.language;

import io.sensorium.api.RequestContext;
import io.sensorium.api.model.ModelPackage;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Runs the language models of a kind of architecture: register one as a service. Thread-safe; it
 * knows nothing of prompts and of how tokens are chosen.
 */
@ConsumerType
public interface LanguageBackend {
  /**
   * Answers whether the package's graphs are of this backend's kind, by what they read and give.
   */
  boolean runs(ModelPackage model);

  /**
   * Answers whether the package can be opened as {@linkplain SequenceLimits#adaptable adaptable}.
   */
  default boolean adapts(ModelPackage model) {
    return false;
  }

  /**
   * Opens a model. The caller closes it. The weights lie on the device once: the same package open
   * in its other form, plain or adaptable, must be closed before.
   *
   * @throws io.sensorium.api.ModelLoadException if it cannot be opened
   * @throws io.sensorium.api.ResourceExhaustedException if the model or its sequences do not fit
   */
  LanguageModel open(ModelPackage model, SequenceLimits limits, RequestContext context);
}
