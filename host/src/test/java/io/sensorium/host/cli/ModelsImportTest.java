package io.sensorium.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.sensorium.host.FakeOperations;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelsImportTest {
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  private static final String OBJECT = "{}";
  private static final String BLOB = "9e26dfeeb6e641a33dae4961196235bdb965b21b"; // git's, of {}

  @TempDir Path cache;
  private final FakeOperations host = new FakeOperations();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile String card = "{}";
  private HttpServer hub;

  @BeforeEach
  void startHub() throws IOException {
    hub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    hub.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          asked.add(path);
          byte[] answer = answer(path).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    hub.start();
  }

  @AfterEach
  void stopHub() {
    hub.stop(0);
  }

  private String answer(String path) {
    if (path.contains("/revision/")) {
      String revision = path.substring(path.lastIndexOf('/') + 1);
      String commit = revision.equals("main") ? COMMIT : revision;
      return "{\"sha\":\"%s\",\"cardData\":%s}".formatted(commit, card);
    }
    if (path.contains("/tree/")) {
      return """
      [{"type":"file","path":"config.json","oid":"%s","size":2},
       {"type":"file","path":"model.safetensors","oid":"%s","size":2}]"""
          .formatted(BLOB, BLOB);
    }
    return OBJECT;
  }

  @Test
  void aReferenceIsFetchedAndItsSnapshotInstalledUnderItsName() throws IOException {
    card = "{\"license\":\"mit\"}";

    assertThat(run(online(), "models import hf:org/some-model --json")).isZero();

    Path snapshot = cache.resolve("models--org--some-model/snapshots").resolve(COMMIT);
    assertThat(host.imported.path()).isEqualTo(snapshot.toString());
    assertThat(host.imported.id()).isEqualTo("some-model");
    assertThat(host.imported.licence()).isNull();
    assertThat(snapshot.resolve("model.safetensors")).hasContent(OBJECT);
    JsonNode result = new ObjectMapper().readTree(out.toString());
    assertThat(result.get("id").asText()).isEqualTo("imported");
    assertThat(result.get("source").asText()).isEqualTo("hf:org/some-model");
    assertThat(result.get("commit").asText()).isEqualTo(COMMIT);
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void theUsersNameForTheModelCounts() {
    assertThat(run(online(), "models import hf:org/some-model --to mine")).isZero();

    assertThat(host.imported.id()).isEqualTo("mine");
  }

  @Test
  void aLicenceThatForbidsCommercialUseIsRefusedBeforeAnythingIsFetched() {
    card = "{\"license\":\"cc-by-nc-4.0\"}";

    assertThat(run(online(), "models import hf:org/some-model")).isEqualTo(1);

    assertThat(err.toString()).contains("cc-by-nc-4.0", "--accept-licence");
    assertThat(asked).noneMatch(path -> path.contains("/resolve/"));
    assertThat(host.imported).isNull();
    assertThat(run(online(), "models import hf:org/some-model --accept-licence")).isZero();
    assertThat(host.imported.acceptNonCommercial()).isTrue();
  }

  @Test
  void unknownTermsAreToldWithoutStandingInTheWay() {
    host.commercialUse = null;

    assertThat(run(online(), "models import hf:org/some-model")).isZero();

    assertThat(err.toString()).contains("the terms of imported are not known");
  }

  @Test
  void aNameFromTheCatalogueIsFetchedAtItsRevisionWithTheTermsItKnows() {
    assertThat(run(online(), "models import minilm-l6")).isZero();

    assertThat(asked.getFirst())
        .startsWith("/api/models/sentence-transformers/all-MiniLM-L6-v2/revision/");
    assertThat(host.imported.id()).isEqualTo("minilm-l6");
    assertThat(host.imported.licence()).isEqualTo("Apache-2.0");
  }

  @Test
  void whatIsNotOnTheHubIsExplained() {
    assertThat(run(online(), "models import imagebind-huge")).isEqualTo(1);

    assertThat(err.toString())
        .contains("imagebind_huge.pth", "models import DIR --to imagebind-huge --accept-licence");
    assertThat(asked).isEmpty();
  }

  @Test
  void whatIsNothingIsSaidToBeNothing() {
    assertThat(run(online(), "models import no-such-thing")).isEqualTo(1);

    assertThat(err.toString()).contains("no-such-thing", "models list --available");
  }

  @Test
  void aFolderComesBeforeTheCatalogue() throws IOException {
    Path folder = Files.createDirectories(cache.resolve("minilm-l6"));

    assertThat(run(online(), "models import " + folder)).isZero();

    assertThat(host.imported.path()).isEqualTo(folder.toString());
    assertThat(host.imported.id()).isNull();
    assertThat(asked).isEmpty();
  }

  @Test
  void offlineTheCacheIsImportedAndSaidToBe() throws IOException {
    Path repository = cache.resolve("models--org--some-model");
    Files.createDirectories(repository.resolve("snapshots").resolve(COMMIT));
    Files.createDirectories(repository.resolve("refs"));
    Files.writeString(repository.resolve("refs/main"), COMMIT);
    Map<String, String> offline = Map.of("HF_HUB_CACHE", cache.toString(), "HF_HUB_OFFLINE", "1");

    assertThat(run(offline, "models import hf:org/some-model")).isZero();

    assertThat(host.imported.path()).endsWith(COMMIT);
    assertThat(err.toString()).contains("from the cache, because HF_HUB_OFFLINE is set");
    assertThat(run(offline, "models import hf:org/other")).isEqualTo(1);
    assertThat(err.toString()).contains("hf:org/other is not in the cache");
  }

  @Test
  void theCatalogueHasTheFieldsThatAreAgreed() throws IOException {
    assertThat(run(Map.of(), "models list --available --json")).isZero();

    JsonNode first = new ObjectMapper().readTree(out.toString()).get("models").get(0);
    assertThat(first.get("name").asText()).isEqualTo("clip-vit-b-32");
    assertThat(first.get("command").asText()).isEqualTo("sensorium models import clip-vit-b-32");
    assertThat(first.get("memoryBytes").fieldNames())
        .toIterable()
        .containsExactly("fp32", "fp16", "int8", "int4");
  }

  private Map<String, String> online() {
    return Map.of(
        "HF_ENDPOINT",
        "http://localhost:" + hub.getAddress().getPort(),
        "HF_HUB_CACHE",
        cache.toString());
  }

  private int run(Map<String, String> environment, String line) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandContext context =
        new CommandContext(
            new PrintWriter(out),
            new PrintWriter(err),
            () -> false,
            (options, needsEncoders) -> host,
            environment);
    return new CommandLineRunner(context).run(line.split(" ", -1));
  }
}
