package io.sensorium.host;

import io.sensorium.api.Modality;
import io.sensorium.api.SensoriumException;
import io.sensorium.api.index.Hit;
import io.sensorium.api.index.IndexEntry;
import io.sensorium.api.index.IndexHealth;
import io.sensorium.api.index.IndexQuery;
import io.sensorium.api.index.MediaIndex;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.SpaceId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;

/** Keeps entries in memory; can be told to fail. */
public final class FakeIndex implements MediaIndex {
  public final NavigableMap<String, IndexEntry> entries = new ConcurrentSkipListMap<>();
  public volatile SensoriumException failure;
  public volatile IndexQuery lastQuery;

  @Override
  public CompletableFuture<Void> put(List<IndexEntry> added) {
    if (failure != null) {
      return CompletableFuture.failedFuture(failure);
    }
    added.forEach(entry -> entries.put(entry.id(), entry));
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletableFuture<Void> delete(List<String> ids) {
    ids.forEach(entries::remove);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public Optional<IndexEntry> find(String id) {
    return Optional.ofNullable(entries.get(id));
  }

  @Override
  public List<String> ids(String prefix) {
    return entries.tailMap(prefix).keySet().stream()
        .takeWhile(id -> id.startsWith(prefix))
        .toList();
  }

  @Override
  public List<String> ids(SpaceId space, Modality modality, String after, int most) {
    return entries.tailMap(after, false).values().stream()
        .filter(entry -> entry.embedding().space().equals(space))
        .filter(entry -> entry.modality().equals(modality))
        .map(IndexEntry::id)
        .limit(most)
        .toList();
  }

  @Override
  public Set<SpaceId> spaces() {
    return entries.values().stream()
        .map(entry -> entry.embedding().space())
        .collect(Collectors.toSet());
  }

  @Override
  public Map<Modality, Long> census(SpaceId space) {
    return entries.values().stream()
        .filter(entry -> entry.embedding().space().equals(space))
        .collect(Collectors.groupingBy(IndexEntry::modality, Collectors.counting()));
  }

  @Override
  public List<Hit> search(IndexQuery query) {
    lastQuery = query;
    record Scored(double score, IndexEntry entry) {}
    List<Scored> scored =
        entries.values().stream()
            .filter(e -> query.modalities().isEmpty() || query.modalities().contains(e.modality()))
            .flatMap(e -> score(query, e).map(score -> new Scored(score, e)).stream())
            .sorted(Comparator.comparingDouble(Scored::score).reversed())
            .limit(query.top())
            .toList();
    List<Hit> hits = new ArrayList<>();
    for (Scored each : scored) {
      hits.add(new Hit(hits.size() + 1, each.score(), each.entry()));
    }
    return hits;
  }

  private static Optional<Double> score(IndexQuery query, IndexEntry entry) {
    SpaceId space = entry.embedding().space();
    Embedding asked = query.embedding().orElseThrow();
    if (asked.space().equals(space)) {
      return Optional.of(asked.cosine(entry.embedding()));
    }
    return query.counterparts().stream()
        .filter(other -> other.embedding().space().equals(space))
        .map(other -> other.score(entry.modality(), other.embedding().cosine(entry.embedding())))
        .findFirst();
  }

  @Override
  public void refresh() {}

  @Override
  public long size() {
    return entries.size();
  }

  @Override
  public IndexHealth health() {
    return new IndexHealth(true, "", true, "memory");
  }
}
