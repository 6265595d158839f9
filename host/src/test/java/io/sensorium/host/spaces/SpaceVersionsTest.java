package io.sensorium.host.spaces;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.Modality;
import io.sensorium.api.space.SpaceId;
import io.sensorium.host.FakeEmbeddings;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SpaceVersionsTest {
  private static final SpaceId OLD = new SpaceId("world", "1");
  private static final SpaceId NEW = new SpaceId("world", "2");
  private static final Modality MOTION = new Modality("motion");

  private final FakeEmbeddings embeddings = new FakeEmbeddings();

  @Test
  void aVersionOpensWhenItReadsEverythingThatOlderOnesRead() {
    embeddings.versions.add(NEW);
    embeddings.readers.put(NEW, List.of(Modality.IMAGE));
    SpaceVersions half = versions(Set.of(OLD));
    assertThat(half.target(Modality.IMAGE)).contains(OLD);
    assertThat(half.missing(NEW)).containsExactly(Modality.TEXT);
    assertThat(half.searched(Set.of(Modality.TEXT))).containsExactly(OLD);

    embeddings.readers.remove(NEW);
    SpaceVersions whole = versions(Set.of(OLD));
    assertThat(whole.target(Modality.IMAGE)).contains(NEW);
    assertThat(whole.searched(Set.of(Modality.TEXT))).containsExactly(NEW, OLD);
  }

  @Test
  void aVersionThatHasItemsTakesMoreOnceItReadsText() {
    embeddings.versions.add(NEW);
    embeddings.readers.put(OLD, List.of(Modality.TEXT, Modality.IMAGE, MOTION));
    assertThat(versions(Set.of(OLD)).target(Modality.IMAGE)).contains(OLD);

    SpaceVersions begun = versions(Set.of(OLD, NEW));
    assertThat(begun.target(Modality.IMAGE)).contains(NEW);
    assertThat(begun.target(MOTION)).contains(OLD);
    assertThat(begun.searched(Set.of(Modality.TEXT))).containsExactly(NEW, OLD);
    assertThat(begun.searched(Set.of(MOTION))).containsExactly(OLD);
  }

  @Test
  void oldVersionsWithoutItemsAreNotSearched() {
    embeddings.versions.add(NEW);
    assertThat(versions(Set.of(NEW)).searched(Set.of(Modality.TEXT))).containsExactly(NEW);
  }

  @Test
  void whatOnlyTheNewVersionReadsGoesThere() {
    embeddings.versions.add(NEW);
    embeddings.readers.put(NEW, List.of(MOTION));
    assertThat(versions(Set.of(OLD)).target(MOTION)).contains(NEW);
  }

  private SpaceVersions versions(Set<SpaceId> populated) {
    return SpaceVersions.of("world", embeddings.encoders(), populated);
  }
}
