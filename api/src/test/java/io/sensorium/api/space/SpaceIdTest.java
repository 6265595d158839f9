package io.sensorium.api.space;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpaceIdTest {
  @Test
  void versionsAreOrderedByTheirNumbers() {
    List<SpaceId> ordered =
        List.of(
                "1",
                "1-2",
                "1.2",
                "1.10",
                "2",
                "10",
                "99999999999999999998",
                "99999999999999999999")
            .stream()
            .map(version -> new SpaceId("world", version))
            .toList();
    assertThat(ordered.reversed().stream().sorted(SpaceId.OLDEST_FIRST)).isEqualTo(ordered);
    assertThat(ordered.get(5).isNewerThan(ordered.get(4))).isTrue();
    assertThat(ordered.get(4).isNewerThan(ordered.get(5))).isFalse();
    assertThat(new SpaceId("other", "3").isNewerThan(ordered.getFirst())).isFalse();
    assertThat(new SpaceId("world", "01").isNewerThan(ordered.getFirst())).isFalse();
  }
}
