package io.sensorium.host.api;

import io.sensorium.api.RequestContext;
import io.sensorium.api.ServiceGoneException;
import io.sensorium.api.adapter.MediaProjector;
import io.sensorium.api.index.Hit;
import io.sensorium.api.index.MediaIndex;
import io.sensorium.api.language.Generation;
import io.sensorium.api.language.GenerationRequest;
import io.sensorium.api.language.TextGenerator;
import io.sensorium.api.media.MediaDecoder;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.ModelRepository;
import io.sensorium.api.runtime.DeviceStatus;
import io.sensorium.api.runtime.InferenceRuntime;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.EmbeddingService;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.api.space.EncoderStatus;
import io.sensorium.api.space.ZeroShotClassifier;
import io.sensorium.api.space.ZeroShotClassifier.LabelProbability;
import io.sensorium.host.doctor.Doctor;
import io.sensorium.host.ingest.EntryIds;
import io.sensorium.host.ingest.Ingester;
import io.sensorium.host.launch.HomeFolder;
import io.sensorium.host.launch.HomeLock;
import io.sensorium.host.launch.HostFramework;
import io.sensorium.host.launch.OwnLoader;
import io.sensorium.host.launch.Readiness;
import io.sensorium.host.launch.Versions;
import io.sensorium.host.operations.LocalOperations;
import io.sensorium.host.query.Answerer;
import io.sensorium.host.query.Embedder;
import io.sensorium.host.query.Searcher;
import io.sensorium.host.reembedding.Foreground;
import io.sensorium.host.reembedding.Reembedder;
import io.sensorium.host.remote.OperationServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A running host, embedded in this process. Thread-safe; whoever starts it closes it.
 *
 * <pre>{@code
 * SensoriumOptions options = SensoriumOptions.at(Path.of("/var/lib/app/sensorium"));
 * try (Sensorium sensorium = Sensorium.start(options)) {
 *   sensorium.index(List.of(Path.of("photos"), Path.of("sounds")), IndexProgress.NONE);
 *
 *   MediaInput bell = MediaInput.read(Path.of("bell.wav"), options.limits().maximumBytes());
 *   SearchRequest request =
 *       SearchRequest.of(EncodeRequest.of(Modality.AUDIO, bell)).among(Modality.IMAGE).top(3);
 *   sensorium.search(request).forEach(hit -> System.out.println(hit.entry().path()));
 * }
 * }</pre>
 *
 * <p>One host holds a home at a time; several hosts with different homes, and one after another
 * with the same, may live in one process. The JVM needs {@code --enable-native-access=ALL-UNNAMED},
 * and {@code --add-modules jdk.incubator.vector} for a fast index. Bundles may come and go while
 * requests run: a request that meets a leaving service fails with {@link ServiceGoneException},
 * which is retriable. After {@link #close} every method throws {@link IllegalStateException}.
 */
public final class Sensorium implements AutoCloseable {
  private static final Duration LONGEST_INDEXING = Duration.ofDays(365);

  private final SensoriumOptions options;
  private final HomeLock lock;
  private final HostFramework framework;
  private final Foreground foreground = new Foreground();
  private final Reembedder reembedder;
  private final AtomicBoolean closed = new AtomicBoolean();
  private OperationServer server;

  private Sensorium(SensoriumOptions options, HomeLock lock, HostFramework framework) {
    this.options = options;
    this.lock = lock;
    this.framework = framework;
    this.reembedder =
        new Reembedder(
            options.reembedding(),
            () -> ingestion(options.space()),
            this::models,
            foreground,
            new HomeFolder(options.home()).reembedding());
  }

  /**
   * Starts a host. Returns when its bundles are active, the index is open and, unless the options
   * say otherwise, the encoders of the default space are ready. Cost: about a second, more when a
   * home is used for the first time.
   *
   * @throws HomeInUseException if another host holds the home
   * @throws HostStartException if something required is missing; it names what, and nothing is left
   *     running
   */
  public static Sensorium start(SensoriumOptions options) {
    HomeFolder home = new HomeFolder(options.home());
    home.create();
    HomeLock lock = HomeLock.take(home);
    HostFramework framework = null;
    boolean started = false;
    try {
      framework = OwnLoader.call(() -> HostFramework.launch(options, home));
      if (options.awaitEncoders()) {
        requireDevice(framework, options.device());
        Readiness.await(framework.context(), options.space(), options.startTimeout());
      }
      Sensorium sensorium = new Sensorium(options, lock, framework);
      OwnLoader.run(sensorium.reembedder::start);
      started = true;
      return sensorium;
    } finally {
      if (!started) {
        if (framework != null) {
          framework.close();
        }
        lock.close();
      }
    }
  }

  private static void requireDevice(HostFramework framework, String device) {
    if (!device.startsWith("cuda")) {
      return;
    }
    String name = device.equals("cuda") ? "cuda:0" : device;
    List<DeviceStatus> known =
        framework.service(InferenceRuntime.class).map(InferenceRuntime::devices).orElse(List.of());
    String reason =
        known.stream()
            .filter(status -> status.name().equals(name))
            .map(status -> status.usable() ? "" : status.detail())
            .findFirst()
            .orElse("this machine has " + known.stream().map(DeviceStatus::name).toList());
    if (!reason.isEmpty()) {
      throw new HostStartException("device %s cannot be used: %s".formatted(name, reason));
    }
  }

  /** How this host was started. */
  public SensoriumOptions options() {
    return options;
  }

  /**
   * Makes the index know the files below some folders: new and changed files are embedded and
   * stored, entries whose files are gone are removed, everything else is skipped. Blocks until
   * done; after an interruption the next call goes on where this one stopped.
   *
   * @param roots files and folders; links are followed, hidden files below them are skipped
   * @throws io.sensorium.api.StorageException if the index takes nothing any more
   */
  public IndexingReport index(List<Path> roots, IndexProgress progress) {
    return index(roots, options.space(), progress, RequestContext.within(LONGEST_INDEXING));
  }

  /**
   * As {@link #index(List, IndexProgress)}, into a space of choice and for a request that may be
   * cancelled. A file has one entry in each space that it was indexed into.
   *
   * @param space its name
   * @throws io.sensorium.api.RequestCancelledException once cancelled; what was finished stays
   */
  public IndexingReport index(
      List<Path> roots, String space, IndexProgress progress, RequestContext context) {
    return reembedder.whileIndexing(
        () -> new Ingester(ingestion(space)).index(roots, progress, context));
  }

  private Ingester.Services ingestion(String space) {
    return new Ingester.Services(
        service(EmbeddingService.class),
        service(MediaIndex.class),
        framework.service(MediaDecoder.class),
        space,
        EntryIds.of(space, options.space()),
        options.limits(),
        options.requestTimeout(),
        options.home());
  }

  /** The items that fit a request best, best first. */
  public List<Hit> search(SearchRequest request) {
    return search(request, newRequest());
  }

  /** As {@link #search(SearchRequest)}, for a request with its own deadline. */
  public List<Hit> search(SearchRequest request, RequestContext context) {
    Searcher searcher =
        new Searcher(
            service(EmbeddingService.class),
            service(MediaIndex.class),
            options.space(),
            reembedder.samples());
    return foreground.run(() -> searcher.search(request, context));
  }

  /** The place of one item in its space: a unit vector. */
  public Embedding embed(EncodeRequest item) {
    return foreground.run(() -> service(EmbeddingService.class).embed(item, newRequest()));
  }

  /**
   * The places of any number of items, in their order. They are encoded together as far as runs
   * have room, and never so many at once that others would find an encoder's queue full.
   *
   * @throws io.sensorium.api.SensoriumException as {@link EmbeddingService#embedAsync} says, for
   *     the first item that fails
   */
  public List<Embedding> embedAll(List<EncodeRequest> items) {
    requireOpen();
    Embedder embedder = new Embedder(() -> service(EmbeddingService.class), this::newRequest);
    return foreground.run(() -> embedder.embed(items));
  }

  /**
   * The probability of each label for one item, most probable first.
   *
   * @param labels at least two distinct, non-blank labels
   */
  public List<LabelProbability> classify(EncodeRequest item, List<String> labels) {
    return foreground.run(
        () -> service(ZeroShotClassifier.class).classify(item, labels, newRequest()));
  }

  /**
   * Has a language model make a text.
   *
   * @param listener told each piece as it becomes certain, as {@link TextGenerator} says
   * @throws io.sensorium.api.SensoriumException as {@link TextGenerator#generateAsync} says
   */
  public Generation generate(GenerationRequest request, Consumer<String> listener) {
    return generate(request, listener, newRequest());
  }

  /** As {@link #generate(GenerationRequest, Consumer)}, for a request with its own deadline. */
  public Generation generate(
      GenerationRequest request, Consumer<String> listener, RequestContext context) {
    return foreground.run(() -> service(TextGenerator.class).generate(request, listener, context));
  }

  /**
   * Has a language model answer a question about media, which adapters make readable for it.
   *
   * @param listener told each piece of the answer as it becomes certain
   * @throws IllegalArgumentException if there is no such language model, or no adapter for one of
   *     the media and that model
   * @throws io.sensorium.api.SensoriumException as {@link TextGenerator#generateAsync} says, or if
   *     a medium cannot be read
   */
  public Generation ask(Question question, Consumer<String> listener) {
    return ask(question, listener, newRequest());
  }

  /** As {@link #ask(Question, Consumer)}, for a request with its own deadline. */
  public Generation ask(Question question, Consumer<String> listener, RequestContext context) {
    List<String> speakers =
        models().packages().stream()
            .map(ModelPackage::manifest)
            .filter(manifest -> manifest.task().equals(ModelManifest.GENERATION))
            .map(ModelManifest::id)
            .toList();
    if (!speakers.contains(question.model())) {
      throw new IllegalArgumentException(
          "no language model '%s' is installed; there are %s"
              .formatted(question.model(), speakers));
    }
    Answerer answerer =
        new Answerer(() -> service(MediaProjector.class), service(TextGenerator.class));
    return foreground.run(() -> answerer.answer(question, listener, context));
  }

  /**
   * What sees to it that items follow when a space changes its version: how far it is, and a way to
   * pause or hurry it.
   */
  public Reembedder reembedding() {
    requireOpen();
    return reembedder;
  }

  /** The installed model packages. */
  public ModelRepository models() {
    return service(ModelRepository.class);
  }

  /** Every encoder as it stands now. */
  public List<EncoderStatus> encoders() {
    return service(EmbeddingService.class).encoders();
  }

  /** Every bundle as it stands now. */
  public List<BundleStatus> bundles() {
    requireOpen();
    return framework.plugIns().changes().list();
  }

  /**
   * Installs and starts a bundle, waits until the packages and encoders that it brought are ready,
   * and keeps it in the home for later starts.
   *
   * @throws BundleException if it is no bundle, is not trusted, is installed already, or does not
   *     come into service; nothing of it stays
   */
  public BundleStatus installBundle(Path jar) {
    requireOpen();
    return OwnLoader.call(() -> framework.plugIns().changes().install(jar));
  }

  /**
   * Replaces a bundle by another version of it. A bundle of encoders or model packages serves until
   * the new version is ready, another one is stopped for the time; where the new version does not
   * come into service, the old one serves on. The result's {@code swap} says which it was.
   *
   * @param name its symbolic name or number
   * @throws BundleException if there is no such bundle, or the new version is not trusted or does
   *     not come into service
   */
  public BundleStatus updateBundle(String name, Path jar) {
    requireOpen();
    return OwnLoader.call(() -> framework.plugIns().changes().update(name, jar));
  }

  /**
   * Removes a bundle. Where it had taken the place of one that comes with the host, that one serves
   * again; one that comes with the host is itself back at the next start.
   *
   * @param name its symbolic name or number
   * @throws BundleException if there is no such bundle
   */
  public void uninstallBundle(String name) {
    requireOpen();
    OwnLoader.run(() -> framework.plugIns().changes().uninstall(name));
  }

  /** Where bundles, model packages and encoders stand in the protocol of coming and going. */
  public LifecycleJournal lifecycle() {
    requireOpen();
    return framework.plugIns().journal();
  }

  /**
   * The service of that type that is best now. It may be replaced at any time, so ask again for
   * each use.
   *
   * @param type an interface of {@code io.sensorium.api}
   * @throws ServiceGoneException if no active bundle offers one, for instance while it is replaced
   */
  public <T> T service(Class<T> type) {
    return service(type, null);
  }

  /**
   * As {@link #service(Class)}, among services whose properties match.
   *
   * @param filter an LDAP filter such as {@code (sensorium.modality=image)}; null for any
   */
  public <T> T service(Class<T> type, String filter) {
    requireOpen();
    return framework
        .service(type, filter)
        .orElseThrow(
            () ->
                new ServiceGoneException(
                    "the service %s is required; no active bundle offers it"
                        .formatted(type.getSimpleName())));
  }

  /** Looks at everything that matters for running; never throws on what it finds. */
  public Diagnosis doctor() {
    requireOpen();
    return new Doctor(framework, options).examine();
  }

  /**
   * From now on, commands of other processes of the same user can use this host, through a socket
   * in the home. Idempotent.
   *
   * @throws HostStartException if the socket cannot be opened
   */
  public void serve() {
    requireOpen();
    synchronized (lock) {
      if (server == null) {
        server =
            OperationServer.start(
                new HomeFolder(options.home()),
                new LocalOperations(this),
                Versions.host(),
                options.device());
      }
    }
  }

  /**
   * Waits until the default space's encoders are ready, for a host that was started without.
   *
   * @throws HostStartException if time runs out or no encoder is left; it names what is missing
   */
  public void awaitEncoders(Duration timeout) {
    requireOpen();
    Readiness.await(framework.context(), options.space(), timeout);
  }

  /**
   * Makes sure that the device asked for can be used; any device but CUDA can.
   *
   * @throws HostStartException if it cannot; it says why
   */
  public void requireDevice() {
    requireOpen();
    requireDevice(framework, options.device());
  }

  /**
   * Waits until the host is closed, here or by somebody who stops the framework from its shell.
   * Returns early when the waiting thread is interrupted.
   */
  public void awaitClose() {
    framework.awaitStop();
  }

  private RequestContext newRequest() {
    return RequestContext.within(options.requestTimeout());
  }

  private void requireOpen() {
    if (closed.get()) {
      throw new IllegalStateException("the host is closed");
    }
  }

  /** Stops the bundles, which finish what they have accepted, and gives the home back. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      try {
        stopServing();
        reembedder.close();
        framework.close();
      } finally {
        lock.close();
      }
    }
  }

  private void stopServing() {
    synchronized (lock) {
      if (server != null) {
        server.close();
      }
    }
  }
}
