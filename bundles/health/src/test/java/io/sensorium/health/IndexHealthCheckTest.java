package io.sensorium.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.Modality;
import io.sensorium.api.StorageException;
import io.sensorium.api.index.Hit;
import io.sensorium.api.index.IndexEntry;
import io.sensorium.api.index.IndexHealth;
import io.sensorium.api.index.IndexQuery;
import io.sensorium.api.index.MediaIndex;
import io.sensorium.api.space.SpaceId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.apache.felix.hc.api.Result;
import org.apache.felix.hc.api.Result.Status;
import org.junit.jupiter.api.Test;

class IndexHealthCheckTest {
  private static final IndexHealth WELL = new IndexHealth(true, "", true, "Vector API");

  @Test
  void isOkWhileChangesAreTakenAndItCanBeRead() {
    Result result = check(WELL, () -> 7);

    assertThat(result.getStatus()).isEqualTo(Status.OK);
    assertThat(result.toString()).contains("7 items");
  }

  @Test
  void warnsWhereDistancesAreSlow() {
    Result result = check(new IndexHealth(true, "", false, "scalar"), () -> 7);

    assertThat(result.getStatus()).isEqualTo(Status.WARN);
    assertThat(result.toString()).contains("without the Vector API: scalar");
  }

  @Test
  void isCriticalWhileNoChangesAreTaken() {
    Result result = check(new IndexHealth(false, "the disk is full", true, "Vector API"), () -> 7);

    assertThat(result.getStatus()).isEqualTo(Status.CRITICAL);
    assertThat(result.toString()).contains("the index takes no changes: the disk is full");
  }

  @Test
  void isCriticalWhereItCannotBeRead() {
    Result result =
        check(
            WELL,
            () -> {
              throw new StorageException("a segment is missing");
            });

    assertThat(result.getStatus()).isEqualTo(Status.CRITICAL);
    assertThat(result.toString()).contains("the index cannot be read: a segment is missing");
  }

  private static Result check(IndexHealth health, LongSupplier size) {
    return new IndexHealthCheck(new KnownIndex(health, size)).execute();
  }

  /** Tells how it is, and has nothing. */
  private record KnownIndex(IndexHealth health, LongSupplier count) implements MediaIndex {
    @Override
    public long size() {
      return count.getAsLong();
    }

    @Override
    public CompletableFuture<Void> put(List<IndexEntry> entries) {
      throw new UnsupportedOperationException("a health check changes nothing");
    }

    @Override
    public CompletableFuture<Void> delete(List<String> ids) {
      throw new UnsupportedOperationException("a health check changes nothing");
    }

    @Override
    public Optional<IndexEntry> find(String id) {
      return Optional.empty();
    }

    @Override
    public List<String> ids(String prefix) {
      return List.of();
    }

    @Override
    public List<String> ids(SpaceId space, Modality modality, String after, int most) {
      return List.of();
    }

    @Override
    public Set<SpaceId> spaces() {
      return Set.of();
    }

    @Override
    public Map<Modality, Long> census(SpaceId space) {
      return Map.of();
    }

    @Override
    public List<Hit> search(IndexQuery query) {
      return List.of();
    }

    @Override
    public void refresh() {}
  }
}
