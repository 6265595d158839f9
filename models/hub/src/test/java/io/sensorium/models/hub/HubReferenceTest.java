package io.sensorium.models.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubReferenceTest {
  @Test
  void aReferenceNamesRepositoryAndRevision() {
    assertThat(HubReference.parse("hf:openai/clip-vit-base-patch32"))
        .isEqualTo(new HubReference("openai/clip-vit-base-patch32", "main"))
        .hasToString("hf:openai/clip-vit-base-patch32");
    assertThat(HubReference.parse("hf:org/na.me_x@refs/pr/3"))
        .isEqualTo(new HubReference("org/na.me_x", "refs/pr/3"))
        .hasToString("hf:org/na.me_x@refs/pr/3");
    assertThat(HubReference.parse("hf:gpt2").name()).isEqualTo("gpt2");
    assertThat(HubReference.parse("hf:org/name@v1").name()).isEqualTo("name");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hf:",
        "hf:/name",
        "hf:org/",
        "hf:a/b/c",
        "hf:../x",
        "hf:org/..",
        "hf:org/a..b",
        "hf:org/a--b",
        "hf:org/name@",
        "hf:org/name@../main",
        "hf:org/name@/etc",
        "hf:org/name@a//b",
        "hf:org/name@a/",
        "hf:org/na me",
        "hf:-x/y",
        "org/name"
      })
  void whatCouldLeaveTheCacheIsNoReference(String text) {
    assertThatThrownBy(() -> HubReference.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
