package io.sensorium.models.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is believed of a hub's answers, and where they lead. */
class HubAnswersTest extends HubClientFixture {
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

  private static FakeHub.Answerer busy(int status, String retryAfter) {
    return (exchange, content) -> {
      exchange.getResponseHeaders().add("Retry-After", retryAfter);
      exchange.sendResponseHeaders(status, -1);
      exchange.close();
    };
  }
}
