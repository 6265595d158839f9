package io.sensorium.repository;

import io.sensorium.api.Modality;
import io.sensorium.api.SensoriumException;
import io.sensorium.api.lifecycle.LifecycleListener;
import io.sensorium.api.lifecycle.LifecycleListeners;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.ModelRepository;
import io.sensorium.api.model.RefusedModel;
import io.sensorium.api.model.VerificationReport;
import io.sensorium.api.runtime.InferenceRuntime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.util.tracker.BundleTracker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The repository of the host's home folder, framework property {@value #HOME_PROPERTY}.
 *
 * <p>Packages that were checked before are in service when activation returns; new ones are checked
 * on the repository's own thread. A damaged package is reported and left out.
 */
@Component(service = ModelRepository.class, immediate = true)
public final class RepositoryComponent implements ModelRepository {
  /** Framework property: the absolute path of the home folder. */
  public static final String HOME_PROPERTY = "sensorium.home";

  private static final Logger LOG = LoggerFactory.getLogger(RepositoryComponent.class);

  private static final int END_TIMEOUT_SECONDS = 10;

  private static final long LOOK_MILLIS = 1_000;

  private final LifecycleListeners listeners =
      new LifecycleListeners(
          (event, failure) ->
              LOG.warn("a listener failed on {} of {}", event.step(), event.plugIn(), failure));
  private final PackageStore store;
  private final FolderModelRepository repository;
  private final DroppedPackages dropped;
  private final ScheduledThreadPoolExecutor executor;
  private final BundleTracker<List<ModelManifest>> tracker;
  private final ServiceRegistration<LifecycleListener> listening;

  /** Prepares a repository; {@link #start} opens it when listeners are bound. */
  @Activate
  public RepositoryComponent(BundleContext context, @Reference InferenceRuntime runtime) {
    String home = context.getProperty(HOME_PROPERTY);
    if (home == null) {
      throw new IllegalStateException(
          "the framework property " + HOME_PROPERTY + " must name the home folder; it is not set");
    }
    this.store = new PackageStore(Path.of(home).toAbsolutePath().normalize().resolve("packages"));
    EncoderVerdicts verdicts = new EncoderVerdicts();
    this.repository =
        new FolderModelRepository(
            store, runtime, model -> register(context, store, model), verdicts, listeners);
    this.dropped = new DroppedPackages(store, repository);
    this.executor =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("sensorium-repository").factory());
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    this.tracker =
        new BundleTracker<>(
            context, BundledPackages.states(), new BundledPackages(repository, executor));
    this.listening = context.registerService(LifecycleListener.class, verdicts, null);
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "removeListener")
  void addListener(LifecycleListener listener) {
    listeners.add(listener);
  }

  void removeListener(LifecycleListener listener) {
    listeners.remove(listener);
  }

  /** Puts what was checked before into service, and sets out to check the rest. */
  @Activate
  void start() {
    scan();
    tracker.open();
    var _ =
        executor.scheduleWithFixedDelay(
            () -> reporting(store.root(), dropped::takeSettled),
            LOOK_MILLIS,
            LOOK_MILLIS,
            TimeUnit.MILLISECONDS);
  }

  private static Runnable register(BundleContext context, PackageStore store, ModelPackage model) {
    Map<String, Object> properties = new HashMap<>();
    properties.put("id", model.manifest().id());
    properties.put("version", model.manifest().version());
    properties.put("task", model.manifest().task());
    store
        .usersSince(model.manifest())
        .ifPresent(since -> properties.put(ModelPackage.USER_SINCE, since.toEpochMilli()));
    properties.put(
        "modality",
        model.manifest().graphs().stream()
            .flatMap(graph -> graph.modality().stream())
            .map(Modality::name)
            .toArray(String[]::new));
    ServiceRegistration<ModelPackage> registration =
        context.registerService(ModelPackage.class, model, FrameworkUtil.asDictionary(properties));
    return registration::unregister;
  }

  private void scan() {
    List<Path> unchecked = new ArrayList<>();
    for (Path folder : store.installedFolders()) {
      reporting(
          folder,
          () -> {
            if (!repository.resume(folder)) {
              unchecked.add(folder);
            }
          });
    }
    unchecked.forEach(
        folder -> executor.execute(() -> reporting(folder, () -> repository.adopt(folder))));
    executor.execute(() -> reporting(store.root(), dropped::takeAll));
  }

  private static void reporting(Path path, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      LOG.error("the package {} is left out: {}", path, SensoriumException.reasonOf(e));
    }
  }

  @Override
  public List<ModelPackage> packages() {
    return repository.packages();
  }

  @Override
  public List<RefusedModel> refused() {
    return repository.refused();
  }

  /**
   * The executor does one thing after the other, so whatever it does next comes after all of it.
   */
  @Override
  public CompletableFuture<Void> settled() {
    return CompletableFuture.runAsync(() -> {}, executor);
  }

  @Override
  public Optional<ModelPackage> find(String id) {
    return repository.find(id);
  }

  @Override
  public ModelPackage install(Path folderOrZip, InstallPolicy policy) {
    return repository.install(folderOrZip, policy);
  }

  @Override
  public boolean remove(String id) {
    return repository.remove(id);
  }

  @Override
  public boolean retire(String id, String version) {
    return repository.retire(id, version);
  }

  @Override
  public VerificationReport verify(String id, Optional<Path> golden) {
    return repository.verify(id, golden);
  }

  /** Takes every package out of service, after the check that is going on; files stay. */
  @Deactivate
  void close() {
    listening.unregister();
    List<Bundle> carrying = List.copyOf(tracker.getTracked().keySet());
    tracker.close();
    executor.getQueue().clear();
    executor.shutdown();
    try {
      if (!executor.awaitTermination(END_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        executor.shutdownNow();
      }
    } catch (InterruptedException e) {
      executor.shutdownNow();
      Thread.currentThread().interrupt();
    }
    repository.close();
    reporting(store.root(), () -> deleteUnclaimed(carrying));
  }

  /** At the end every bundle has come that comes in a run, those for one run alone included. */
  private void deleteUnclaimed(List<Bundle> carrying) {
    store.deleteUnclaimed(
        carrying.stream().flatMap(bundle -> BundledPackages.carried(bundle).stream()).toList());
  }
}
