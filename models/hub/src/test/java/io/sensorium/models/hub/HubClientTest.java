package io.sensorium.models.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.RequestCancelledException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.StorageException;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubClientTest {
  private static final long SEED = 20261121;
  private static final HubReference MAIN = HubReference.parse("hf:org/model");
  private static final ProxySelector DIRECT = ProxySelector.of(null);
  private static final byte[] WEIGHTS = random(100_003);
  private static final String CONFIG = "{\"model_type\":\"vit\"}";

  @TempDir Path cache;
  private FakeHub hub;

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

  @Test
  void aRepositoryBecomesASnapshotInHuggingFacesLayout() throws IOException {
    hub.file("1_Pooling/config.json", "{}");
    List<HubProgress> heard = new ArrayList<>();

    Path folder = fetch(MAIN, heard::add);

    Path repository = cache.resolve("models--org--model");
    assertThat(folder).isEqualTo(repository.resolve("snapshots/" + FakeHub.COMMIT));
    assertThat(repository.resolve("refs/main")).hasContent(FakeHub.COMMIT);
    assertThat(folder.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
    assertThat(Files.readSymbolicLink(folder.resolve("model.safetensors")).toString())
        .isEqualTo("../../blobs/" + FakeHub.sha256(WEIGHTS));
    assertThat(Files.readSymbolicLink(folder.resolve("1_Pooling/config.json")).toString())
        .isEqualTo("../../../blobs/" + FakeHub.gitSha1("{}".getBytes(UTF_8)));
    assertThat(blobs()).hasSize(4).noneMatch(name -> name.endsWith(".incomplete"));
    HubProgress last = heard.getLast();
    assertThat(last.files()).isEqualTo(4).isEqualTo(last.totalFiles());
    assertThat(last.bytes()).isEqualTo(last.totalBytes()).isGreaterThan(WEIGHTS.length);
  }

  @Test
  void aLookTellsCommitLicenceAndWhatIsMissing() {
    HubSnapshot snapshot = look(MAIN);

    assertThat(snapshot.commit()).isEqualTo(FakeHub.COMMIT);
    assertThat(snapshot.licence()).contains("apache-2.0");
    assertThat(snapshot.missingBytes())
        .isEqualTo(snapshot.files().stream().mapToLong(HubFile::bytes).sum());
    assertThat(snapshot.files()).last().extracting(HubFile::path).isEqualTo("model.safetensors");
    assertThat(cache).isEmptyDirectory();
  }

  @Test
  void whatIsInTheCacheIsNotFetchedAgain() {
    fetch(MAIN);
    hub.hubRequests.clear();

    HubSnapshot again = look(new HubReference("org/model", FakeHub.COMMIT));

    assertThat(again.missingBytes()).isZero();
    fetch(MAIN);
    assertThat(hub.hubRequests).noneMatch(seen -> seen.path().contains("/resolve/"));
    assertThat(hub.storageRequests).hasSize(1);
  }

  @Test
  void longListingsAreReadPageByPage() {
    hub.pageSize = 1;

    assertThat(look(MAIN).files()).hasSize(3);
  }

  @Test
  void aDroppedConnectionGoesOnWhereItEnded() {
    hub.storageMisbehaviour.add(FakeHub.dropAfter(30_000));
    hub.storageMisbehaviour.add(FakeHub.dropAfter(20_000));

    Path folder = fetch(MAIN);

    assertThat(folder.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
    assertThat(hub.storageRequests).extracting(FakeHub.Seen::range).hasSize(3);
    assertThat(hub.storageRequests.getFirst().range()).isNull();
    assertThat(hub.storageRequests.get(1).range()).matches("bytes=[1-9]\\d*-");
    assertThat(hub.storageRequests.get(1).ifRange()).isEqualTo("\"storage-tag\"");
    assertThat(first(hub.storageRequests.get(2))).isGreaterThan(first(hub.storageRequests.get(1)));
  }

  @Test
  void aConnectionThatAlwaysDropsWithoutAByteFails() {
    for (int i = 0; i < 10; i++) {
      hub.storageMisbehaviour.add(FakeHub.dropAfter(0));
    }

    assertThatThrownBy(() -> fetch(MAIN))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("fetching model.safetensors of hf:org/model failed 3 times in a row")
        .matches(e -> ((HubException) e).retriable());
    assertThat(hub.storageRequests).hasSize(3);
  }

  @Test
  void anAbandonedFetchGoesOnInTheNextProcess() {
    hub.storageMisbehaviour.add(FakeHub.dropAfter(60_000));
    hub.storageMisbehaviour.add(FakeHub.dropAfter(0));
    hub.storageMisbehaviour.add(FakeHub.dropAfter(0));
    hub.storageMisbehaviour.add(FakeHub.dropAfter(0));
    assertThatThrownBy(() -> fetch(MAIN)).isInstanceOf(HubException.class);
    assertThat(snapshotFiles()).doesNotContain("model.safetensors");
    assertThat(cache.resolve("models--org--model/refs/main")).doesNotExist();
    hub.storageRequests.clear();

    assertThat(look(MAIN).missingBytes()).isLessThan(WEIGHTS.length);
    Path folder = fetch(MAIN);

    assertThat(folder.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
    assertThat(first(hub.storageRequests.getFirst())).isPositive();
  }

  @Test
  void aDamagedBeginningOfAnEarlierProcessIsFetchedAgain() throws IOException {
    Path partial =
        cache.resolve(
            "models--org--model/blobs/" + FakeHub.sha256(WEIGHTS) + ".sensorium.incomplete");
    Files.createDirectories(partial.getParent());
    Files.write(partial, random(50_000));

    Path folder = fetch(MAIN);

    assertThat(folder.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
    assertThat(hub.storageRequests).hasSize(2);
    assertThat(hub.storageRequests.get(1).range()).isNull();
  }

  @Test
  void aServerThatIgnoresRangesIsReadFromTheStart() {
    hub.storageMisbehaviour.add(FakeHub.dropAfter(30_000));
    hub.storageMisbehaviour.add(FakeHub.ignoreRange());

    assertThat(fetch(MAIN).resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
  }

  @Test
  void aServerThatIgnoresRangesAndAlwaysDropsIsGivenUp() {
    for (int i = 0; i < 50; i++) {
      hub.storageMisbehaviour.add(
          (exchange, content) -> FakeHub.send(exchange, 200, content, 30_000));
    }

    assertThatThrownBy(() -> fetch(MAIN)).isInstanceOf(HubException.class);
    assertThat(hub.storageRequests).hasSizeLessThan(20);
  }

  @Test
  void aRangeThatWasNotAskedForIsNotTaken() {
    hub.storageMisbehaviour.add(FakeHub.dropAfter(30_000));
    hub.storageMisbehaviour.add(
        (exchange, content) -> {
          exchange.getResponseHeaders().add("Content-Range", "bytes 7-9/" + content.length);
          FakeHub.send(exchange, 206, new byte[] {1, 2, 3}, 3);
        });

    assertThat(fetch(MAIN).resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
    assertThat(hub.storageRequests).last().extracting(FakeHub.Seen::range).isNull();
  }

  @Test
  void aRangeThatIsRefusedIsAskedForAsAWhole() {
    hub.storageMisbehaviour.add(FakeHub.dropAfter(30_000));
    hub.storageMisbehaviour.add((exchange, content) -> FakeHub.send(exchange, 416, content, 0));

    assertThat(fetch(MAIN).resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
  }

  @Test
  void aWrongHashIsRefusedAndNothingIsKept() {
    hub.storageMisbehaviour.add(
        (exchange, content) -> {
          byte[] wrong = content.clone();
          wrong[wrong.length / 2] ^= 1;
          FakeHub.send(exchange, 200, wrong, wrong.length);
        });

    assertRefused("has another hash than the listing's " + FakeHub.sha256(WEIGHTS));
  }

  @Test
  void aSmallFileWithAWrongHashIsRefusedToo() {
    hub.listed("config.json").put("oid", FakeHub.gitSha1("{}".getBytes(UTF_8)));

    assertRefused("config.json of hf:org/model has another hash");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1000, 1000})
  void anAnswerOfAnotherLengthIsRefused(int difference) {
    hub.storageMisbehaviour.add(
        (exchange, content) ->
            FakeHub.send(exchange, 200, random(content.length + difference), Integer.MAX_VALUE));

    assertRefused("should have 100003 bytes; the answer says " + (100_003 + difference));
  }

  @Test
  void aBodyWithoutALengthThatNeverEndsIsCutOff() {
    hub.storageMisbehaviour.add(
        (exchange, content) -> {
          exchange.sendResponseHeaders(200, 0);
          try {
            for (int i = 0; i < 1000; i++) {
              exchange.getResponseBody().write(content);
            }
          } finally {
            exchange.close();
          }
        });

    assertRefused("is longer than the 100003 bytes that were listed");
  }

  @Test
  void aHubThatContradictsItsOwnListingIsRefused() {
    hub.listed("model.safetensors")
        .put("lfs", Map.of("oid", FakeHub.sha256(random(3)), "size", WEIGHTS.length));

    assertThatThrownBy(() -> fetch(MAIN))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("x-linked-etag is " + FakeHub.sha256(WEIGHTS));
    assertThat(hub.storageRequests).hasSize(1);
  }

  @Test
  void theTokenNeverLeavesTheHub() {
    hub.storageMisbehaviour.add(FakeHub.dropAfter(30_000));

    fetch(client(settings(Optional.of(new AccessToken("hf_secret")), false)), MAIN);

    assertThat(hub.hubRequests)
        .isNotEmpty()
        .allMatch(seen -> "Bearer hf_secret".equals(seen.authorization()));
    assertThat(hub.storageRequests).hasSize(2).allMatch(seen -> seen.authorization() == null);
  }

  @Test
  void aRenamedRepositoryIsFollowedWithTheToken() {
    HubReference formerly = new HubReference(FakeHub.OLD_NAME, "main");

    Path folder =
        fetch(client(settings(Optional.of(new AccessToken("hf_secret")), false)), formerly);

    assertThat(folder.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
    assertThat(hub.hubRequests)
        .hasSizeGreaterThan(6)
        .allMatch(seen -> "Bearer hf_secret".equals(seen.authorization()));
    assertThat(hub.storageRequests).allMatch(seen -> seen.authorization() == null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:///etc/passwd", "", "http:", "ftp://localhost/x"})
  void aRedirectToNowhereIsRefused(String location) {
    hub.hubMisbehaviour.add(
        (exchange, content) -> {
          exchange.getResponseHeaders().add("Location", location);
          exchange.sendResponseHeaders(302, -1);
          exchange.close();
        });

    assertThatThrownBy(() -> look(MAIN)).isInstanceOf(HubException.class);
  }

  @Test
  void redirectsInACircleEnd() {
    for (int i = 0; i < 100; i++) {
      hub.hubMisbehaviour.add(
          (exchange, content) -> {
            exchange.getResponseHeaders().add("Location", exchange.getRequestURI().toString());
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
          });
    }

    assertThatThrownBy(() -> look(MAIN)).hasMessageContaining("redirects more than 8 times");
  }

  @Test
  void aBusyHubIsAskedAgain() {
    hub.hubMisbehaviour.add(busy(429, "0"));
    hub.hubMisbehaviour.add(FakeHub.refuse(503, ""));
    hub.storageMisbehaviour.add(FakeHub.refuse(500, ""));
    hub.storageMisbehaviour.add(FakeHub.refuse(403, "")); // a signature that ran out

    assertThat(fetch(MAIN).resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
  }

  @Test
  void aHubThatIsBusyForLongSaysSoAtOnce() {
    hub.hubMisbehaviour.add(busy(429, "3600"));

    assertThatThrownBy(() -> look(MAIN))
        .hasMessageContaining(
            "asking the hub for hf:org/model failed once: localhost answered 429");
    assertThat(hub.hubRequests).hasSize(1);
  }

  @Test
  void aBodyThatStallsIsAskedForAgain() {
    hub.storageMisbehaviour.add(
        (exchange, content) -> {
          exchange.sendResponseHeaders(200, content.length);
          exchange.getResponseBody().write(content, 0, 10_000);
          exchange.getResponseBody().flush(); // and never again
        });

    assertThat(fetch(MAIN).resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
  }

  @Test
  void refusalsSayWhatToDo() {
    hub.hubMisbehaviour.add(FakeHub.refuse(401, ""));
    assertThatThrownBy(() -> look(MAIN)).hasMessageContaining("private or gated, set HF_TOKEN");
    hub.hubMisbehaviour.add(FakeHub.refuse(401, ""));
    assertThatThrownBy(
            () -> client(settings(Optional.of(new AccessToken("t")), false)).look(MAIN, context()))
        .hasMessageContaining("refuses the token");
    hub.hubMisbehaviour.add(FakeHub.refuse(403, "GatedRepo"));
    assertThatThrownBy(() -> look(MAIN))
        .hasMessageContaining("org/model is gated: accept its terms at http://localhost:");
    assertThatThrownBy(() -> look(HubReference.parse("hf:org/other")))
        .hasMessageContaining("there is no hf:org/other at http://localhost:");
    assertThatThrownBy(() -> look(HubReference.parse("hf:org/model@gone")))
        .hasMessageContaining("there is no revision 'gone' of org/model");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../config.json",
        "a/../../b.json",
        "/etc/passwd",
        "..\\b.json",
        "a//b.json",
        "./a.json",
        "C:/b.json",
        "a\u0000.json"
      })
  void aNameThatLeavesTheRepositoryIsRefused(String path) {
    hub.listed(path).put("oid", FakeHub.gitSha1(new byte[1]));

    assertThatThrownBy(() -> fetch(MAIN))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("must stay inside its repository");
    assertThat(cache).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../../evil", "", "0123", "ABCDEF"})
  void anIdentityThatIsNoHashIsRefused(String oid) {
    hub.listed("config.json").put("oid", oid);

    assertThatThrownBy(() -> fetch(MAIN)).hasMessageContaining("needs a SHA-256 or git's SHA-1");
  }

  @Test
  void aRevisionWithoutACommitIsRefused() {
    hub.hubMisbehaviour.add(
        (exchange, content) ->
            FakeHub.send(exchange, 200, "{\"sha\":\"../..\"}".getBytes(UTF_8), 1000));

    assertThatThrownBy(() -> look(MAIN)).hasMessageContaining("without the commit it means");
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:///etc/passwd", "http://a b/", "http:"})
  void aNextPageThatIsNoAddressIsRefused(String next) {
    hub.hubMisbehaviour.add(
        (exchange, content) ->
            FakeHub.send(
                exchange, 200, "{\"sha\":\"%s\"}".formatted(FakeHub.COMMIT).getBytes(UTF_8), 100));
    hub.hubMisbehaviour.add(
        (exchange, content) -> {
          exchange.getResponseHeaders().add("Link", "<" + next + ">; rel=\"next\"");
          FakeHub.send(exchange, 200, "[]".getBytes(UTF_8), 2);
        });

    assertThatThrownBy(() -> look(MAIN))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("a next page that is no address");
  }

  @Test
  void aPageThatIsNoJsonIsRefused() {
    hub.hubMisbehaviour.add(
        (exchange, content) ->
            FakeHub.send(exchange, 200, "<html>log in</html>".getBytes(UTF_8), 1000));

    assertThatThrownBy(() -> look(MAIN)).hasMessageContaining("the hub answered no JSON");
  }

  @Test
  void offlineTheCacheAnswersByBranchAndByCommit() {
    Path fetched = fetch(MAIN);
    hub.close();
    HubClient offline = client(settings(Optional.empty(), true));

    HubSnapshot byBranch = offline.look(MAIN, context());
    HubSnapshot byCommit = offline.look(new HubReference("org/model", FakeHub.COMMIT), context());

    assertThat(byBranch.notAsked()).contains("HF_HUB_OFFLINE is set");
    assertThat(offline.fetch(byBranch, p -> {}, context())).isEqualTo(fetched);
    assertThat(offline.fetch(byCommit, p -> {}, context())).isEqualTo(fetched);
    assertThatThrownBy(() -> offline.look(HubReference.parse("hf:org/model@other"), context()))
        .hasMessageContaining("hf:org/model@other is not in the cache " + cache);
  }

  @Test
  void aHubThatCannotBeReachedLeavesTheCacheToAnswer() {
    Path fetched = fetch(MAIN);
    hub.close();

    HubSnapshot snapshot = look(MAIN);

    assertThat(snapshot.folder()).isEqualTo(fetched);
    assertThat(snapshot.notAsked()).get().asString().contains("failed 3 times in a row");
    assertThatThrownBy(() -> look(HubReference.parse("hf:org/other")))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("ConnectException");
  }

  @Test
  void aCancelledFetchLeavesNothingThatLooksWhole() {
    RequestContext context = context();

    assertThatThrownBy(
            () ->
                fetch(
                    client(settings(Optional.empty(), false)),
                    MAIN,
                    progress -> {
                      if (progress.file().equals("model.safetensors")) {
                        context.cancel();
                      }
                    },
                    context))
        .isInstanceOf(RequestCancelledException.class);
    assertThat(snapshotFiles()).containsExactlyInAnyOrder("README.md", "config.json");
  }

  @Test
  void severalFetchersOfOneFileFetchItOnce() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      List<Future<Path>> fetches =
          Stream.generate(() -> threads.submit(() -> fetch(MAIN))).limit(3).toList();
      for (Future<Path> fetch : fetches) {
        assertThat(fetch.get().resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
      }
    }
    assertThat(hub.storageRequests).hasSize(1);
  }

  @Test
  void aDiskThatIsTooSmallIsToldBeforeAnythingIsFetched() {
    hub.listed("model.safetensors")
        .put("lfs", Map.of("oid", FakeHub.sha256(WEIGHTS), "size", 1L << 60));
    HubLimits generous = new HubLimits(1 << 20, 100, 1 << 20, Long.MAX_VALUE);
    HubSettings settings =
        new HubSettings(
            hub.endpoint(), Optional.empty(), cache, false, DIRECT, generous, HubPatience.DEFAULT);

    assertThatThrownBy(() -> fetch(client(settings), MAIN))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("the disk has");
    assertThat(hub.storageRequests).isEmpty();
  }

  @Test
  void aCheckpointThatIsTooLargeIsRefused() {
    hub.listed("model.safetensors")
        .put("lfs", Map.of("oid", FakeHub.sha256(WEIGHTS), "size", 1L << 60));

    assertThatThrownBy(() -> look(MAIN)).hasMessageContaining("are taken");
  }

  private void assertRefused(String why) {
    assertThatThrownBy(() -> fetch(MAIN))
        .isInstanceOf(HubException.class)
        .hasMessageContaining(why)
        .hasMessageContaining("nothing of it was kept")
        .matches(e -> !((HubException) e).retriable());
    assertThat(blobs()).noneMatch(name -> name.contains("incomplete"));
    assertThat(blobs()).doesNotContain(FakeHub.sha256(WEIGHTS));
    assertThat(snapshotFiles()).doesNotContain("model.safetensors");
    assertThat(cache.resolve("models--org--model/refs/main")).doesNotExist();
  }

  private List<String> blobs() {
    return names(cache.resolve("models--org--model/blobs"));
  }

  private List<String> snapshotFiles() {
    return names(cache.resolve("models--org--model/snapshots").resolve(FakeHub.COMMIT));
  }

  private static List<String> names(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private HubSnapshot look(HubReference reference) {
    return client(settings(Optional.empty(), false)).look(reference, context());
  }

  private Path fetch(HubReference reference) {
    return fetch(reference, progress -> {});
  }

  private Path fetch(HubReference reference, Consumer<HubProgress> progress) {
    return fetch(client(settings(Optional.empty(), false)), reference, progress, context());
  }

  private static Path fetch(HubClient client, HubReference reference) {
    return fetch(client, reference, progress -> {}, context());
  }

  private static Path fetch(
      HubClient client,
      HubReference reference,
      Consumer<HubProgress> progress,
      RequestContext context) {
    try (client) {
      return client.fetch(client.look(reference, context), progress, context);
    }
  }

  private static HubClient client(HubSettings settings) {
    return new HubClient(settings);
  }

  private HubSettings settings(Optional<AccessToken> token, boolean offline) {
    HubPatience patience =
        new HubPatience(
            Duration.ofSeconds(5),
            Duration.ofSeconds(2),
            3,
            Duration.ofMillis(1),
            Duration.ofSeconds(2));
    URI endpoint = hub.endpoint();
    return new HubSettings(endpoint, token, cache, offline, DIRECT, HubLimits.DEFAULT, patience);
  }

  private static RequestContext context() {
    return RequestContext.within(Duration.ofMinutes(1));
  }

  private static long first(FakeHub.Seen seen) {
    return Long.parseLong(seen.range().replaceAll("\\D", ""));
  }

  private static FakeHub.Answerer busy(int status, String retryAfter) {
    return (exchange, content) -> {
      exchange.getResponseHeaders().add("Retry-After", retryAfter);
      exchange.sendResponseHeaders(status, -1);
      exchange.close();
    };
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(SEED + length).nextBytes(bytes);
    return bytes;
  }
}
