package io.sensorium.space;

import io.sensorium.api.DeadlineExceededException;
import io.sensorium.api.Modality;
import io.sensorium.api.RequestCancelledException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.ServiceGoneException;
import io.sensorium.api.lifecycle.LifecycleListeners;
import io.sensorium.api.media.MediaDecoder;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.memory.MemoryLedger;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.runtime.InferenceRuntime;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.EmbeddingService;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.api.space.EncoderStatus;
import io.sensorium.api.space.FeatureService;
import io.sensorium.api.space.Features;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sends each request to the newest generation that answers for it, and again if that one leaves.
 * Thread-safe.
 */
final class EmbeddingEngine implements EmbeddingService, FeatureService, AutoCloseable {
  private final MediaDecoder decoder;
  private final String defaultSpace;
  private final ScheduledThreadPoolExecutor scheduler;
  private final Executor answers;
  private final EncoderRegistry registry;

  /** Whose encoders may be gone, for a while or for good. */
  private final Set<String> servedSpaces = ConcurrentHashMap.newKeySet();

  private final WaitingRoom waitingRoom;
  private final DeadlineWatch watch;
  private volatile boolean closed;

  /**
   * @param space the default space
   */
  EmbeddingEngine(
      InferenceRuntime runtime,
      MemoryLedger ledger,
      MediaDecoder decoder,
      EngineSettings settings,
      String space,
      LifecycleListeners listeners) {
    this.decoder = decoder;
    this.defaultSpace = space;
    scheduler =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("sensorium-space-clock").factory());
    scheduler.setRemoveOnCancelPolicy(true);
    // A request that comes while the engine closes is refused by the route, not by the clock.
    scheduler.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    ThreadFactory threads = Thread.ofVirtual().name("sensorium-space-answer-", 0).factory();
    answers = task -> threads.newThread(task).start();
    waitingRoom = new WaitingRoom(settings);
    watch = new DeadlineWatch(scheduler, answers);
    registry =
        new EncoderRegistry(
            runtime,
            ledger,
            new EngineContext(settings, answers, listeners, this::failed),
            scheduler,
            space,
            this::routeWaiting);
  }

  EncoderRegistry registry() {
    return registry;
  }

  String defaultSpace() {
    return defaultSpace;
  }

  @Override
  public CompletableFuture<Embedding> embedAsync(EncodeRequest request, RequestContext context) {
    return submit(request, context).answer();
  }

  @Override
  public Embedding embed(EncodeRequest request, RequestContext context) {
    return await(submit(request, context));
  }

  @Override
  public Features features(
      EncodeRequest request, Optional<String> tokenOutput, RequestContext context) {
    Item item = submit(request, tokenOutput, context);
    Embedding embedding = await(item);
    GraphEntry graph = item.answeredBy().orElseThrow().pair().graph();
    if (tokenOutput.isPresent() && item.tokens().isEmpty()) {
      throw new IllegalArgumentException(
          "the encoder must give '%s' float32[n,tokens,width]; it gives %s (model %s)"
              .formatted(
                  tokenOutput.get(), graph.graph().manifest().outputs(), graph.graph().model()));
    }
    ModelManifest encoder = graph.model();
    return new Features(embedding, item.tokens(), encoder.id(), encoder.version());
  }

  /** Starts a request; failures are in its answer. */
  Item submit(EncodeRequest request, RequestContext context) {
    return submit(request, Optional.empty(), context);
  }

  private Item submit(EncodeRequest request, Optional<String> tokenOutput, RequestContext context) {
    Objects.requireNonNull(request, "request");
    Item item = new Item(request, tokenOutput, Objects.requireNonNull(context, "context"));
    item.failIfOver("queueing '" + request.input().name() + "'");
    if (!item.isDone()) {
      watch.watch(item);
      route(item);
    }
    return item;
  }

  /** Waits for a request and throws what it failed with. */
  Embedding await(Item item) {
    try {
      long nanos = Math.max(0, item.context().remainingNanos());
      return item.answer().get(nanos, TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException("an answer failed unexpectedly", e.getCause());
    } catch (TimeoutException e) {
      DeadlineExceededException late =
          new DeadlineExceededException("deadline passed before it was answered");
      item.fail(late);
      throw late;
    } catch (CancellationException e) {
      throw new RequestCancelledException("request cancelled before it was answered", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      RequestCancelledException interrupted =
          new RequestCancelledException("the caller was interrupted while it waited", e);
      item.fail(interrupted);
      throw interrupted;
    }
  }

  @Override
  public Optional<Modality> modalityOf(MediaInput input) {
    return registry.snapshot().claims().modalityOf(input.name(), decoder.identify(input));
  }

  @Override
  public List<EncoderStatus> encoders() {
    return registry.snapshot().statuses();
  }

  private void route(Item item) {
    try {
      while (!item.isDone() && !isTaken(item)) {
        // Whoever refused has left, or has just been woken; the next look finds a reason to wait.
      }
    } catch (RuntimeException e) {
      item.fail(e);
    }
  }

  private boolean isTaken(Item item) {
    Modality modality = item.request().modality();
    Snapshot seen = registry.snapshot();
    String space = VersionChoice.of(seen, modality, item.request().space().orElse(defaultSpace));
    Optional<Generation> ready = seen.ready(modality, space);
    if (ready.isPresent()) {
      servedSpaces.add(space);
      return ready.get().offer(item);
    }
    if (!closed && seen.isIdle(modality, space)) {
      registry.wake(modality, space);
      return false;
    }
    if (closed || !seen.isAwaited(modality, space)) {
      // A generation's state runs ahead of the snapshot: who drains now may have a successor.
      if (!closed && registry.snapshot().version() != seen.version()) {
        return false;
      }
      throw refusal(seen, modality, space);
    }
    waitingRoom.add(item);
    // What has changed since the look would not wake the item any more.
    boolean missedChange = closed || registry.snapshot().version() != seen.version();
    return !missedChange || !waitingRoom.take(item);
  }

  private RuntimeException refusal(Snapshot seen, Modality modality, String space) {
    boolean known =
        seen.knowsSpace(space) || space.equals(defaultSpace) || servedSpaces.contains(space);
    if (!known && !closed) {
      return new IllegalArgumentException(
          "no such space: '%s'; %s".formatted(space, seen.inventory()));
    }
    return new ServiceGoneException(
        "no encoder for %s in space '%s'; %s".formatted(modality, space, seen.inventory()));
  }

  private void routeWaiting() {
    waitingRoom.takeAll().forEach(this::route);
  }

  private void failed(Item item, Throwable failure) {
    if (failure instanceof ServiceGoneException && !closed && item.mayBeRoutedAgain()) {
      route(item);
    } else {
      answers.execute(() -> item.fail(failure));
    }
  }

  /** Finishes what was accepted, until the drain deadline, and fails the rest. */
  @Override
  public void close() {
    closed = true;
    registry.close();
    waitingRoom
        .takeAll()
        .forEach(item -> item.fail(new ServiceGoneException("the space is closing")));
    scheduler.shutdownNow();
  }
}
