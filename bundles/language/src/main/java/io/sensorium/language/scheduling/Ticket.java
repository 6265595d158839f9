package io.sensorium.language.scheduling;

import io.sensorium.api.RequestContext;
import io.sensorium.api.language.Generation;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A request as somebody outside sees it: who listens, until when, and the answer. Thread-safe.
 *
 * <p>Pieces of text wait in the ticket until the listener has taken those before them, on a thread
 * that nobody else waits for; there are never more of them than tokens were asked for.
 */
public final class Ticket {
  private final Job job;
  private final Consumer<String> listener;
  private final RequestContext context;
  private final Executor outside;
  private final CompletableFuture<Generation> answer = new CompletableFuture<>();
  private final AtomicBoolean settled = new AtomicBoolean();
  private volatile boolean prepared;

  // Guarded by itself.
  private final Queue<Runnable> telling = new ArrayDeque<>();

  /**
   * @param outside runs listeners and whatever hangs on the answer
   */
  public Ticket(Job job, Consumer<String> listener, RequestContext context, Executor outside) {
    this.job = job;
    this.listener = listener;
    this.context = context;
    this.outside = outside;
    var _ = answer.whenComplete((generation, failure) -> settled.set(true));
  }

  Job job() {
    return job;
  }

  /** The deadline and cancellation of the request. */
  public RequestContext context() {
    return context;
  }

  /** The answer, which is completed outside. */
  public CompletableFuture<Generation> answer() {
    return answer;
  }

  /** Answers whether nobody waits for the answer any more. */
  boolean isSettled() {
    return settled.get();
  }

  /** Fails the request if its time is over. */
  public void failIfOver() {
    if (context.isOver()) {
      try {
        context.check("the text was finished");
      } catch (RuntimeException over) {
        fail(over);
      }
    }
  }

  /** Fails the request, unless it is answered. */
  public void fail(Throwable failure) {
    if (settled.compareAndSet(false, true)) {
      outside.execute(() -> answer.completeExceptionally(failure));
    }
  }

  /**
   * Prepares the job.
   *
   * @param then called when it is prepared or failed
   */
  void prepare(Runnable then) {
    outside.execute(
        () -> {
          try {
            if (!settled.get()) {
              job.prepare();
            }
          } catch (Throwable failure) {
            fail(failure);
          }
          prepared = true;
          then.run();
        });
  }

  /** Answers whether the job can begin, or has failed. */
  boolean isPrepared() {
    return prepared;
  }

  void tell(String piece) {
    if (!piece.isEmpty()) {
      outside(
          () -> {
            if (!settled.get()) {
              listener.accept(piece);
            }
          });
    }
  }

  /** Answers the request once everything is told. */
  void succeed(Generation generation) {
    outside(
        () -> {
          if (settled.compareAndSet(false, true)) {
            answer.complete(generation);
          }
        });
  }

  private void outside(Runnable next) {
    synchronized (telling) {
      telling.add(next);
      if (telling.size() > 1) {
        return;
      }
    }
    outside.execute(this::tellAll);
  }

  private void tellAll() {
    Runnable next;
    do {
      synchronized (telling) {
        next = telling.element();
      }
      try {
        next.run();
      } catch (Throwable failure) {
        fail(failure);
      }
      synchronized (telling) {
        telling.remove();
        next = telling.peek();
      }
    } while (next != null);
  }
}
