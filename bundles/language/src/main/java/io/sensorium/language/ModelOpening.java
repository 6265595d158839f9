package io.sensorium.language;

import io.sensorium.api.RequestContext;
import io.sensorium.api.ResourceExhaustedException;
import io.sensorium.api.language.LanguageBackend;
import io.sensorium.api.language.LanguageModel;
import io.sensorium.api.language.SequenceLimits;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.language.scheduling.OpenedModel;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens a model and what belongs to it, once, with what the memory suffices for. Thread-safe. */
final class ModelOpening implements Supplier<OpenedModel> {
  private static final Logger LOG = LoggerFactory.getLogger(ModelOpening.class);

  private final ModelPackage model;
  private final Backends backends;
  private final GeneratorSettings settings;
  private final boolean adaptable;
  private volatile Optional<LanguageBackend> backend = Optional.empty();
  private volatile Optional<OpenLanguage> opened = Optional.empty();

  /**
   * @param adaptable whether sequences may have additions
   */
  ModelOpening(
      ModelPackage model, Backends backends, GeneratorSettings settings, boolean adaptable) {
    this.model = model;
    this.adaptable = adaptable;
    this.backends = backends;
    this.settings = settings;
  }

  /** Answers whether a backend runs the model, or is opening it. */
  boolean isBy(LanguageBackend candidate) {
    return backend.filter(candidate::equals).isPresent();
  }

  /** Answers whether the model takes additions. */
  boolean isAdaptable() {
    return adaptable;
  }

  /** What was opened. */
  OpenLanguage opened() {
    return opened.orElseThrow(() -> new IllegalStateException(model + " is not open"));
  }

  @Override
  public OpenLanguage get() {
    LanguageBackend runs = backends.of(model);
    backend = Optional.of(runs);
    RequestContext context = RequestContext.within(settings.openTimeout());
    OpenLanguage open = open(runs, settings.affordable(adaptable), context);
    LOG.info(
        "{} is open for {} sequences of {} tokens",
        model,
        open.sequences(),
        open.model().contextLength());
    opened = Optional.of(open);
    return open;
  }

  private OpenLanguage open(
      LanguageBackend runs, List<SequenceLimits> affordable, RequestContext context) {
    SequenceLimits limits = affordable.getFirst();
    LanguageModel language;
    try {
      language = runs.open(model, limits, context);
    } catch (ResourceExhaustedException refused) {
      List<SequenceLimits> less = affordable.subList(1, affordable.size());
      if (less.isEmpty() || context.isOver()) {
        throw refused;
      }
      LOG.info("{} is opened for less than {}: {}", model, limits, refused.getMessage());
      return open(runs, less, context);
    }
    return OpenLanguage.of(language, limits.sequences());
  }
}
