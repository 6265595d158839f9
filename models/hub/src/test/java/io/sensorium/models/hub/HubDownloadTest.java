package io.sensorium.models.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of files whose transfer breaks off, goes wrong or never ends. */
class HubDownloadTest extends HubClientFixture {
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
  void aBodyThatStallsIsAskedForAgain() {
    hub.storageMisbehaviour.add(
        (exchange, content) -> {
          exchange.sendResponseHeaders(200, content.length);
          exchange.getResponseBody().write(content, 0, 10_000);
          exchange.getResponseBody().flush(); // and never again
        });

    assertThat(fetch(MAIN).resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
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

  private static long first(FakeHub.Seen seen) {
    return Long.parseLong(seen.range().replaceAll("\\D", ""));
  }
}
