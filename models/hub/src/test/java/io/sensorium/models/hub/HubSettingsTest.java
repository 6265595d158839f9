package io.sensorium.models.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubSettingsTest {
  @TempDir Path home;

  @Test
  void withoutVariablesItIsThePublicHubAndTheUsualCache() {
    HubSettings settings = HubSettings.fromEnvironment(Map.of(), home);

    assertThat(settings.endpoint()).isEqualTo(URI.create("https://huggingface.co"));
    assertThat(settings.cache()).isEqualTo(home.resolve(".cache/huggingface/hub"));
    assertThat(settings.token()).isEmpty();
    assertThat(settings.offline()).isFalse();
  }

  @Test
  void variablesSayOtherwise() {
    HubSettings settings =
        HubSettings.fromEnvironment(
            Map.of(
                "HF_ENDPOINT", "http://mirror.example:8080/hub/",
                "HF_HOME", "~/models",
                "HF_TOKEN", " hf_abc\n",
                "HF_HUB_OFFLINE", "YES"),
            home);

    assertThat(settings.endpoint()).isEqualTo(URI.create("http://mirror.example:8080/hub"));
    assertThat(settings.cache()).isEqualTo(home.resolve("models/hub"));
    assertThat(settings.token()).isPresent();
    assertThat(settings.offline()).isTrue();
    assertThat(settings.isConfidential()).isFalse();
  }

  @Test
  void theCacheFolderItselfOutranksTheHome() {
    assertThat(
            HubSettings.fromEnvironment(
                    Map.of("HF_HUB_CACHE", "/c", "HF_HOME", "/h", "XDG_CACHE_HOME", "/x"), home)
                .cache())
        .isEqualTo(Path.of("/c"));
    assertThat(HubSettings.fromEnvironment(Map.of("XDG_CACHE_HOME", "/x"), home).cache())
        .isEqualTo(Path.of("/x/huggingface/hub"));
  }

  @Test
  void theTokenOfAnEarlierLoginIsRead() throws IOException {
    Path file = home.resolve(".cache/huggingface/token");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "hf_written\n");

    assertThat(HubSettings.fromEnvironment(Map.of(), home).token())
        .get()
        .extracting(AccessToken::authorization)
        .isEqualTo("Bearer hf_written");
    assertThat(
            HubSettings.fromEnvironment(Map.of("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1"), home).token())
        .isEmpty();
  }

  @Test
  void theTokenDoesNotShow() {
    HubSettings settings = HubSettings.fromEnvironment(Map.of("HF_TOKEN", "hf_secret"), home);

    assertThat(settings.toString()).doesNotContain("hf_secret");
    assertThatThrownBy(() -> new AccessToken("hf_se cret"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("cret\"");
  }

  @Test
  void anEndpointMustBeAnAddressOfTheWeb() {
    for (String endpoint :
        new String[] {"ftp://x", "huggingface.co", "https://u:p@x", "file:///"}) {
      assertThatThrownBy(() -> HubSettings.fromEnvironment(Map.of("HF_ENDPOINT", endpoint), home))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("endpoint must be an http or https address");
    }
  }
}
