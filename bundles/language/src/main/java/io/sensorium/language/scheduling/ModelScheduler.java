package io.sensorium.language.scheduling;

import io.sensorium.api.ResourceExhaustedException;
import io.sensorium.api.language.LanguageModelStatus.Load;
import io.sensorium.api.runtime.Reclaimable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives all requests to one model on a thread of its own, which opens the model first and closes
 * it last: when nobody needs it any more, or when others need its memory and it has nothing to do.
 * Requests join and leave between steps. Thread-safe.
 *
 * <p>Of those that are prepared, whoever came first gets a place first. A request that needs more
 * places than are free is overtaken by as many others as the model has places, and then by nobody.
 */
public final class ModelScheduler implements Reclaimable {
  private static final Logger LOG = LoggerFactory.getLogger(ModelScheduler.class);

  private final String name;
  private final Supplier<OpenedModel> opening;
  private final SchedulerSettings settings;
  private final Tally tally;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Object lock = new Object();

  // All guarded by the lock.
  private final WaitingLine waiting = new WaitingLine();
  private List<Ticket> running = List.of();
  private boolean open;
  private boolean draining;
  private boolean over;
  private long idleSinceNanos = System.nanoTime();

  private volatile SchedulerFigures figures = SchedulerFigures.CLOSED;

  /**
   * @param name of the model, for messages
   * @param opening opens the model, on the scheduler's thread; what it throws fails every request
   *     that waits
   * @param tally of the model
   */
  public ModelScheduler(
      String name, Supplier<OpenedModel> opening, SchedulerSettings settings, Tally tally) {
    this.tally = tally;
    this.name = name;
    this.opening = opening;
    this.settings = settings;
  }

  /** Starts the thread. */
  public void start() {
    Thread.ofPlatform().daemon().name("sensorium-language-" + name).start(this::run);
  }

  /**
   * Takes a request.
   *
   * @return false if the scheduler takes none any more
   * @throws ResourceExhaustedException if the queue is full
   */
  public boolean submit(Ticket ticket) {
    synchronized (lock) {
      if (draining || over) {
        return false;
      }
      if (waiting.size() >= settings.queuedRequests()) {
        waiting.removeSettled();
      }
      if (waiting.size() >= settings.queuedRequests()) {
        throw new ResourceExhaustedException(
            "at most %d requests may wait for model %s; so many do"
                .formatted(settings.queuedRequests(), name));
      }
      waiting.add(ticket);
      lock.notifyAll();
      if (!open) {
        return true;
      }
    }
    ticket.prepare(this::wake);
    return true;
  }

  /** Has its thread look again for what there is to do. */
  public void wake() {
    synchronized (lock) {
      lock.notifyAll();
    }
  }

  @Override
  public int priority() {
    return 0;
  }

  @Override
  public Duration idle() {
    synchronized (lock) {
      return waiting.isEmpty() && running.isEmpty()
          ? Duration.ofNanos(System.nanoTime() - idleSinceNanos)
          : Duration.ZERO;
    }
  }

  /** What it has to do now. */
  public Load load() {
    int queued;
    synchronized (lock) {
      waiting.removeSettled();
      queued = waiting.size();
    }
    SchedulerFigures now = figures;
    return new Load(
        now.sequences(),
        now.taken(),
        now.kept(),
        now.running(),
        queued,
        now.promptBacklog(),
        tally.answerTokensPerSecond());
  }

  /** Takes nothing new from now on, and ends once everything accepted is answered. */
  public void drain() {
    synchronized (lock) {
      draining = true;
      lock.notifyAll();
    }
  }

  /** As {@link #drain}, if there is nothing to do. */
  @Override
  public boolean reclaim() {
    synchronized (lock) {
      if (!waiting.isEmpty() || !running.isEmpty()) {
        return false;
      }
      drain();
      return true;
    }
  }

  /** Fails everything accepted, and ends within a step. */
  public void abort(Supplier<? extends RuntimeException> reason) {
    List<Ticket> unanswered = new ArrayList<>();
    synchronized (lock) {
      draining = true;
      unanswered.addAll(waiting.tickets());
      unanswered.addAll(running);
      lock.notifyAll();
    }
    unanswered.forEach(ticket -> ticket.fail(reason.get()));
  }

  /** Waits until the model is closed; answers whether it is. */
  public boolean awaitEnd(Duration patience) {
    try {
      return ended.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void run() {
    try (OpenedModel opened = opening.get();
        ModelTurns turns = new ModelTurns(opened.model(), opened.sequences(), settings, tally)) {
      opened.model().reclaimableBy(this);
      List<Ticket> early;
      synchronized (lock) {
        open = true;
        early = waiting.tickets();
      }
      figures = turns.figures();
      early.forEach(ticket -> ticket.prepare(this::wake));
      serve(turns);
    } catch (Throwable failure) {
      LOG.debug("model {} ends", name, failure);
      end(failure);
    } finally {
      end(new IllegalStateException("model " + name + " has ended"));
      ended.countDown();
    }
  }

  private void serve(ModelTurns turns) throws InterruptedException {
    while (awaitWork(turns)) {
      Optional<Ticket> next = nextTicket(turns);
      while (next.isPresent()) {
        turns.begin(next.get());
        next = nextTicket(turns);
      }
      figures = turns.figures();
      turns.step();
      figures = turns.figures();
    }
  }

  /** Answers false once there is nothing to do and never will be. */
  private boolean awaitWork(ModelTurns turns) throws InterruptedException {
    synchronized (lock) {
      running = turns.tickets();
      waiting.removeSettled();
      while (running.isEmpty() && !waiting.hasPrepared() && !turns.hasLeaving()) {
        if (waiting.isEmpty()) {
          idleSinceNanos = System.nanoTime();
          if (draining) {
            over = true;
            return false;
          }
        }
        lock.wait();
      }
      return true;
    }
  }

  private Optional<Ticket> nextTicket(ModelTurns turns) {
    synchronized (lock) {
      running = turns.tickets();
      waiting.removeSettled();
      return waiting.next(turns::hasRoomFor, turns.places());
    }
  }

  private void end(Throwable failure) {
    List<Ticket> left;
    synchronized (lock) {
      over = true;
      left = new ArrayList<>(waiting.tickets());
      left.addAll(running);
      waiting.clear();
      running = List.of();
    }
    figures = SchedulerFigures.CLOSED;
    left.forEach(ticket -> ticket.fail(failure));
  }
}
