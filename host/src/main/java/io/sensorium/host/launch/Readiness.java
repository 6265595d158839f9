package io.sensorium.host.launch;

import io.sensorium.api.Modality;
import io.sensorium.api.encoder.ModalityEncoder;
import io.sensorium.api.index.MediaIndex;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.ModelRepository;
import io.sensorium.api.space.EmbeddingService;
import io.sensorium.api.space.EncoderStatus;
import io.sensorium.host.api.HostStartException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits until a framework whose bundles are active can answer requests. */
public final class Readiness {
  private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);
  private static final long POLL_NANOS = Duration.ofMillis(5).toNanos();

  private final BundleContext context;
  private final String space;
  private final long deadlineNanos;

  private Readiness(BundleContext context, String space, Duration timeout) {
    this.context = context;
    this.space = space;
    this.deadlineNanos = System.nanoTime() + timeout.toNanos();
  }

  /**
   * Waits for the index and for every encoder that the default space can have: one for each
   * installed package whose modality some bundle brings. An encoder in quarantine is not waited
   * for.
   *
   * @throws HostStartException if time runs out or no encoder is left; it names what is missing
   */
  public static void await(BundleContext context, String space, Duration timeout) {
    Readiness readiness = new Readiness(context, space, timeout);
    readiness.await(MediaIndex.class);
    ModelRepository repository = readiness.awaitSettled();
    readiness.awaitEncoders(readiness.await(EmbeddingService.class), repository);
  }

  private ModelRepository awaitSettled() {
    await(ModelRepository.class);
    try {
      return SettledModels.in(context).await(deadlineNanos);
    } catch (TimeoutException e) {
      throw new HostStartException(Problems.line(e), e);
    } catch (ExecutionException e) {
      throw new HostStartException("the model packages cannot be checked: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HostStartException("interrupted while the host was starting", e);
    }
  }

  private <T> T await(Class<T> type) {
    ServiceTracker<T, T> tracker = new ServiceTracker<>(context, type, null);
    tracker.open();
    try {
      T service = tracker.waitForService(Math.max(1, remainingNanos() / 1_000_000));
      if (service == null) {
        throw new HostStartException(
            "the service %s is required to start; no active bundle offers it: %s"
                .formatted(type.getSimpleName(), ComponentProblems.describe(context)));
      }
      return service;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HostStartException("interrupted while the host was starting", e);
    } finally {
      tracker.close();
    }
  }

  private void awaitEncoders(EmbeddingService embeddings, ModelRepository repository) {
    while (true) {
      List<EncoderStatus> encoders = here(embeddings);
      List<String> pending = pending(encoders, repository);
      boolean anyReady = encoders.stream().anyMatch(e -> e.state() == EncoderStatus.State.READY);
      if (pending.isEmpty() && anyReady) {
        encoders.stream()
            .filter(e -> e.state() == EncoderStatus.State.QUARANTINED)
            .forEach(
                e -> LOG.warn("the encoder of {} is in quarantine: {}", e.model(), e.reason()));
        return;
      }
      // Nothing is on its way any more, and still nothing answers: waiting would not help.
      if (pending.isEmpty() || remainingNanos() <= 0) {
        throw new HostStartException(explain(encoders, pending, repository));
      }
      // There is no event for an encoder's state; it opens within tens of milliseconds.
      LockSupport.parkNanos(POLL_NANOS);
      if (Thread.interrupted()) {
        Thread.currentThread().interrupt();
        throw new HostStartException("interrupted while the host was starting");
      }
    }
  }

  private List<EncoderStatus> here(EmbeddingService embeddings) {
    return embeddings.encoders().stream().filter(e -> e.space().name().equals(space)).toList();
  }

  private List<String> pending(List<EncoderStatus> encoders, ModelRepository repository) {
    Set<String> settled =
        encoders.stream()
            .filter(e -> e.state() != EncoderStatus.State.STARTING)
            .map(e -> encoder(e.model(), e.modality()))
            .collect(Collectors.toSet());
    Set<String> offered = offeredModalities();
    List<String> pending = new ArrayList<>();
    for (ModelPackage model : repository.packages()) {
      ModelManifest manifest = model.manifest();
      if (manifest.space().isPresent() && manifest.space().get().name().equals(space)) {
        manifest.graphs().stream()
            .flatMap(graph -> graph.modality().stream())
            .filter(modality -> offered.contains(modality.name()))
            .map(modality -> encoder(manifest.id(), modality))
            .filter(encoder -> !settled.contains(encoder))
            .forEach(pending::add);
      }
    }
    return pending;
  }

  private static String encoder(String model, Modality modality) {
    return model + " for " + modality;
  }

  private Set<String> offeredModalities() {
    try {
      Collection<ServiceReference<ModalityEncoder>> encoders =
          context.getServiceReferences(ModalityEncoder.class, null);
      return encoders.stream()
          .map(reference -> String.valueOf(reference.getProperty(ModalityEncoder.MODALITY)))
          .collect(Collectors.toSet());
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException("no filter was given", e);
    }
  }

  private String explain(
      List<EncoderStatus> encoders, List<String> pending, ModelRepository repository) {
    List<String> models =
        repository.packages().stream().map(model -> model.manifest().id()).toList();
    String states =
        encoders.stream().map(e -> e.model() + " " + e.state()).collect(Collectors.joining(", "));
    return ("a ready encoder of space '%s' is required to start; encoders: %s; not ready: %s; "
            + "models installed: %s; modalities offered by bundles: %s")
        .formatted(space, states.isEmpty() ? "none" : states, pending, models, offeredModalities());
  }

  private long remainingNanos() {
    return deadlineNanos - System.nanoTime();
  }
}
