package io.sensorium.space;

import io.sensorium.api.InferenceException;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.ResourceExhaustedException;
import io.sensorium.api.SensoriumException;
import io.sensorium.api.ServiceGoneException;
import io.sensorium.api.encoder.Preprocessor;
import io.sensorium.api.runtime.InferenceRuntime;
import io.sensorium.api.runtime.SessionLease;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.EncoderStatus;
import io.sensorium.api.space.EncoderStatus.State;
import io.sensorium.api.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One life of a pair of encoder and package: STARTING, READY, DRAINING, gone; or QUARANTINED if it
 * would not open. Thread-safe.
 */
final class Generation implements Batcher.Stages, BatchRunner.Results {
  private static final Logger LOG = LoggerFactory.getLogger(Generation.class);
  private static final int OPEN_ATTEMPTS = 20;
  private static final long RETRY_PAUSE_MILLIS = 100;

  /** Receives items that this generation cannot answer. */
  @FunctionalInterface
  interface Failures {
    void failed(Item item, Throwable failure);
  }

  private record Resources(
      Preprocessor preprocessor, SessionLease lease, BatchRunner runner, Batcher batcher) {}

  private final long number;
  private final Pair pair;
  private final EngineSettings settings;
  private final Executor answers;
  private final Failures failures;
  private final AtomicReference<State> state = new AtomicReference<>(State.STARTING);
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private final CountDownLatch leaving = new CountDownLatch(1);
  private final LongAdder answered = new LongAdder();
  private volatile Resources resources;
  private volatile Thread opener;
  private volatile String reason = "";
  private volatile String provider = "";

  /**
   * @param number unique within the engine
   * @param answers runs what callers have attached to their futures
   * @param failures receives what cannot be answered here
   */
  Generation(long number, Pair pair, EngineSettings settings, Executor answers, Failures failures) {
    this.number = number;
    this.pair = pair;
    this.settings = settings;
    this.answers = answers;
    this.failures = failures;
  }

  /** Unique within the engine, growing with time. */
  long number() {
    return number;
  }

  Pair pair() {
    return pair;
  }

  State state() {
    return state.get();
  }

  /** Why it is in quarantine; empty if it is not. */
  String reason() {
    return reason;
  }

  /** Completes when nothing of the encoder and the session is used any more. */
  CompletableFuture<Void> closed() {
    return closed;
  }

  /**
   * Opens preprocessor and session and tries them; tries again where a failure may pass. Blocks;
   * called once.
   *
   * @return whether the state has become READY; otherwise everything acquired is given back
   */
  boolean open(InferenceRuntime runtime) {
    opener = Thread.currentThread();
    try {
      Resources acquired = acquireWithRetries(runtime);
      resources = acquired;
      if (state.compareAndSet(State.STARTING, State.READY)) {
        LOG.info("{} is ready on {}", this, provider);
        return true;
      }
      giveBack(acquired);
    } catch (SensoriumException e) {
      quarantine(e.getMessage(), e);
    } catch (Exception | LinkageError | AssertionError | StackOverflowError | OutOfMemoryError e) {
      quarantine(e.toString(), e);
    } finally {
      opener = null;
    }
    if (state.get() == State.DRAINING) {
      closed.complete(null);
    }
    return false;
  }

  private Resources acquireWithRetries(InferenceRuntime runtime) throws InterruptedException {
    RequestContext context = RequestContext.within(settings.openTimeout());
    for (int attempt = 1; ; attempt++) {
      try {
        return acquire(runtime, context);
      } catch (SensoriumException e) {
        boolean hopeless = !e.retriable() || attempt == OPEN_ATTEMPTS || context.isOver();
        if (hopeless || leaving.await(RETRY_PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
          throw e;
        }
      }
    }
  }

  private Resources acquire(InferenceRuntime runtime, RequestContext context) {
    Preprocessor preprocessor = pair.encoder().encoder().open(pair.graph().graph());
    if (preprocessor == null) {
      throw new ModelLoadException("the encoder answered no preprocessor for " + this);
    }
    SessionLease lease = null;
    try {
      lease = runtime.lease(pair.graph().graph(), context);
      provider = lease.executionProvider();
      BatchRunner runner = new BatchRunner(pair.graph().graph(), lease);
      runner.warmUp(context);
      return new Resources(preprocessor, lease, runner, new Batcher(label(), settings, this));
    } catch (Throwable e) {
      if (lease != null) {
        lease.close();
      }
      preprocessor.close();
      throw e;
    }
  }

  /** Takes the generation out of service before it has served, and says why. */
  void quarantine(String why, Throwable cause) {
    reason = why;
    if (state.compareAndSet(State.STARTING, State.QUARANTINED)) {
      LOG.error("{} is in quarantine: {}", this, why, cause);
    }
  }

  /**
   * Takes an item if this generation is READY.
   *
   * @return false if it is not, or not any more
   * @throws ResourceExhaustedException if the queue is full
   */
  boolean offer(Item item) {
    return state.get() == State.READY && resources.batcher().offer(item);
  }

  /**
   * Takes nothing new, finishes what was accepted until the deadline, then closes. Returns at once;
   * {@link #closed} tells the end. Idempotent.
   */
  void drain() {
    State before = state.getAndSet(State.DRAINING);
    leaving.countDown();
    switch (before) {
      case READY ->
          Thread.ofPlatform()
              .daemon()
              .name("sensorium-space-drain-" + label())
              .start(this::finishAndClose);
      case QUARANTINED -> closed.complete(null);
      case STARTING -> {
        // The opening thread finds out and completes the end; a hanging one may heed this.
        Thread thread = opener;
        if (thread != null) {
          thread.interrupt();
        }
      }
      case DRAINING, IDLE -> {
        // Somebody else's drain completes the end; what is idle has no generation.
      }
    }
  }

  private void finishAndClose() {
    Resources held = resources;
    held.batcher().close();
    boolean finished = false;
    try {
      finished = held.batcher().awaitIdle(settings.drainTimeout());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    List<Item> left = held.batcher().abandon();
    if (!finished) {
      LOG.warn(
          "{} did not drain in {}; {} items go on", this, settings.drainTimeout(), left.size());
    }
    giveBack(held);
    closed.complete(null);
    left.forEach(item -> failures.failed(item, new ServiceGoneException(this + " is leaving")));
  }

  private void giveBack(Resources held) {
    held.batcher().abandon();
    try {
      held.preprocessor().close();
    } catch (Exception | LinkageError e) {
      LOG.warn("{} did not close its preprocessor", this, e);
    }
    held.lease().close();
  }

  @Override
  public PreparedItem prepare(Item item) {
    item.context().check("preparing '" + item.request().input().name() + "'");
    Map<String, Tensor> tensors = resources.preprocessor().prepare(item.request().input());
    return new PreparedItem(item, tensors, resources.runner().check(tensors));
  }

  @Override
  public void run(List<PreparedItem> batch) {
    resources.runner().run(batch, this);
  }

  @Override
  public void answered(Item item, Embedding embedding) {
    answered.increment();
    resources.batcher().forget(item);
    answers.execute(() -> item.complete(embedding, this));
  }

  @Override
  public void failed(Item item, Throwable failure) {
    fail(item, failure);
  }

  @Override
  public void fail(Item item, Throwable failure) {
    resources.batcher().forget(item);
    failures.failed(item, described(item, failure));
  }

  private Throwable described(Item item, Throwable failure) {
    String name = item.request().input().name();
    if (failure instanceof SensoriumException) {
      return failure;
    }
    if (state.get() == State.DRAINING) {
      return new ServiceGoneException(this + " left while it worked for '" + name + "'", failure);
    }
    if (failure instanceof OutOfMemoryError) {
      return new ResourceExhaustedException("not enough memory for '" + name + "'", failure);
    }
    return new InferenceException(this + " failed on '" + name + "': " + failure, failure);
  }

  /** How it stands now. */
  EncoderStatus status() {
    Resources held = resources;
    var manifest = pair.graph().model();
    long runs = held == null ? 0 : held.runner().runs();
    long dimension =
        held == null ? pair.graph().declaredDimension() : Math.max(0, held.runner().dimension());
    return new EncoderStatus(
        pair.place().modality(),
        pair.place().space(),
        (int) dimension,
        manifest.id(),
        manifest.version(),
        state.get(),
        provider,
        answered.sum(),
        runs == 0 ? 0 : (double) held.runner().items() / runs);
  }

  private String label() {
    return pair.place().modality() + "-" + pair.graph().model().id();
  }

  /** For instance {@code image in world@1 by world-image 1}. */
  @Override
  public String toString() {
    return pair.toString();
  }
}
