package io.sensorium.language;

import io.sensorium.api.RequestCancelledException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.ServiceGoneException;
import io.sensorium.api.language.Generation;
import io.sensorium.api.language.GenerationRequest;
import io.sensorium.api.language.LanguageBackend;
import io.sensorium.api.language.LanguageModelStatus;
import io.sensorium.api.language.TextGenerator;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.language.scheduling.AdapterSource;
import io.sensorium.language.scheduling.Ticket;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the model of each request among those in service. Thread-safe: one lock guards who is in
 * service; models are drained outside it.
 */
final class Generator implements TextGenerator, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Generator.class);

  /** Ids that are remembered of models that have left. */
  private static final int REMEMBERED = 100;

  private final GeneratorSettings settings;
  private final Backends backends = new Backends();
  private final LowRankAdapters adapters = new LowRankAdapters();
  private final ExecutorService outside =
      Executors.newThreadPerTaskExecutor(
          Thread.ofVirtual().name("sensorium-language-outside-", 0).factory());
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("sensorium-language-clock").factory());
  private final TicketWatch watch = new TicketWatch(clock);
  private final Object lock = new Object();

  // All guarded by the lock; the newest registration last.
  private final List<ServedModel> models = new ArrayList<>();
  private final Set<String> left = new LinkedHashSet<>();
  private boolean closed;

  Generator(GeneratorSettings settings) {
    this.settings = settings;
  }

  /**
   * @param serviceId the package's registration number, growing with time
   */
  void add(ModelPackage model, long serviceId) {
    synchronized (lock) {
      models.add(new ServedModel(model, serviceId, backends, adapters, settings, outside));
      models.sort(Comparator.comparingLong(ServedModel::serviceId));
      left.remove(model.manifest().id());
    }
  }

  /** Returns when nothing of the package is used any more, or after the drain time. */
  void remove(long serviceId) {
    Optional<ServedModel> leaving;
    synchronized (lock) {
      leaving = models.stream().filter(model -> model.serviceId() == serviceId).findFirst();
      leaving.ifPresent(this::forget);
    }
    leaving.ifPresent(ServedModel::leave);
    leaving.ifPresent(model -> model.awaitDrained(Optional.empty()));
  }

  /**
   * Serves requests with a low-rank adapter from now on.
   *
   * @throws io.sensorium.api.ModelLoadException if the package does not say what model it is for
   */
  void addAdapter(ModelPackage adapter, long serviceId) {
    adapters.add(adapter, serviceId);
  }

  /** Returns when the adapter lies beside no model any more, or after the drain time. */
  void removeAdapter(long serviceId) {
    Optional<AdapterSource> leaving = adapters.remove(serviceId);
    if (leaving.isEmpty()) {
      return;
    }
    List<ServedModel> all;
    synchronized (lock) {
      all = List.copyOf(models);
    }
    all.forEach(ServedModel::wake);
    if (!leaving.get().awaitUnloaded(settings.drainTimeout())) {
      LOG.warn("gave up waiting for requests with {}", leaving.get().name());
    }
  }

  private void forget(ServedModel model) {
    models.remove(model);
    if (find(model.id()).isEmpty()) {
      left.add(model.id());
      if (left.size() > REMEMBERED) {
        left.remove(left.iterator().next());
      }
    }
  }

  void add(LanguageBackend backend) {
    backends.add(backend);
  }

  /** Returns when nothing of the backend is used any more, or after the drain time. */
  void remove(LanguageBackend backend) {
    backends.remove(backend);
    List<ServedModel> all;
    synchronized (lock) {
      all = List.copyOf(models);
    }
    all.forEach(model -> model.leave(backend));
    all.forEach(model -> model.awaitDrained(Optional.of(backend)));
  }

  private Optional<ServedModel> find(String id) {
    return models.stream().filter(model -> model.id().equals(id)).reduce((older, newer) -> newer);
  }

  private ServedModel require(String id) {
    synchronized (lock) {
      if (closed) {
        throw new ServiceGoneException("text generation has ended");
      }
      return find(id).orElseThrow(() -> unknown(id));
    }
  }

  private RuntimeException unknown(String id) {
    List<String> known = models.stream().map(ServedModel::id).distinct().sorted().toList();
    return left.contains(id)
        ? new ServiceGoneException(
            "model '%s' has left; language models in service: %s".formatted(id, known))
        : new IllegalArgumentException(
            "a language model is required; '%s' is none of those in service: %s"
                .formatted(id, known));
  }

  @Override
  public CompletableFuture<Generation> generateAsync(
      GenerationRequest request, Consumer<String> listener, RequestContext context) {
    Objects.requireNonNull(listener, "listener");
    try {
      context.check("the text was begun");
      while (true) {
        ServedModel model = require(request.model());
        try {
          Ticket ticket = model.submit(request, listener, context);
          watch.watch(ticket);
          return ticket.answer();
        } catch (ServiceGoneException leaving) {
          // It left between being found and being asked: its successor may be there.
          if (stays(model)) {
            throw leaving;
          }
        }
      }
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private boolean stays(ServedModel model) {
    synchronized (lock) {
      return models.contains(model);
    }
  }

  @Override
  public Generation generate(
      GenerationRequest request, Consumer<String> listener, RequestContext context) {
    CompletableFuture<Generation> answer = generateAsync(request, listener, context);
    try {
      return answer.get();
    } catch (InterruptedException e) {
      context.cancel();
      Thread.currentThread().interrupt();
      throw new RequestCancelledException("interrupted while a text was made", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new CompletionException(e.getCause());
    }
  }

  @Override
  public List<LanguageModelStatus> models() {
    List<ServedModel> all;
    synchronized (lock) {
      all = List.copyOf(models);
    }
    // A stable sort: of one id the newest stays last.
    return all.stream()
        .map(ServedModel::status)
        .sorted(Comparator.comparing(LanguageModelStatus::model))
        .toList();
  }

  /** Returns when every model is closed, or after the drain time. */
  @Override
  public void close() {
    List<ServedModel> all;
    synchronized (lock) {
      closed = true;
      all = List.copyOf(models);
      models.clear();
    }
    all.forEach(ServedModel::leave);
    all.forEach(model -> model.awaitDrained(Optional.empty()));
    clock.shutdown();
    // Whoever still listens is told to the end.
    outside.shutdown();
  }
}
