package io.sensorium.api.index;

import io.sensorium.api.Modality;
import io.sensorium.api.space.SpaceId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
   * A page of the ids of the items of one modality in one version of a space, in ascending order,
   * among everything {@link #refresh} has made searchable. Cost: a walk over the ids behind {@code
   * after}, up to the last one answered.
   *
   * @param after the last id of the page before; empty for the first page
   * @param most how many ids, at least 1
   */
  List<String> ids(SpaceId space, Modality modality, String after, int most);

  /** The versions of spaces that some searchable item lives in. Cost: small. */
  Set<SpaceId> spaces();

  /**
   * How many searchable items of each modality live in one version of a space. Cost: proportional
   * to their number, a few nanoseconds each.
   */
  Map<Modality, Long> census(SpaceId space);

  /**
   * The best items, best first, all as of one moment: an item that moves from one version of a
   * space to another meanwhile is found once.
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
