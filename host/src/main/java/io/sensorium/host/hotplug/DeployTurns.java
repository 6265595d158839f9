package io.sensorium.host.hotplug;

import io.sensorium.host.launch.Problems;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what the watcher of the deploy folder asks for, on threads of its own: what is asked for one
 * file happens in the order in which it was asked for, other files' side by side, so that one that
 * hangs keeps no other waiting. Thread-safe.
 */
final class DeployTurns implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DeployTurns.class);

  /** As many files that hang can lie there before the others wait for the limit of a start. */
  static final int AT_ONCE = 8;

  private static final long IDLE_SECONDS = 5;
  private static final long END_SECONDS = 5;

  private final ThreadPoolExecutor executor;

  // Guarded by this.
  private final Map<Path, CompletableFuture<Void>> last = new HashMap<>();
  private boolean closed;

  DeployTurns() {
    this.executor =
        new ThreadPoolExecutor(
            AT_ONCE,
            AT_ONCE,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            threads());
    // A host in which nothing is dropped keeps no threads for it.
    executor.allowCoreThreadTimeOut(true);
  }

  private static ThreadFactory threads() {
    ThreadFactory named = Thread.ofPlatform().daemon().name("sensorium-deploy-", 1).factory();
    return work -> {
      Thread thread = named.newThread(work);
      thread.setContextClassLoader(DeployTurns.class.getClassLoader());
      return thread;
    };
  }

  /** Does the work after everything that was asked for this file before; after the end, nothing. */
  synchronized void add(Path file, Runnable work) {
    if (closed) {
      return;
    }
    CompletableFuture<Void> turn =
        last.getOrDefault(file, CompletableFuture.completedFuture(null))
            .handleAsync((nothing, failure) -> reporting(file, work), executor);
    last.put(file, turn);
    var _ = turn.whenComplete((nothing, failure) -> forget(file, turn));
  }

  private static Void reporting(Path file, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      LOG.warn("{} could not be seen to: {}", file, Problems.line(e), e);
    }
    return null;
  }

  private synchronized void forget(Path file, CompletableFuture<Void> turn) {
    last.remove(file, turn);
  }

  private synchronized List<CompletableFuture<Void>> running() {
    return List.copyOf(last.values());
  }

  /** Waits until everything that was asked for is done. Each plug-in's steps have limits. */
  void awaitIdle() throws InterruptedException {
    for (var turns = running(); !turns.isEmpty(); turns = running()) {
      for (CompletableFuture<Void> turn : turns) {
        try {
          turn.get();
        } catch (ExecutionException e) {
          // An error, which ended that turn alone.
          LOG.warn("a file of the deploy folder could not be seen to", e.getCause());
        }
      }
    }
  }

  /**
   * Interrupts what is being done, and does no more: the next start looks at the folder anew. Waits
   * a few seconds for what is being put back.
   */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      last.clear();
    }
    executor.shutdownNow();
    try {
      if (!executor.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("taking in what lies in the deploy folder does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
