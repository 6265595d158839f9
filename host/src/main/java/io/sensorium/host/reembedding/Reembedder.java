package io.sensorium.host.reembedding;

import io.sensorium.api.RequestContext;
import io.sensorium.api.SensoriumException;
import io.sensorium.api.StorageException;
import io.sensorium.api.index.MediaIndex;
import io.sensorium.api.model.ModelRepository;
import io.sensorium.api.space.EncoderStatus;
import io.sensorium.api.space.SpaceId;
import io.sensorium.host.api.ReembeddingOptions;
import io.sensorium.host.api.ReembeddingStatus;
import io.sensorium.host.api.ReembeddingStatus.Change;
import io.sensorium.host.api.ReembeddingStatus.State;
import io.sensorium.host.ingest.Ingester;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that every item lives in the newest version of its space that can take it, and that
 * versions without items go. Thread-safe; close ends the work after the group at hand.
 */
public final class Reembedder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Reembedder.class);
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long RETRY_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long UNKNOWN = -1;
  private static final Duration ENDLESS = Duration.ofDays(365);

  private final ReembeddingOptions options;
  private final Supplier<Ingester.Services> services;
  private final Foreground foreground;
  private final ScoreSamples samples;
  private final Path pauseFile;
  private final Tally tally = new Tally();
  private final PatienceClock patience;
  private final ReentrantLock working = new ReentrantLock();
  private final IndexingGate gate = new IndexingGate();
  private final VersionRetirement retirement;
  private final AtomicInteger hurrying = new AtomicInteger();
  private final RequestContext whole = RequestContext.within(ENDLESS);
  private volatile boolean moving;
  private volatile boolean paused;
  private volatile boolean closed;
  private Thread thread;

  // Guarded by the lock.
  private long retryAtNanos;
  private long leftItems = UNKNOWN;

  /**
   * @param services what items are embedded with, asked for anew for each round
   * @param models where packages are retired
   * @param folder for what is remembered between starts
   */
  public Reembedder(
      ReembeddingOptions options,
      Supplier<Ingester.Services> services,
      Supplier<ModelRepository> models,
      Foreground foreground,
      Path folder) {
    this.options = options;
    this.services = services;
    this.retirement = new VersionRetirement(options.kept(), models, gate, tally);
    this.foreground = foreground;
    this.samples = ScoreSamples.load(folder.resolve("samples"));
    this.pauseFile = folder.resolve("paused");
    this.paused = Files.exists(pauseFile);
    this.patience = new PatienceClock(options.patience());
  }

  /** Starts to work in the background, if the options say so. */
  public void start() {
    if (options.automatic()) {
      thread = Thread.ofPlatform().daemon().name("sensorium-reembedding").start(this::work);
    }
  }

  /** How scores of different versions compare. */
  public ScoreSamples samples() {
    return samples;
  }

  /** Runs an indexing; nothing moves meanwhile. */
  public <T> T whileIndexing(Supplier<T> run) {
    return gate.whileIndexing(run);
  }

  private void work() {
    while (!closed) {
      try {
        if (!paused && hurrying.get() == 0) {
          round(false, this::isInterrupted);
        }
      } catch (SensoriumException | IllegalStateException e) {
        // Services come and go while bundles are changed; the next look finds them again.
        LOG.debug("re-embedding waits", e);
      } catch (RuntimeException e) {
        LOG.warn("re-embedding failed and tries again", e);
      }
      long until = System.nanoTime() + LOOK_NANOS;
      while (!closed && System.nanoTime() < until) {
        LockSupport.parkNanos(this, SLICE_NANOS);
      }
    }
  }

  private boolean isInterrupted() {
    return closed || paused || hurrying.get() > 0;
  }

  /** Does what can be done now. */
  private void round(boolean forget, BooleanSupplier interrupted) {
    working.lock();
    try {
      Ingester.Services now = services.get();
      List<EncoderStatus> encoders = now.embeddings().encoders();
      patience.look(encoders);
      List<SpacePlan> plans = plans(now.index(), encoders);
      if (isWorthMoving(plans)) {
        leftItems = UNKNOWN;
        move(plans, now, forget, interrupted);
        plans = plans(now.index(), encoders);
        if (!interrupted.getAsBoolean()) {
          leftItems = items(plans);
          retryAtNanos = System.nanoTime() + RETRY_NANOS;
        }
      }
      retirement.look(unneeded(plans), now.index());
      if (leftItems == 0) {
        samples.retain(now.index().spaces());
      }
    } finally {
      working.unlock();
    }
  }

  private static Set<SpaceId> unneeded(List<SpacePlan> plans) {
    Set<SpaceId> unneeded = new HashSet<>();
    plans.forEach(plan -> unneeded.addAll(plan.unneeded()));
    return unneeded;
  }

  /** Takes older versions out of service that have no items, after a model was installed. */
  public void tidy() {
    working.lock();
    try {
      Ingester.Services now = services.get();
      retirement.now(unneeded(plans(now.index(), now.embeddings().encoders())), now.index());
    } finally {
      working.unlock();
    }
  }

  /** What could not be moved is tried again when something has changed, or after a while. */
  private boolean isWorthMoving(List<SpacePlan> plans) {
    long items = items(plans);
    return items > 0
        && (items != leftItems || hurrying.get() > 0 || System.nanoTime() - retryAtNanos >= 0);
  }

  private static long items(List<SpacePlan> plans) {
    return plans.stream().flatMap(plan -> plan.moves().stream()).mapToLong(Move::items).sum();
  }

  /** A plan for each space of which several versions are there, or hold items. */
  private List<SpacePlan> plans(MediaIndex index, List<EncoderStatus> encoders) {
    Set<SpaceId> populated = index.spaces();
    Set<SpaceId> all = new HashSet<>(populated);
    encoders.forEach(encoder -> all.add(encoder.space()));
    Set<String> names = new TreeSet<>();
    all.forEach(
        one -> {
          if (all.stream().anyMatch(other -> one.isNewerThan(other))) {
            names.add(one.name());
          }
        });
    if (names.isEmpty()) {
      return List.of();
    }
    index.refresh();
    Set<SpaceId> hurried = hurrying.get() > 0 ? all : patience.over();
    return names.stream()
        .map(name -> SpacePlan.of(name, encoders, index, index.spaces(), hurried))
        .toList();
  }

  private void move(
      List<SpacePlan> plans, Ingester.Services now, boolean forget, BooleanSupplier interrupted) {
    ItemMover.Means means =
        new ItemMover.Means(
            now,
            samples,
            new Throttle(options.share(), foreground, () -> hurrying.get() > 0 || closed),
            tally,
            gate,
            interrupted,
            forget);
    ItemMover mover = new ItemMover(means, whole);
    tally.begin();
    moving = true;
    try {
      for (Move move : plans.stream().flatMap(plan -> plan.moves().stream()).toList()) {
        if (!interrupted.getAsBoolean()) {
          LOG.info("moving {} {}", move.items(), move);
          mover.move(move);
          now.index().refresh();
          LOG.info("{}: {} moved, {} stay", move, tally.movedItems(), tally.keptItems());
        }
      }
    } finally {
      moving = false;
      tally.end();
    }
  }

  /**
   * Moves everything now, on the whole machine, and returns when no more can be done.
   *
   * @param forget whether items that cannot be embedded again are removed
   * @param progress told a few times a second
   * @throws io.sensorium.api.RequestCancelledException once cancelled; what was moved stays so
   */
  public ReembeddingStatus now(
      boolean forget, Consumer<ReembeddingStatus> progress, RequestContext context) {
    hurrying.incrementAndGet();
    try (ProgressTeller _ = new ProgressTeller(this::status, progress)) {
      long before;
      do {
        before = tally.movedItems() + tally.removedItems();
        round(forget, () -> closed || context.isOver());
        context.check("re-embedding the rest");
        LockSupport.parkNanos(this, SLICE_NANOS);
      } while (!closed
          && (tally.movedItems() + tally.removedItems() > before || retirement.isDue()));
      return status();
    } finally {
      hurrying.decrementAndGet();
    }
  }

  /** Stops after the group at hand, until {@link #resume}, in later starts as well. */
  public void pause() {
    paused = true;
    try {
      Files.createDirectories(pauseFile.getParent());
      if (!Files.exists(pauseFile)) {
        Files.createFile(pauseFile);
      }
    } catch (IOException e) {
      throw new StorageException("the pause cannot be remembered: " + e.getMessage(), e);
    }
  }

  /** Goes on. */
  public void resume() {
    try {
      Files.deleteIfExists(pauseFile);
    } catch (IOException e) {
      throw new StorageException("the pause cannot be forgotten: " + e.getMessage(), e);
    }
    paused = false;
  }

  /** How far it is. */
  public ReembeddingStatus status() {
    Ingester.Services now = services.get();
    List<Change> changes =
        plans(now.index(), now.embeddings().encoders()).stream()
            .flatMap(plan -> plan.changes().stream())
            .toList();
    long left = changes.stream().mapToLong(Change::items).sum();
    double rate = tally.perSecond();
    return new ReembeddingStatus(
        state(changes),
        changes,
        tally.movedItems(),
        tally.removedItems(),
        rate,
        rate > 0 ? left / rate : 0,
        tally.keptShown(),
        tally.droppedVersions());
  }

  private State state(List<Change> changes) {
    if (moving) {
      return State.RUNNING;
    }
    if (paused) {
      return State.PAUSED;
    }
    return changes.isEmpty() && !retirement.isDue() ? State.DONE : State.WAITING;
  }

  @Override
  public void close() {
    closed = true;
    whole.cancel();
    if (thread != null) {
      try {
        thread.join(TimeUnit.SECONDS.toMillis(10));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
