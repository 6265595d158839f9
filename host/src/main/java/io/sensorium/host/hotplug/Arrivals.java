package io.sensorium.host.hotplug;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sensorium.api.encoder.ModalityEncoder;
import io.sensorium.api.lifecycle.PlugIn;
import io.sensorium.api.lifecycle.Step;
import io.sensorium.api.model.ModelRepository;
import io.sensorium.api.space.EmbeddingService;
import io.sensorium.api.space.EncoderStatus;
import io.sensorium.host.api.BundleException;
import io.sensorium.host.api.LifecycleJournal.Entry;
import io.sensorium.host.launch.Problems;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** Waits until what a started bundle brought is in service. Thread-safe. */
final class Arrivals {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PACKAGES_HEADER = "Sensorium-Model-Packages";
  private static final long POLL_NANOS = Duration.ofMillis(5).toNanos();

  private final BundleContext context;
  private final Journal journal;
  private final Duration limit;

  Arrivals(BundleContext context, Journal journal, Duration limit) {
    this.context = context;
    this.journal = journal;
    this.limit = limit;
  }

  /** The encoders that are in quarantine now: what was ill before is no fault of a newcomer. */
  Set<String> quarantined() {
    Set<String> names = new HashSet<>();
    encoders(status -> status.state() == EncoderStatus.State.QUARANTINED)
        .forEach(status -> names.add(name(status)));
    return names;
  }

  /**
   * Waits for the model packages that a bundle carries, then for its encoders, then for services
   * that it offers in another's place.
   *
   * @param before what {@link #quarantined} answered before the bundle was started
   * @param services types that it must offer now
   * @throws BundleException if one of them is refused, or the time is over
   */
  void await(Bundle bundle, Set<String> before, Set<String> services) {
    long deadlineNanos = System.nanoTime() + limit.toNanos();
    awaitServices(bundle, services, deadlineNanos);
    awaitPackages(bundle, deadlineNanos);
    awaitEncoders(bundle, before, deadlineNanos);
  }

  private void awaitServices(Bundle bundle, Set<String> services, long deadlineNanos) {
    while (true) {
      Set<String> missing = new HashSet<>(services);
      SwapChoice.registeredTypes(bundle).forEach(missing::remove);
      if (missing.isEmpty()) {
        return;
      }
      pause(deadlineNanos, () -> bundle.getSymbolicName() + " must offer " + missing);
    }
  }

  private void awaitPackages(Bundle bundle, long deadlineNanos) {
    String header = bundle.getHeaders("").get(PACKAGES_HEADER);
    if (header == null) {
      return;
    }
    ModelRepository repository = service(ModelRepository.class).orElse(null);
    if (repository == null) {
      return;
    }
    try {
      repository
          .settled()
          .get(Math.max(1, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new BundleException(
          "the model packages of %s must be checked within %s".formatted(bundle, limit), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BundleException("interrupted while the packages of " + bundle + " came in", e);
    }
    for (String folder : header.split(",", -1)) {
      requirePackage(bundle, folder.strip().replaceAll("^/+|/+$", ""), repository);
    }
  }

  private void requirePackage(Bundle bundle, String folder, ModelRepository repository) {
    URL file = bundle.getEntry(folder + "/model.json");
    if (folder.isEmpty() || file == null) {
      throw new BundleException(
          "%s says that it carries a model package in '%s'; there is no model.json"
              .formatted(bundle.getSymbolicName(), folder));
    }
    try (InputStream in = file.openStream()) {
      JsonNode manifest = JSON.readTree(in);
      String id = manifest.path("id").asText();
      String version = manifest.path("version").asText();
      boolean there =
          repository
              .find(id)
              .filter(model -> model.manifest().version().equals(version))
              .isPresent();
      if (!there) {
        throw new BundleException(
            "the model package %s %s of %s was refused%s"
                .formatted(id, version, bundle.getSymbolicName(), reason(bundle)));
      }
    } catch (IOException e) {
      throw new BundleException(
          "cannot read %s of %s: %s".formatted(file, bundle.getSymbolicName(), Problems.line(e)),
          e);
    }
  }

  private String reason(Bundle bundle) {
    return refused(bundle, PlugIn.Kind.MODEL)
        .findFirst()
        .map(entry -> ": " + entry.reason())
        .orElse("");
  }

  private Stream<Entry> refused(Bundle bundle, PlugIn.Kind kind) {
    return journal.broughtBy(bundle.getBundleId()).stream()
        .filter(entry -> entry.plugIn().kind() == kind && entry.step() == Step.QUARANTINED);
  }

  private void awaitEncoders(Bundle bundle, Set<String> before, long deadlineNanos) {
    Set<String> modalities = modalities(bundle);
    if (modalities.isEmpty()) {
      return;
    }
    while (true) {
      List<EncoderStatus> own =
          encoders(status -> modalities.contains(status.modality().name())).toList();
      own.stream()
          .filter(status -> status.state() == EncoderStatus.State.QUARANTINED)
          .filter(status -> !before.contains(name(status)))
          .findFirst()
          .ifPresent(status -> fail(bundle, status));
      List<String> starting =
          own.stream()
              .filter(status -> status.state() == EncoderStatus.State.STARTING)
              .map(Arrivals::name)
              .toList();
      if (starting.isEmpty()) {
        return;
      }
      pause(deadlineNanos, () -> "the encoders %s of %s must be ready".formatted(starting, bundle));
    }
  }

  private void fail(Bundle bundle, EncoderStatus status) {
    String reason =
        refused(bundle, PlugIn.Kind.ENCODER)
            .map(entry -> ": " + entry.reason())
            .findFirst()
            .orElse("");
    throw new BundleException(
        "the encoder %s of %s was refused%s"
            .formatted(name(status), bundle.getSymbolicName(), reason));
  }

  private static Set<String> modalities(Bundle bundle) {
    Set<String> modalities = new HashSet<>();
    ServiceReference<?>[] services = bundle.getRegisteredServices();
    if (services != null) {
      Arrays.stream(services)
          .map(service -> service.getProperty(ModalityEncoder.MODALITY))
          .filter(String.class::isInstance)
          .forEach(modality -> modalities.add((String) modality));
    }
    return modalities;
  }

  private Stream<EncoderStatus> encoders(Predicate<EncoderStatus> which) {
    return service(EmbeddingService.class)
        .map(service -> new ArrayList<>(service.encoders()).stream().filter(which))
        .orElse(Stream.empty());
  }

  private static String name(EncoderStatus status) {
    return status.modality() + "/" + status.model();
  }

  private <T> Optional<T> service(Class<T> type) {
    return Optional.ofNullable(context.getServiceReference(type)).map(context::getService);
  }

  /** There is no event for everything that is awaited here; it takes tens of milliseconds. */
  private void pause(long deadlineNanos, java.util.function.Supplier<String> missing) {
    LockSupport.parkNanos(POLL_NANOS);
    if (Thread.interrupted()) {
      Thread.currentThread().interrupt();
      throw new BundleException("interrupted: " + missing.get());
    }
    if (System.nanoTime() - deadlineNanos > 0) {
      throw new BundleException(missing.get() + " within " + limit);
    }
  }
}
