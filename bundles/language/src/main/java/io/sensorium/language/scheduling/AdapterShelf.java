package io.sensorium.language.scheduling;

import io.sensorium.api.RequestContext;
import io.sensorium.api.language.LanguageModel;
import io.sensorium.api.language.LoadedAdapter;
import java.util.HashMap;
import java.util.Map;

/**
 * The low-rank adapters of an open model: each is loaded at its first request, and stays until it
 * leaves service or the model closes. One thread.
 */
final class AdapterShelf implements AutoCloseable {
  private final LanguageModel model;
  private final SequencePool pool;
  private final Map<AdapterSource, LoadedAdapter> loaded = new HashMap<>();

  /**
   * @param model borrowed
   * @param pool whose kept sequences go before their adapter
   */
  AdapterShelf(LanguageModel model, SequencePool pool) {
    this.model = model;
    this.pool = pool;
  }

  /** The adapter beside the model. */
  LoadedAdapter require(AdapterSource source, RequestContext context) {
    LoadedAdapter there = loaded.get(source);
    if (there == null) {
      source.load(factors -> loaded.put(source, model.load(factors, context)));
      there = loaded.get(source);
    }
    return there;
  }

  /** Answers whether something can be unloaded. */
  boolean hasLeaving() {
    return loaded.entrySet().stream().anyMatch(this::canGo);
  }

  private boolean canGo(Map.Entry<AdapterSource, LoadedAdapter> entry) {
    return entry.getKey().isToGo() && entry.getValue().sequences() == pool.kept(entry.getValue());
  }

  /** Unloads what is leaving and no request needs. */
  void sweep() {
    for (Map.Entry<AdapterSource, LoadedAdapter> entry : Map.copyOf(loaded).entrySet()) {
      if (canGo(entry)) {
        pool.forget(entry.getValue());
        entry.getValue().close();
        loaded.remove(entry.getKey());
        entry.getKey().unloaded();
      }
    }
  }

  /** The model is about to close, and what is beside it with it. */
  @Override
  public void close() {
    loaded.keySet().forEach(AdapterSource::unloaded);
    loaded.clear();
  }
}
