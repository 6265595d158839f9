package io.sensorium.backend.transformer;

import io.sensorium.api.RequestContext;
import io.sensorium.api.ResourceExhaustedException;
import io.sensorium.api.language.AdaptableDecoder;
import io.sensorium.api.language.AdaptableDecoder.Size;
import io.sensorium.api.language.LoadedAdapter;
import io.sensorium.api.language.LowRankAdapter;
import io.sensorium.api.language.LowRankAdapter.Factors;
import io.sensorium.api.memory.MemoryKind;
import io.sensorium.api.memory.MemoryLedger;
import io.sensorium.api.memory.MemoryRequest;
import io.sensorium.api.memory.Reservation;
import io.sensorium.api.runtime.BoundRun;
import io.sensorium.api.runtime.ResidentSession;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The low-rank adapters beside one model. One thread at a time. */
final class AdapterStore implements AutoCloseable {
  private final AdaptableDecoder decoder;
  private final ResidentSession session;
  private final MemoryLedger ledger;
  private final Map<String, LowRankStack> stacks = new HashMap<>();
  private final Map<Integer, Loaded> places = new LinkedHashMap<>();

  /**
   * @param ledger where their memory is reserved
   */
  AdapterStore(AdaptableDecoder decoder, ResidentSession session, MemoryLedger ledger) {
    this.decoder = decoder;
    this.session = session;
    this.ledger = ledger;
  }

  Loaded load(LowRankAdapter adapter, RequestContext context) {
    adapter.linears().forEach((name, factors) -> check(adapter, name, factors));
    int place = freePlace(adapter);
    long bytes = 0;
    long largest = 0;
    for (Map.Entry<String, Factors> linear : adapter.linears().entrySet()) {
      long added = linear.getValue().rank() * LowRankStack.rowBytes(size(linear.getKey()));
      bytes += added;
      largest = Math.max(largest, added + stack(linear.getKey()).bytes());
    }
    // A layer's old factors lie beside its new ones until they are copied.
    Reservation reservation =
        ledger.reserve(
            MemoryRequest.of(session.device(), adapter.name(), MemoryKind.WEIGHTS, bytes + largest),
            context);
    boolean finished = false;
    try {
      adapter.linears().forEach((name, factors) -> stack(name).add(place, factors));
      reservation.resize(MemoryKind.WEIGHTS, bytes, context);
      Loaded loaded = new Loaded(adapter.name(), place, reservation);
      places.put(place, loaded);
      finished = true;
      return loaded;
    } finally {
      if (!finished) {
        adapter.linears().keySet().forEach(name -> stack(name).remove(place));
        reservation.close();
      }
    }
  }

  /**
   * The adapter as one of these.
   *
   * @throws IllegalArgumentException if it is another model's, or closed
   */
  Loaded own(LoadedAdapter adapter) {
    if (adapter instanceof Loaded own && own.isIn(this)) {
      return own;
    }
    throw new IllegalArgumentException(
        "adapter %s must be loaded into the model that its sequence is of"
            .formatted(adapter.name()));
  }

  /** Binds the factors of every layer that has any. */
  void bind(BoundRun run) {
    stacks.values().forEach(stack -> stack.bind(run));
  }

  private LowRankStack stack(String name) {
    return stacks.computeIfAbsent(name, key -> new LowRankStack(session, key, size(key)));
  }

  private Size size(String name) {
    return decoder.find(name).orElseThrow();
  }

  private void check(LowRankAdapter adapter, String name, Factors factors) {
    Size size =
        decoder
            .find(name)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "adapter %s must change %s of %d layers; got '%s'"
                            .formatted(
                                adapter.name(),
                                decoder.linears().keySet().stream().sorted().toList(),
                                decoder.layers(),
                                name)));
    if (!factors.fits(size)) {
      throw new IllegalArgumentException(
          "'%s' reads %d and gives %d components; adapter %s has factors %s and %s"
              .formatted(
                  name,
                  size.in(),
                  size.out(),
                  adapter.name(),
                  factors.down().shape(),
                  factors.up().shape()));
    }
  }

  private int freePlace(LowRankAdapter adapter) {
    for (int place = 0; place < SlotAdditions.PLACES; place++) {
      if (!places.containsKey(place)) {
        return place;
      }
    }
    throw new ResourceExhaustedException(
        "a model may have %d adapters at once; unload one before %s"
            .formatted(SlotAdditions.PLACES, adapter.name()));
  }

  @Override
  public void close() {
    stacks.values().forEach(LowRankStack::close);
    places.values().forEach(loaded -> loaded.reservation.close());
    places.clear();
  }

  /** An adapter and the sequences that have it. */
  final class Loaded implements LoadedAdapter {
    private final String name;
    private final int place;
    private final Reservation reservation;
    private int sequences;

    private Loaded(String name, int place, Reservation reservation) {
      this.name = name;
      this.place = place;
      this.reservation = reservation;
    }

    private boolean isIn(AdapterStore store) {
      return AdapterStore.this.equals(store) && equals(places.get(place));
    }

    int place() {
      return place;
    }

    void taken() {
      sequences++;
    }

    void given() {
      sequences--;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public int sequences() {
      return sequences;
    }

    @Override
    public void close() {
      if (!equals(places.get(place))) {
        return;
      }
      if (sequences > 0) {
        throw new IllegalStateException(
            "adapter %s must not be unloaded while sequences have it; %d do"
                .formatted(name, sequences));
      }
      stacks.values().forEach(stack -> stack.remove(place));
      places.remove(place);
      reservation.close();
    }
  }
}
