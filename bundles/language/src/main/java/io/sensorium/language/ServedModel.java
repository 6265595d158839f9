package io.sensorium.language;

import io.sensorium.api.RequestContext;
import io.sensorium.api.ServiceGoneException;
import io.sensorium.api.language.GenerationRequest;
import io.sensorium.api.language.LanguageBackend;
import io.sensorium.api.language.LanguageModelStatus;
import io.sensorium.api.language.LanguageModelStatus.Load;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.language.scheduling.AdapterSource;
import io.sensorium.language.scheduling.ModelScheduler;
import io.sensorium.language.scheduling.Tally;
import io.sensorium.language.scheduling.Ticket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A language model package in service. Its model is open from its first request on, until its
 * memory is asked for or the package leaves. Thread-safe.
 */
final class ServedModel {
  private static final Logger LOG = LoggerFactory.getLogger(ServedModel.class);

  /** What a run that has begun may take after nobody waits for it any more. */
  private static final Duration LAST_STEP = Duration.ofSeconds(10);

  private static final Load NOTHING = new Load(0, 0, 0, 0, 0, 0, 0);

  private final ModelPackage model;
  private final long serviceId;
  private final Backends backends;
  private final LowRankAdapters adapters;
  private final GeneratorSettings settings;
  private final Executor outside;
  private final Tally tally = new Tally();
  private final Object lock = new Object();

  // Both guarded by the lock.
  private Optional<Serving> serving = Optional.empty();
  private boolean leaving;

  /** What serves requests, and the opening that it begins with. */
  private record Serving(ModelScheduler scheduler, ModelOpening opening) {}

  /**
   * @param serviceId the package's registration number, growing with time
   * @param outside runs listeners and whatever takes long
   */
  ServedModel(
      ModelPackage model,
      long serviceId,
      Backends backends,
      LowRankAdapters adapters,
      GeneratorSettings settings,
      Executor outside) {
    this.model = model;
    this.serviceId = serviceId;
    this.backends = backends;
    this.adapters = adapters;
    this.settings = settings;
    this.outside = outside;
  }

  String id() {
    return model.manifest().id();
  }

  long serviceId() {
    return serviceId;
  }

  LanguageModelStatus status() {
    Optional<Serving> current;
    synchronized (lock) {
      current = serving;
    }
    Load load = current.map(each -> each.scheduler().load()).orElse(NOTHING);
    return new LanguageModelStatus(
        id(), model.manifest().version(), load.sequences() > 0, load, tally.work());
  }

  /**
   * Takes a request.
   *
   * @throws ServiceGoneException if the package is leaving
   * @throws IllegalArgumentException if there is no such adapter for the model, or it takes none
   */
  Ticket submit(GenerationRequest request, Consumer<String> listener, RequestContext context) {
    Optional<AdapterSource> adapter =
        request.options().adapter().map(wanted -> adapters.require(wanted, id()));
    boolean adds = adapter.isPresent() || request.layerAdditions().isPresent();
    if (adds && !backends.of(model).adapts(model)) {
      throw new IllegalArgumentException("model %s takes no adapters".formatted(model));
    }
    adapter.ifPresent(AdapterSource::taken);
    Optional<Ticket> taken = Optional.empty();
    try {
      taken = Optional.of(submit(request, adapter, listener, context));
      return taken.get();
    } finally {
      if (adapter.isPresent()) {
        taken.ifPresentOrElse(ticket -> answer(ticket, adapter.get()), adapter.get()::answered);
      }
    }
  }

  private void answer(Ticket ticket, AdapterSource adapter) {
    var _ =
        ticket
            .answer()
            .whenComplete(
                (generation, failure) -> {
                  adapter.answered();
                  wake();
                });
  }

  private Ticket submit(
      GenerationRequest request,
      Optional<AdapterSource> adapter,
      Consumer<String> listener,
      RequestContext context) {
    boolean adds = adapter.isPresent() || request.layerAdditions().isPresent();
    Optional<Serving> ended = Optional.empty();
    while (true) {
      Serving current = serving(ended, adds);
      Ticket ticket =
          new Ticket(new TextJob(request, adapter, current.opening()), listener, context, outside);
      if (current.scheduler().submit(ticket)) {
        return ticket;
      }
      ended = Optional.of(current);
    }
  }

  /**
   * What serves now, begun anew if that has ended or takes no additions though they are wanted:
   * then it finishes what it has, and its weights leave the device before they come again.
   */
  private Serving serving(Optional<Serving> ended, boolean adds) {
    synchronized (lock) {
      if (leaving) {
        throw gone();
      }
      boolean plain = serving.filter(each -> !each.opening().isAdaptable()).isPresent();
      if (serving.isEmpty() || serving.equals(ended) || (adds && plain)) {
        serving.ifPresent(each -> each.scheduler().drain());
        ModelOpening opening = new ModelOpening(model, backends, settings, adds || isToBeAdapted());
        ModelScheduler scheduler =
            new ModelScheduler(model.toString(), opening, settings.scheduler(), tally);
        serving = Optional.of(new Serving(scheduler, opening));
        scheduler.start();
      }
      return serving.get();
    }
  }

  /** Whoever installs an adapter will ask for it. */
  private boolean isToBeAdapted() {
    return adapters.hasFor(id())
        && backends.find(model).filter(backend -> backend.adapts(model)).isPresent();
  }

  /** Has adapters put away that leave. */
  void wake() {
    synchronized (lock) {
      serving.ifPresent(each -> each.scheduler().wake());
    }
  }

  private ServiceGoneException gone() {
    return new ServiceGoneException("model %s is leaving".formatted(model));
  }

  /** Takes nothing new; what was accepted may be finished. */
  void leave() {
    synchronized (lock) {
      leaving = true;
      serving.ifPresent(each -> each.scheduler().drain());
    }
  }

  /** Uses a backend no more: what it runs is finished, and the next request finds another one. */
  void leave(LanguageBackend backend) {
    synchronized (lock) {
      serving
          .filter(each -> each.opening().isBy(backend))
          .ifPresent(each -> each.scheduler().drain());
    }
  }

  /** Waits until what was drained is closed; at the deadline, what is unanswered fails. */
  void awaitDrained(Optional<LanguageBackend> backend) {
    Optional<Serving> ending;
    synchronized (lock) {
      ending =
          serving.filter(each -> backend.isEmpty() || each.opening().isBy(backend.orElseThrow()));
    }
    if (ending.isEmpty()) {
      return;
    }
    ModelScheduler scheduler = ending.get().scheduler();
    if (!scheduler.awaitEnd(settings.drainTimeout())) {
      scheduler.abort(this::gone);
      if (!scheduler.awaitEnd(LAST_STEP)) {
        LOG.warn("gave up waiting for the last run of {}", model);
      }
    }
    synchronized (lock) {
      // Nothing of a backend's may be kept alive.
      if (serving.equals(ending)) {
        serving = Optional.empty();
      }
    }
  }

  @Override
  public String toString() {
    return model.toString();
  }
}
