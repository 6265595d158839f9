package io.sensorium.space;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.sensorium.api.Modality;
import io.sensorium.api.RequestContext;
import io.sensorium.api.SensoriumException;
import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.runtime.InferenceRuntime;
import io.sensorium.api.space.EncoderStatus.State;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pairs encoders with graphs and keeps the newest pair of each place serving. Thread-safe;
 * publishes one immutable snapshot.
 *
 * <p>One lock guards the maps. Opening, draining and listeners run outside it, each opening and
 * draining on a thread of its own, so that a plug-in that hangs holds up nobody else.
 */
final class EncoderRegistry implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EncoderRegistry.class);

  private final InferenceRuntime runtime;
  private final EngineSettings settings;
  private final Function<Pair, Generation> generations;
  private final ScheduledExecutorService scheduler;
  private final Runnable onChange;
  private final String defaultSpace;

  // All guarded by the lock.
  private final Object lock = new Object();
  private final Map<Long, EncoderEntry> encoders = new HashMap<>();
  private final Map<Long, List<GraphEntry>> packages = new HashMap<>();
  private final Map<Long, String> runtimes = new HashMap<>();
  private final Map<Pair, Generation> current = new LinkedHashMap<>();
  private final Set<Place> asked = new HashSet<>();
  private final List<Generation> leaving = new ArrayList<>();
  private List<Departure> departures = List.of();

  private volatile Snapshot snapshot = Snapshot.EMPTY;

  /**
   * @param generations makes a generation of a pair
   * @param defaultSpace whose encoders are opened at once; others wait until they are asked for
   * @param onChange called without locks whenever the snapshot has changed
   */
  EncoderRegistry(
      InferenceRuntime runtime,
      EngineSettings settings,
      Function<Pair, Generation> generations,
      ScheduledExecutorService scheduler,
      String defaultSpace,
      Runnable onChange) {
    this.runtime = runtime;
    this.settings = settings;
    this.generations = generations;
    this.scheduler = scheduler;
    this.defaultSpace = defaultSpace;
    this.onChange = onChange;
  }

  Snapshot snapshot() {
    return snapshot;
  }

  void add(EncoderEntry encoder) {
    change(() -> encoders.put(encoder.serviceId(), encoder));
  }

  /**
   * @param graphs of one package, at least one
   */
  void add(List<GraphEntry> graphs) {
    change(() -> packages.put(graphs.getFirst().serviceId(), graphs));
  }

  /** Graphs of that runtime can be run from now on. */
  void addRuntime(long serviceId, String runtime) {
    change(() -> runtimes.put(serviceId, runtime));
  }

  /** Returns when nothing of the runtime is used any more, or at the drain deadline. */
  void removeRuntime(long serviceId) {
    await(change(() -> runtimes.remove(serviceId)));
  }

  /** Opens what is idle for a modality in a space; the snapshot knows when this returns. */
  void wake(Modality modality, String space) {
    change(
        () ->
            graphs()
                .map(GraphEntry::place)
                .filter(place -> place.serves(modality, space))
                .forEach(asked::add));
  }

  private boolean isWanted(Place place) {
    return place.isIn(defaultSpace) || asked.contains(place);
  }

  /** Returns when nothing of the encoder is used any more, or at the drain deadline. */
  void removeEncoder(long serviceId) {
    await(change(() -> encoders.remove(serviceId)));
  }

  /** Returns when nothing of the package is used any more, or at the drain deadline. */
  void removePackage(long serviceId) {
    await(change(() -> packages.remove(serviceId)));
  }

  @Override
  public void close() {
    await(
        change(
            () -> {
              encoders.clear();
              packages.clear();
            }));
  }

  /** Changes the maps and sets everything in motion that follows; answers who leaves. */
  private List<Generation> change(Runnable change) {
    List<Generation> opening = new ArrayList<>();
    List<Generation> draining = new ArrayList<>();
    synchronized (lock) {
      change.run();
      dropUnpaired(draining);
      asked.retainAll(places());
      places().stream().filter(this::isWanted).forEach(place -> choose(place, opening, draining));
      leaving.addAll(draining);
      publish();
    }
    draining.forEach(Generation::drain);
    for (Generation generation : draining) {
      var _ = generation.closed().thenRun(() -> left(generation));
    }
    opening.forEach(this::open);
    onChange.run();
    return draining;
  }

  private void dropUnpaired(List<Generation> draining) {
    long until = System.nanoTime() + settings.swapGrace().toNanos();
    List<Departure> awaited =
        new ArrayList<>(departures.stream().filter(Departure::isAwaited).toList());
    current
        .entrySet()
        .removeIf(
            entry -> {
              Pair pair = entry.getKey();
              boolean paired =
                  encoders.containsKey(pair.encoder().serviceId())
                      && packages.containsKey(pair.graph().serviceId())
                      && isRunnable(pair.graph());
              if (!paired) {
                draining.add(entry.getValue());
                if (entry.getValue().state() != State.QUARANTINED) {
                  awaited.add(new Departure(pair.place(), pair.encoder().reader(), until));
                }
              }
              return !paired;
            });
    if (awaited.size() > departures.size()) {
      var _ =
          scheduler.schedule(this::forgetDepartures, settings.swapGrace().toNanos(), NANOSECONDS);
    }
    departures = awaited;
  }

  private void forgetDepartures() {
    synchronized (lock) {
      departures = departures.stream().filter(Departure::isAwaited).toList();
      publish();
    }
    onChange.run();
  }

  private Stream<GraphEntry> graphs() {
    return packages.values().stream().flatMap(List::stream);
  }

  private boolean isRunnable(GraphEntry graph) {
    String runtime = graph.graph().manifest().runtime();
    return runtime.equals(GraphManifest.ONNX) || runtimes.containsValue(runtime);
  }

  private List<Place> places() {
    return graphs().map(GraphEntry::place).distinct().toList();
  }

  /** Walks the pairs of a place from the newest: opens until one serves, drains what is older. */
  private void choose(Place place, List<Generation> opening, List<Generation> draining) {
    boolean served = false;
    boolean started = false;
    for (Pair pair : pairs(place)) {
      Generation generation = current.get(pair);
      if (served) {
        if (generation != null && generation.state() != State.QUARANTINED) {
          draining.add(current.remove(pair));
        }
      } else if (generation == null && !started) {
        Generation fresh = generations.apply(pair);
        current.put(pair, fresh);
        opening.add(fresh);
        started = true;
      } else if (generation != null) {
        served = generation.state() == State.READY;
        started |= generation.state() == State.STARTING;
      }
    }
  }

  private List<Pair> pairs(Place place) {
    return graphs()
        .filter(graph -> graph.place().equals(place) && isRunnable(graph))
        .flatMap(
            graph ->
                encoders.values().stream()
                    .filter(encoder -> encoder.modality().equals(place.modality()))
                    .map(encoder -> new Pair(encoder, graph)))
        .sorted(Pair.NEWEST_FIRST)
        .toList();
  }

  private void publish() {
    List<Generation> all =
        Stream.concat(current.values().stream(), leaving.stream())
            .sorted(Comparator.comparing(Generation::pair, Pair.NEWEST_FIRST))
            .toList();
    List<MediaClaims.Reader> readers =
        Stream.concat(
                encoders.values().stream()
                    .sorted(Comparator.comparingLong(EncoderEntry::serviceId).reversed())
                    .map(EncoderEntry::reader),
                departures.stream().map(Departure::reader))
            .toList();
    List<Pair> idle =
        places().stream()
            .filter(place -> !isWanted(place))
            .flatMap(place -> pairs(place).stream().limit(1))
            .sorted(Pair.NEWEST_FIRST)
            .toList();
    snapshot = new Snapshot(snapshot.version() + 1, all, idle, departures, MediaClaims.of(readers));
  }

  private void open(Generation generation) {
    var timeout =
        scheduler.schedule(
            () -> {
              generation.quarantine(
                  "it did not open within " + settings.openTimeout(), new TimeoutException());
              change(() -> {});
            },
            settings.openTimeout().toNanos(),
            NANOSECONDS);
    Thread.ofPlatform()
        .daemon()
        .name("sensorium-space-open-" + generation.pair().place().modality())
        .start(
            () -> {
              generation.open(runtime);
              timeout.cancel(false);
              change(() -> {});
            });
  }

  /** A generation is gone: closes its session too, unless the same graph goes on serving. */
  private void left(Generation gone) {
    GraphEntry graph = gone.pair().graph();
    boolean retire;
    synchronized (lock) {
      leaving.remove(gone);
      publish();
      retire = !isUsed(graph) && !isNext(graph);
    }
    onChange.run();
    if (retire) {
      try {
        runtime.retire(graph.graph(), RequestContext.within(settings.drainTimeout()));
      } catch (SensoriumException e) {
        LOG.warn("the session of {} cannot be closed", graph.graph(), e);
      }
    }
  }

  private boolean isUsed(GraphEntry graph) {
    return Stream.concat(current.values().stream(), leaving.stream())
        .anyMatch(generation -> generation.pair().graph().isSameModel(graph));
  }

  /** Answers whether the graph would serve as soon as an encoder comes. */
  private boolean isNext(GraphEntry graph) {
    return isRunnable(graph)
        && graphs().anyMatch(graph::isSameModel)
        && current.keySet().stream().noneMatch(pair -> pair.place().equals(graph.place()));
  }

  private void await(List<Generation> draining) {
    CompletableFuture<?> all =
        CompletableFuture.allOf(
            draining.stream().map(Generation::closed).toArray(CompletableFuture[]::new));
    try {
      all.get(settings.drainTimeout().plusSeconds(1).toNanos(), NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.warn("gave up waiting for {}", draining);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
