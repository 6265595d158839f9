package io.sensorium.api.index;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The persistent memory of media. Thread-safe.
 *
 * <p>Durability: when the future of {@link #put} or {@link #delete} completes, the change survives
 * the death of the process and of the machine. Changes are searchable at the latest when {@link
 * #refresh} returns.
 */
@ProviderType
public interface MediaIndex {
  /**
   * Stores or replaces items, all durable together when the future completes.
   *
   * @return fails with {@link io.sensorium.api.StorageException} if a write failed, or {@link
   *     io.sensorium.api.ResourceExhaustedException} if the disk is full; then nothing of this call
   *     is acknowledged
   */
  CompletableFuture<Void> put(List<IndexEntry> entries);

  /** Forgets items by id; unknown ids are ignored. */
  CompletableFuture<Void> delete(List<String> ids);

  /** The stored item of that id. */
  Optional<IndexEntry> find(String id);

  /**
   * The ids that start with a prefix, in ascending order, among everything {@link #refresh} has
   * made searchable; all ids for an empty prefix. Cost: proportional to the answer.
   */
  List<String> ids(String prefix);

  /**
   * The best items, best first.
   *
   * @throws IllegalArgumentException if the embedding's dimension is not its space's
   */
  List<Hit> search(IndexQuery query);

  /** Makes everything acknowledged before this call searchable. */
  void refresh();

  /** The number of items. */
  long size();

  /** Whether changes are taken, and on what code distances run. Never throws. */
  IndexHealth health();
}
