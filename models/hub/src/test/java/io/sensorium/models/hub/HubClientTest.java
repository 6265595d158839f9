package io.sensorium.models.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.RequestCancelledException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is looked for, fetched, kept and found again. */
class HubClientTest extends HubClientFixture {
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
}
