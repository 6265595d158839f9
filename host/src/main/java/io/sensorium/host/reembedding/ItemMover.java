package io.sensorium.host.reembedding;

import io.sensorium.api.RequestContext;
import io.sensorium.api.SensoriumException;
import io.sensorium.api.StorageException;
import io.sensorium.api.index.IndexEntry;
import io.sensorium.api.index.MediaIndex;
import io.sensorium.host.ingest.EntryRenewal;
import io.sensorium.host.ingest.Ingester;
import io.sensorium.host.ingest.Renewal;
import io.sensorium.host.reembedding.ScoreSamples.Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * Moves items, group by group. One thread at a time.
 *
 * <p>The first group is a sample from everywhere, and its pairs of vectors are kept before the
 * first of its items is seen in the new version: from then on scores can be compared.
 */
final class ItemMover {
  private static final int PAGE = 256;

  private final MediaIndex index;
  private final EntryRenewal renewal;
  private final ScoreSamples samples;
  private final Throttle throttle;
  private final Tally tally;
  private final IndexingGate gate;
  private final BooleanSupplier interrupted;
  private final boolean forget;

  /**
   * What a mover works with.
   *
   * @param interrupted whether to stop after the group at hand
   * @param forget whether items that cannot be embedded again are removed
   */
  record Means(
      Ingester.Services services,
      ScoreSamples samples,
      Throttle throttle,
      Tally tally,
      IndexingGate gate,
      BooleanSupplier interrupted,
      boolean forget) {}

  ItemMover(Means means, RequestContext whole) {
    this.index = means.services().index();
    this.renewal = new EntryRenewal(means.services(), whole);
    this.samples = means.samples();
    this.throttle = means.throttle();
    this.tally = means.tally();
    this.gate = means.gate();
    this.interrupted = means.interrupted();
    this.forget = means.forget();
  }

  /**
   * Moves everything that can be moved, unless it is interrupted.
   *
   * @throws SensoriumException if the index takes nothing any more; what it acknowledged stays
   */
  void move(Move move) {
    if (!samples.has(move.sampleKey())) {
      moveSample(move);
    }
    String after = "";
    List<String> page = page(move, after);
    while (!page.isEmpty() && !interrupted.getAsBoolean()) {
      for (int from = 0; from < page.size() && !interrupted.getAsBoolean(); ) {
        int to = Math.min(page.size(), from + throttle.groupSize());
        moveGroup(page.subList(from, to), move);
        from = to;
      }
      after = page.getLast();
      page = page(move, after);
    }
  }

  private List<String> page(Move move, String after) {
    return index.ids(move.from(), move.modality(), after, PAGE);
  }

  /** Nothing of the sample is stored before all of it is embedded. */
  private void moveSample(Move move) {
    List<String> spread = spread(move);
    Map<IndexEntry, Renewal> renewals = new LinkedHashMap<>();
    for (int from = 0; from < spread.size() && !interrupted.getAsBoolean(); ) {
      int to = Math.min(spread.size(), from + throttle.groupSize());
      List<String> group = spread.subList(from, to);
      long started = System.nanoTime();
      renewals.putAll(renew(group, move));
      throttle.rest(group.size(), System.nanoTime() - started);
      from = to;
    }
    if (interrupted.getAsBoolean()) {
      return;
    }
    List<Sample> pairs = new ArrayList<>();
    renewals.forEach(
        (old, renewed) -> {
          if (renewed instanceof Renewal.Renewed one) {
            pairs.add(new Sample(old.embedding(), one.entry().embedding()));
          }
        });
    samples.add(move.sampleKey(), pairs);
    gate.betweenIndexings(() -> store(renewals), interrupted);
  }

  /** Ids at equal distances, so that not all of them come from one folder. */
  private List<String> spread(Move move) {
    long distance = Math.max(1, move.items() / ScoreSamples.ENOUGH);
    List<String> spread = new ArrayList<>();
    long position = 0;
    for (List<String> page = page(move, ""); !page.isEmpty(); page = page(move, page.getLast())) {
      for (String id : page) {
        if (position++ % distance == 0 && spread.size() < ScoreSamples.ENOUGH) {
          spread.add(id);
        }
      }
      if (spread.size() == ScoreSamples.ENOUGH) {
        return spread;
      }
    }
    return spread;
  }

  private void moveGroup(List<String> ids, Move move) {
    AtomicLong startedNanos = new AtomicLong();
    boolean done =
        gate.betweenIndexings(
            () -> {
              startedNanos.set(System.nanoTime());
              store(renew(ids, move));
            },
            interrupted);
    if (done) {
      throttle.rest(ids.size(), System.nanoTime() - startedNanos.get());
      tally.tell(move);
    }
  }

  /** What becomes of the items that still are where they were. */
  private Map<IndexEntry, Renewal> renew(List<String> ids, Move move) {
    List<IndexEntry> entries = new ArrayList<>();
    List<Future<Renewal>> renewals = new ArrayList<>();
    try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (String id : ids) {
        Optional<IndexEntry> entry =
            index.find(id).filter(found -> found.embedding().space().equals(move.from()));
        if (entry.isPresent()) {
          entries.add(entry.get());
          renewals.add(workers.submit(() -> renewal.renew(entry.get(), move.to())));
        }
      }
    }
    Map<IndexEntry, Renewal> outcome = new LinkedHashMap<>();
    for (int i = 0; i < entries.size(); i++) {
      outcome.put(entries.get(i), result(renewals.get(i)));
    }
    return outcome;
  }

  /** The executor has waited for all of them. */
  private static Renewal result(Future<Renewal> renewal) {
    return switch (renewal.state()) {
      case SUCCESS -> renewal.resultNow();
      default ->
          throw renewal.exceptionNow() instanceof RuntimeException cause
              ? cause
              : new IllegalStateException(renewal.exceptionNow());
    };
  }

  /** Stores what nobody has changed meanwhile; a changed item is taken in the next round. */
  private void store(Map<IndexEntry, Renewal> renewals) {
    List<IndexEntry> renewed = new ArrayList<>();
    List<String> gone = new ArrayList<>();
    renewals.forEach(
        (old, renewal) -> {
          if (!index.find(old.id()).equals(Optional.of(old))) {
            return;
          }
          switch (renewal) {
            case Renewal.Renewed one -> renewed.add(one.entry());
            case Renewal.Gone none -> gone.add(old.id());
            case Renewal.Kept kept -> {
              if (forget) {
                gone.add(old.id());
              } else {
                tally.kept(old.id(), kept.reason());
              }
            }
          }
        });
    await(index.put(renewed));
    await(index.delete(gone));
    renewed.forEach(entry -> tally.notKept(entry.id()));
    gone.forEach(tally::notKept);
    tally.moved(renewed.size());
    tally.removed(gone.size());
  }

  private static void await(CompletableFuture<Void> change) {
    try {
      change.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof SensoriumException cause
          ? cause
          : new StorageException("the index did not take a change: " + e.getCause(), e.getCause());
    }
  }
}
