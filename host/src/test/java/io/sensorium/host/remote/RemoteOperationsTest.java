package io.sensorium.host.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.sensorium.api.RequestCancelledException;
import io.sensorium.api.RequestContext;
import io.sensorium.host.FakeOperations;
import io.sensorium.host.launch.HomeFolder;
import io.sensorium.host.operations.Arguments.ClassifyArguments;
import io.sensorium.host.operations.Arguments.ImportArguments;
import io.sensorium.host.operations.Arguments.IndexArguments;
import io.sensorium.host.operations.Arguments.Item;
import io.sensorium.host.operations.Arguments.Items;
import io.sensorium.host.operations.Arguments.JarArguments;
import io.sensorium.host.operations.Arguments.MemoryArguments;
import io.sensorium.host.operations.Arguments.Name;
import io.sensorium.host.operations.Arguments.PlanArguments;
import io.sensorium.host.operations.Arguments.SearchArguments;
import io.sensorium.host.operations.Arguments.SpaceChoice;
import io.sensorium.host.operations.Arguments.Term;
import io.sensorium.host.operations.Arguments.VerifyArguments;
import io.sensorium.host.operations.AskArguments;
import io.sensorium.host.operations.Call;
import io.sensorium.host.operations.GenerationArguments.Generate;
import io.sensorium.host.operations.GenerationArguments.Manner;
import io.sensorium.host.operations.GenerationArguments.Penalties;
import io.sensorium.host.operations.GenerationArguments.Words;
import io.sensorium.host.operations.HostOperations;
import io.sensorium.host.operations.Results.Progress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class RemoteOperationsTest {
  @TempDir private Path folder;

  private final FakeOperations host = new FakeOperations();
  private HomeFolder home;
  private OperationServer server;

  @BeforeEach
  void serve() {
    home = new HomeFolder(folder);
    server = OperationServer.start(home, host, "0", "cpu");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void answersEveryOperationAsTheHostItself() {
    Item item = Item.file("image", "/a/\"ü\".png");
    List<Function<HostOperations, Object>> questions =
        List.of(
            o -> o.index(new IndexArguments(List.of("/a", "/b"), SpaceChoice.DEFAULT), call()),
            o ->
                o.search(
                    new SearchArguments(
                        List.of(new Term(item, 1), new Term(Item.text("a\nb"), -0.5)),
                        true,
                        List.of("image"),
                        Map.of("k", "v"),
                        3,
                        new SpaceChoice("clip", null)),
                    call()),
            o ->
                o.embed(
                    new Items(List.of(item, Item.text("x")), new SpaceChoice(null, "clip-b32")),
                    call()),
            o ->
                o.classify(
                    new ClassifyArguments(item, List.of("a", "b"), SpaceChoice.DEFAULT), call()),
            o -> o.generate(generation(3), call()),
            o -> o.generate(generation(-1), call()),
            o ->
                o.ask(
                    new AskArguments("lm", List.of(item), "Was?", generation(-1).manner()), call()),
            o -> o.models(call()),
            o -> o.inspectModel(new Name("m"), call()),
            o ->
                o.importModel(
                    new ImportArguments("/m", null, null, true, "int8", 0.99, "mit", "b"), call()),
            o -> o.planModel(new PlanArguments("/m", null, "int8", 8), call()),
            o -> o.verifyModel(new VerifyArguments("m", null), call()),
            o -> o.removeModel(new Name("m"), call()),
            o -> o.bundles(call()),
            o -> o.updateBundle(new JarArguments("b", "/b.jar"), call()),
            o -> o.removeBundle(new Name("b"), call()),
            o -> o.doctor(call()),
            o -> o.memory(new MemoryArguments(null, "m", "int8"), call()));
    try (RemoteOperations remote = connect()) {
      for (Function<HostOperations, Object> question : questions) {
        assertThat(question.apply(remote)).isEqualTo(question.apply(host));
      }
    }
    assertThat(host.closed).hasValue(0);
  }

  @Test
  void carriesFailuresAndTheConnectionGoesOn() {
    try (RemoteOperations remote = connect()) {
      assertThatThrownBy(() -> remote.installBundle(new JarArguments(null, "/x.jar"), call()))
          .isInstanceOf(RemoteException.class)
          .hasMessageContaining("/x.jar");
      assertThat(remote.models(call()).models()).hasSize(1);
    }
  }

  @Test
  void tellsProgress() {
    List<Progress> told = new ArrayList<>();
    try (RemoteOperations remote = connect()) {
      remote.index(
          new IndexArguments(List.of("/a"), SpaceChoice.DEFAULT), Call.unhurried(told::add));
    }
    assertThat(told).containsExactly(new Progress(1, 7, 2.5, 2.4));
  }

  @Test
  void tellsTextPieceByPiece() {
    List<String> told = new ArrayList<>();
    try (RemoteOperations remote = connect()) {
      Call call = call();
      remote.generate(generation(-1), new Call(call.context(), call.progress(), told::add));
    }
    assertThat(told).containsExactly("three ", "bells");
  }

  private static Generate generation(int logProbabilities) {
    return new Generate(
        "lm",
        new Words(null, null, "Wie viele\nGlöckchen?", "short"),
        new Manner(
            "beam,width=4",
            new Penalties(1.1, 0.5, 0.25),
            9,
            true,
            List.of("."),
            true,
            logProbabilities,
            "{}",
            "pirate"));
  }

  @Test
  void cancelsTheRequestOfAClientThatCancels() throws InterruptedException {
    host.endless = true;
    Call call = Call.unhurried(progress -> {});
    try (RemoteOperations remote = connect()) {
      Thread.ofVirtual().start(() -> cancelOnceRunning(call.context()));
      assertThatThrownBy(
              () -> remote.index(new IndexArguments(List.of("/a"), SpaceChoice.DEFAULT), call))
          .isInstanceOf(RequestCancelledException.class);
    }
    assertThat(host.cancelled.await(1, TimeUnit.MINUTES)).isTrue();
  }

  private void cancelOnceRunning(RequestContext context) {
    try {
      host.indexing.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    context.cancel();
  }

  @Test
  void cancelsTheRequestOfAClientThatDies() throws Exception {
    host.endless = true;
    try (SocketChannel client = open()) {
      send(
          client,
          "{\"id\":1,\"operation\":\"index\",\"timeoutMillis\":60000,"
              + "\"arguments\":{\"paths\":[\"/a\"]}}\n");
      assertThat(host.indexing.await(1, TimeUnit.MINUTES)).isTrue();
    }
    assertThat(host.cancelled.await(1, TimeUnit.MINUTES)).isTrue();
  }

  @Test
  void refusesWhatIsNoRequestAndServesOthersAllTheWhile() throws IOException {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    byte[] noise = new byte[4096];
    random.nextBytes(noise);
    List<String> hostile =
        List.of(
            "\n",
            "null\n",
            "[1,2]\n",
            "{\n",
            "[".repeat(100_000) + "\n",
            "{\"id\":1}\n",
            "{\"id\":1,\"operation\":\"format\",\"timeoutMillis\":1}\n",
            "{\"id\":1,\"operation\":\"search\",\"timeoutMillis\":-5,\"arguments\":{}}\n",
            new String(noise, StandardCharsets.ISO_8859_1) + "\n");
    for (String line : hostile) {
      try (SocketChannel client = open();
          JsonLines lines = new JsonLines(client, 1 << 20)) {
        assertThat(lines.read().orElseThrow().get("protocol").asInt()).isEqualTo(1);
        send(client, line);
        Optional<JsonNode> reply = lines.read();
        assertThat(reply.orElseThrow().get("error").get("message").asText()).isNotBlank();
        assertThat(lines.read()).isEmpty();
      }
    }
    try (RemoteOperations remote = connect()) {
      assertThat(remote.models(call()).models()).hasSize(1);
    }
  }

  @Test
  void refusesArgumentsThatMakeNoSenseWithoutHangingUp() throws IOException {
    try (SocketChannel client = open();
        JsonLines lines = new JsonLines(client, 1 << 20)) {
      lines.read();
      for (String arguments :
          List.of("{}", "null", "{\"terms\":[{}]}", "{\"unknown\":1}", "7", "\"x\"")) {
        send(
            client,
            "{\"id\":3,\"operation\":\"search\",\"timeoutMillis\":5000,\"arguments\":%s}\n"
                .formatted(arguments));
        JsonNode reply = lines.read().orElseThrow();
        assertThat(reply.get("id").asInt()).isEqualTo(3);
        assertThat(reply.get("error").get("kind").asText()).isEqualTo("IllegalArgumentException");
      }
    }
  }

  @Test
  void cutsOffALineThatIsTooLong() throws IOException {
    try (SocketChannel client = open();
        JsonLines lines = new JsonLines(client, 1 << 20)) {
      lines.read();
      String megabyte = "x".repeat(1 << 20);
      try {
        send(client, "{\"id\":\"" + megabyte + megabyte);
      } catch (IOException e) {
        // The server hung up while we were still sending: what it should do.
        return;
      }
      assertThat(lines.read().orElseThrow().get("error").get("message").asText())
          .contains("1048576");
    }
  }

  @Test
  void takesOneRequestAtATime() throws Exception {
    host.endless = true;
    String request =
        "{\"id\":1,\"operation\":\"index\",\"timeoutMillis\":60000,"
            + "\"arguments\":{\"paths\":[\"/a\"]}}\n";
    try (SocketChannel client = open()) {
      send(client, request);
      assertThat(host.indexing.await(1, TimeUnit.MINUTES)).isTrue();
      send(client, request);
      assertThat(host.cancelled.await(1, TimeUnit.MINUTES)).isTrue();
    }
  }

  @Test
  void keepsADeadline() {
    host.endless = true;
    try (RemoteOperations remote = connect()) {
      assertThatThrownBy(
              () ->
                  remote.index(
                      new IndexArguments(List.of("/a"), SpaceChoice.DEFAULT),
                      Call.within(Duration.ofMillis(200))))
          .isInstanceOf(io.sensorium.api.DeadlineExceededException.class);
    }
  }

  @Test
  void letsTheOwnerAloneInAndLeavesNothingBehind() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.socket())))
        .isEqualTo("rw-------");

    server.close();

    assertThat(home.socket()).doesNotExist();
    assertThat(RemoteOperations.connect(home)).isEmpty();
  }

  @Test
  void findsNoHostBehindADeadSocket() throws IOException {
    server.close();
    Files.writeString(home.socket(), "/nowhere/host.sock");

    assertThat(RemoteOperations.connect(home)).isEmpty();
    server = OperationServer.start(home, host, "0", "cpu");
    connect().close();
  }

  @Test
  void servesAHomeWhosePathIsTooLongForASocket() throws IOException {
    Path deep = Files.createDirectories(folder.resolve("deep".repeat(20)).resolve("er".repeat(30)));
    HomeFolder far = new HomeFolder(deep);
    try (OperationServer second = OperationServer.start(far, host, "0", "cpu");
        RemoteOperations remote = RemoteOperations.connect(far).orElseThrow()) {
      assertThat(second).isNotNull();
      assertThat(remote.models(call()).models()).hasSize(1);
    }
    assertThat(far.socket()).doesNotExist();
  }

  private RemoteOperations connect() {
    return RemoteOperations.connect(home).orElseThrow();
  }

  private SocketChannel open() throws IOException {
    return SocketChannel.open(SocketLocation.find(home).orElseThrow());
  }

  private static void send(SocketChannel client, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      client.write(bytes);
    }
  }

  private static Call call() {
    return Call.within(Duration.ofMinutes(1));
  }
}
