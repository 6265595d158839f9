package io.sensorium.space;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.ResourceExhaustedException;
import io.sensorium.api.SensoriumException;
import io.sensorium.api.encoder.Preprocessor;
import io.sensorium.api.lifecycle.Step;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.runtime.InferenceRuntime;
import io.sensorium.api.runtime.SessionLease;
import io.sensorium.api.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * The way of one pair towards service, step by step. Done once, by one thread; {@link #abandon} may
 * be called by others.
 *
 * <p>Where the memory is held by the generation that serves, the preprocessor is opened and tested
 * first, so that a plug-in that is broken there never costs the one that works.
 */
final class Opening {
  private static final int LEASE_ATTEMPTS = 20;
  private static final long RETRY_PAUSE_MILLIS = 100;

  /** What a generation serves with. */
  record Opened(Preprocessor preprocessor, SessionLease lease, BatchRunner runner) {}

  private final Pair pair;
  private final InferenceRuntime runtime;
  private final RequestContext context;
  private final Room room;
  private final AtomicReference<SessionLease> held = new AtomicReference<>();
  private final CountDownLatch abandoned = new CountDownLatch(1);

  Opening(Pair pair, InferenceRuntime runtime, RequestContext context, Room room) {
    this.pair = pair;
    this.runtime = runtime;
    this.context = context;
    this.room = room;
  }

  /**
   * Goes all the steps. When one throws, everything acquired is given back.
   *
   * @param begin told of each step before its work
   */
  Opened run(Consumer<Step> begin) throws InterruptedException {
    Preprocessor preprocessor = null;
    try {
      begin.accept(Step.ADMIT);
      Optional<SessionLease> admitted = room.isShort() ? Optional.empty() : leaseBesideOlder();
      begin.accept(Step.LOAD);
      preprocessor = openPreprocessor();
      begin.accept(Step.SELF_TEST);
      List<Map<String, Tensor>> reproduced = RecordedCases.reproduce(graph(), preprocessor);
      SessionLease lease = admitted.isPresent() ? admitted.get() : leaseInsteadOfOlder(begin);
      BatchRunner runner = new BatchRunner(graph(), lease);
      reproduced.forEach(item -> runner.tryOut(item, context));
      begin.accept(Step.WARM_UP);
      runner.warmUp(context);
      return new Opened(preprocessor, lease, runner);
    } catch (Throwable e) {
      closeLease();
      if (preprocessor != null) {
        closeAfter(e, preprocessor);
      }
      throw e;
    }
  }

  /** Gives the lease back now, whatever the opening thread hangs in, and any that it gets later. */
  void abandon() {
    abandoned.countDown();
    closeLease();
  }

  private ModelGraph graph() {
    return pair.graph().graph();
  }

  private Preprocessor openPreprocessor() {
    Preprocessor preprocessor = pair.encoder().encoder().open(graph());
    if (preprocessor == null) {
      throw new ModelLoadException("the encoder answered no preprocessor for " + pair);
    }
    return preprocessor;
  }

  /** Tries again where a failure may pass; empty if an older generation has the memory. */
  private Optional<SessionLease> leaseBesideOlder() throws InterruptedException {
    room.awaitRetired();
    for (int attempt = 1; ; attempt++) {
      try {
        return Optional.of(hold(runtime.lease(graph(), context)));
      } catch (SensoriumException e) {
        if (e instanceof ResourceExhaustedException && room.isHeldByOlder()) {
          return Optional.empty();
        }
        boolean hopeless = !e.retriable() || attempt == LEASE_ATTEMPTS || context.isOver();
        if (hopeless || abandoned.await(RETRY_PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
          throw e;
        }
      }
    }
  }

  private SessionLease leaseInsteadOfOlder(Consumer<Step> begin) throws InterruptedException {
    room.take();
    begin.accept(Step.ADMIT);
    return leaseBesideOlder()
        .orElseThrow(
            () ->
                new ResourceExhaustedException(
                    "there is no room for %s, nor did the generation before it leave any"
                        .formatted(pair)));
  }

  private SessionLease hold(SessionLease lease) {
    held.set(lease);
    if (abandoned.getCount() == 0) {
      closeLease();
    }
    return lease;
  }

  private void closeLease() {
    SessionLease lease = held.getAndSet(null);
    if (lease != null) {
      lease.close();
    }
  }

  private static void closeAfter(Throwable failure, Preprocessor preprocessor) {
    try {
      preprocessor.close();
    } catch (Throwable another) {
      failure.addSuppressed(another);
    }
  }
}
