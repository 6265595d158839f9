package io.sensorium.host.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.sensorium.api.DeadlineExceededException;
import io.sensorium.api.RequestCancelledException;
import io.sensorium.api.ServiceGoneException;
import io.sensorium.host.launch.HomeFolder;
import io.sensorium.host.launch.Problems;
import io.sensorium.host.operations.Arguments.ClassifyArguments;
import io.sensorium.host.operations.Arguments.FeatureArguments;
import io.sensorium.host.operations.Arguments.ImportArguments;
import io.sensorium.host.operations.Arguments.IndexArguments;
import io.sensorium.host.operations.Arguments.Items;
import io.sensorium.host.operations.Arguments.JarArguments;
import io.sensorium.host.operations.Arguments.MemoryArguments;
import io.sensorium.host.operations.Arguments.Name;
import io.sensorium.host.operations.Arguments.Nothing;
import io.sensorium.host.operations.Arguments.PlanArguments;
import io.sensorium.host.operations.Arguments.ReembedArguments;
import io.sensorium.host.operations.Arguments.SearchArguments;
import io.sensorium.host.operations.Arguments.VerifyArguments;
import io.sensorium.host.operations.AskArguments;
import io.sensorium.host.operations.Call;
import io.sensorium.host.operations.GenerationArguments.Generate;
import io.sensorium.host.operations.HostOperations;
import io.sensorium.host.operations.MemoryResults.Ledger;
import io.sensorium.host.operations.Results;
import io.sensorium.host.operations.Results.Bundle;
import io.sensorium.host.operations.Results.Bundles;
import io.sensorium.host.operations.Results.Classification;
import io.sensorium.host.operations.Results.Embeddings;
import io.sensorium.host.operations.Results.Generated;
import io.sensorium.host.operations.Results.Health;
import io.sensorium.host.operations.Results.Hits;
import io.sensorium.host.operations.Results.Indexing;
import io.sensorium.host.operations.Results.ItemFeatures;
import io.sensorium.host.operations.Results.Model;
import io.sensorium.host.operations.Results.ModelDetails;
import io.sensorium.host.operations.Results.Models;
import io.sensorium.host.operations.Results.Plan;
import io.sensorium.host.operations.Results.Reembedding;
import io.sensorium.host.operations.Results.Removal;
import io.sensorium.host.operations.Results.Verification;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Asks the host that serves a home. One call at a time; close is idempotent. */
public final class RemoteOperations implements HostOperations {
  private static final int LONGEST_REPLY = 512 << 20;
  private static final long POLL_MILLIS = 50;
  private static final long SECONDS_TO_GREET = 10;
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final JsonLines lines;
  private final BlockingQueue<Optional<JsonNode>> received = new LinkedBlockingQueue<>();
  private final AtomicLong requests = new AtomicLong();
  private final Protocol.Greeting greeting;

  private RemoteOperations(SocketChannel channel) {
    this.lines = new JsonLines(channel, LONGEST_REPLY);
    Thread.ofVirtual().name("sensorium-replies").start(this::receive);
    this.greeting = greet();
  }

  /**
   * Connects to the host that serves a home.
   *
   * @return empty if none answers
   * @throws ServiceGoneException if what answers speaks another protocol
   */
  public static Optional<RemoteOperations> connect(HomeFolder home) {
    try {
      Optional<UnixDomainSocketAddress> address = SocketLocation.find(home);
      return address.isEmpty()
          ? Optional.empty()
          : Optional.of(new RemoteOperations(SocketChannel.open(address.get())));
    } catch (IOException e) {
      // A host that died leaves its socket behind; the next one to serve removes it.
      return Optional.empty();
    }
  }

  private Protocol.Greeting greet() {
    Protocol.Greeting said = null;
    try {
      Optional<JsonNode> first = received.poll(SECONDS_TO_GREET, TimeUnit.SECONDS);
      if (first != null && first.isPresent()) {
        said = JsonLines.MAPPER.convertValue(first.get(), Protocol.Greeting.class);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IllegalArgumentException e) {
      // Not a greeting: refused below.
      said = null;
    }
    if (said == null || said.protocol() != Protocol.VERSION) {
      close();
      throw new ServiceGoneException(
          "a host of protocol %d is required at the home's socket; got %s"
              .formatted(Protocol.VERSION, said));
    }
    return said;
  }

  /** The device that the host was started for. */
  public String device() {
    return greeting.device();
  }

  /** The host's process. */
  public long process() {
    return greeting.process();
  }

  @Override
  public Indexing index(IndexArguments arguments, Call call) {
    return ask("index", arguments, Indexing.class, call);
  }

  @Override
  public Hits search(SearchArguments arguments, Call call) {
    return ask("search", arguments, Hits.class, call);
  }

  @Override
  public Embeddings embed(Items arguments, Call call) {
    return ask("embed", arguments, Embeddings.class, call);
  }

  @Override
  public ItemFeatures features(FeatureArguments arguments, Call call) {
    return ask("features", arguments, ItemFeatures.class, call);
  }

  @Override
  public Classification classify(ClassifyArguments arguments, Call call) {
    return ask("classify", arguments, Classification.class, call);
  }

  @Override
  public Generated generate(Generate arguments, Call call) {
    return ask("generate", arguments, Generated.class, call);
  }

  @Override
  public Generated ask(AskArguments arguments, Call call) {
    return ask("ask", arguments, Generated.class, call);
  }

  @Override
  public Models models(Call call) {
    return ask("models", new Nothing(), Models.class, call);
  }

  @Override
  public ModelDetails inspectModel(Name name, Call call) {
    return ask("inspectModel", name, ModelDetails.class, call);
  }

  @Override
  public Model importModel(ImportArguments arguments, Call call) {
    return ask("importModel", arguments, Model.class, call);
  }

  @Override
  public Plan planModel(PlanArguments arguments, Call call) {
    return ask("planModel", arguments, Plan.class, call);
  }

  @Override
  public Verification verifyModel(VerifyArguments arguments, Call call) {
    return ask("verifyModel", arguments, Verification.class, call);
  }

  @Override
  public Removal removeModel(Name name, Call call) {
    return ask("removeModel", name, Removal.class, call);
  }

  @Override
  public Reembedding reembed(ReembedArguments arguments, Call call) {
    return ask("reembed", arguments, Reembedding.class, call);
  }

  @Override
  public Bundles bundles(Call call) {
    return ask("bundles", new Nothing(), Bundles.class, call);
  }

  @Override
  public Bundle installBundle(JarArguments arguments, Call call) {
    return ask("installBundle", arguments, Bundle.class, call);
  }

  @Override
  public Bundle updateBundle(JarArguments arguments, Call call) {
    return ask("updateBundle", arguments, Bundle.class, call);
  }

  @Override
  public Removal removeBundle(Name name, Call call) {
    return ask("removeBundle", name, Removal.class, call);
  }

  @Override
  public Health doctor(Call call) {
    return ask("doctor", new Nothing(), Health.class, call);
  }

  @Override
  public Ledger memory(MemoryArguments arguments, Call call) {
    return ask("memory", arguments, Ledger.class, call);
  }

  private synchronized <R> R ask(String operation, Object arguments, Class<R> type, Call call) {
    long id = requests.incrementAndGet();
    long timeoutMillis = Math.max(1, call.context().remainingNanos() / 1_000_000);
    try {
      lines.write(new Protocol.Request(id, operation, timeoutMillis, arguments));
      while (true) {
        JsonNode reply = next(operation, call);
        if (reply.has("error")) {
          throw failure(JsonLines.MAPPER.treeToValue(reply.get("error"), Protocol.Failure.class));
        }
        if (reply.path("id").asLong() == id && reply.has("result")) {
          return JsonLines.MAPPER.treeToValue(reply.get("result"), type);
        }
        if (reply.has("progress")) {
          call.progress()
              .accept(JsonLines.MAPPER.treeToValue(reply.get("progress"), Results.Progress.class));
        }
        if (reply.has("text")) {
          call.text().accept(reply.get("text").asText());
        }
      }
    } catch (JsonProcessingException e) {
      throw new ServiceGoneException("the host's answer cannot be read: " + Problems.line(e), e);
    } catch (IOException e) {
      throw gone(e);
    }
  }

  private JsonNode next(String operation, Call call) throws IOException {
    try {
      while (true) {
        Optional<JsonNode> reply = received.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
        if (reply != null) {
          return reply.orElseThrow(() -> gone(null));
        }
        // The host keeps the deadline itself; this is for a host that hangs.
        if (call.context().isCancelled() || call.context().remainingNanos() < -GRACE_NANOS) {
          close();
          call.context().check("the answer to " + operation);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close();
      throw new RequestCancelledException("interrupted while waiting for " + operation, e);
    }
  }

  private ServiceGoneException gone(IOException cause) {
    return new ServiceGoneException(
        "the host, process %d, hung up before it answered".formatted(process()), cause);
  }

  private static RuntimeException failure(Protocol.Failure failure) {
    return switch (failure.kind()) {
      case "IllegalArgumentException" -> new IllegalArgumentException(failure.message());
      case "DeadlineExceededException" -> new DeadlineExceededException(failure.message());
      case "RequestCancelledException" -> new RequestCancelledException(failure.message());
      default -> new RemoteException(failure.message(), failure.retriable());
    };
  }

  /** Runs on its own thread, so that a waiting call can still be cancelled. */
  private void receive() {
    try {
      while (true) {
        Optional<JsonNode> reply = lines.read();
        received.add(reply);
        if (reply.isEmpty()) {
          return;
        }
      }
    } catch (IOException e) {
      received.add(Optional.empty());
    }
  }

  @Override
  public void close() {
    try {
      lines.close();
    } catch (IOException e) {
      throw new ServiceGoneException("the connection cannot be closed", e);
    }
  }
}
