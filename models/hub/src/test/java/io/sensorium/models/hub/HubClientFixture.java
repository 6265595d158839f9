package io.sensorium.models.hub;

import io.sensorium.api.RequestContext;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A hub that is played, and a client of it whose cache is empty at first. */
abstract class HubClientFixture {
  static final long SEED = 20261121;
  static final HubReference MAIN = HubReference.parse("hf:org/model");
  static final ProxySelector DIRECT = ProxySelector.of(null);
  static final byte[] WEIGHTS = random(100_003);
  static final String CONFIG = "{\"model_type\":\"vit\"}";

  @TempDir Path cache;
  FakeHub hub;

  @BeforeEach
  void publish() throws IOException {
    hub =
        new FakeHub()
            .file("config.json", CONFIG)
            .file("README.md", "---\nlicense: apache-2.0\n---\n")
            .file("model.safetensors", WEIGHTS);
  }

  @AfterEach
  void closeHub() {
    hub.close();
  }

  List<String> blobs() {
    return names(cache.resolve("models--org--model/blobs"));
  }

  List<String> snapshotFiles() {
    return names(cache.resolve("models--org--model/snapshots").resolve(FakeHub.COMMIT));
  }

  static List<String> names(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  HubSnapshot look(HubReference reference) {
    return client(settings(Optional.empty(), false)).look(reference, context());
  }

  Path fetch(HubReference reference) {
    return fetch(reference, progress -> {});
  }

  Path fetch(HubReference reference, Consumer<HubProgress> progress) {
    return fetch(client(settings(Optional.empty(), false)), reference, progress, context());
  }

  static Path fetch(HubClient client, HubReference reference) {
    return fetch(client, reference, progress -> {}, context());
  }

  static Path fetch(
      HubClient client,
      HubReference reference,
      Consumer<HubProgress> progress,
      RequestContext context) {
    try (client) {
      return client.fetch(client.look(reference, context), progress, context);
    }
  }

  static HubClient client(HubSettings settings) {
    return new HubClient(settings);
  }

  HubSettings settings(Optional<AccessToken> token, boolean offline) {
    HubPatience patience =
        new HubPatience(
            Duration.ofMinutes(1),
            Duration.ofSeconds(5),
            3,
            Duration.ofMillis(1),
            Duration.ofSeconds(2));
    URI endpoint = hub.endpoint();
    return new HubSettings(endpoint, token, cache, offline, DIRECT, HubLimits.DEFAULT, patience);
  }

  static RequestContext context() {
    return RequestContext.within(Duration.ofMinutes(1));
  }

  static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(SEED + length).nextBytes(bytes);
    return bytes;
  }
}
