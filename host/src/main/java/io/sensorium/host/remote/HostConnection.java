package io.sensorium.host.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.sensorium.api.DeadlineExceededException;
import io.sensorium.api.RequestCancelledException;
import io.sensorium.api.ServiceGoneException;
import io.sensorium.host.launch.Problems;
import io.sensorium.host.operations.Call;
import io.sensorium.host.operations.Results;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A connection to the host that serves a home, which greets and then answers requests. One request
 * at a time; close is idempotent.
 */
final class HostConnection implements AutoCloseable {
  private static final int LONGEST_REPLY = 512 << 20;
  private static final long POLL_MILLIS = 50;
  private static final long SECONDS_TO_GREET = 10;
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final JsonLines lines;
  private final BlockingQueue<Optional<JsonNode>> received = new LinkedBlockingQueue<>();
  private final AtomicLong requests = new AtomicLong();
  private final Protocol.Greeting greeting;

  /**
   * Returns once the host has greeted.
   *
   * @throws ServiceGoneException if what answers speaks another protocol
   */
  HostConnection(SocketChannel channel) {
    this.lines = new JsonLines(channel, LONGEST_REPLY);
    Thread.ofVirtual().name("sensorium-replies").start(this::receive);
    this.greeting = greet();
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

  /** What the host says of itself. */
  Protocol.Greeting greeting() {
    return greeting;
  }

  /** Has the host do something; the call hears of progress and pieces of text. */
  synchronized <R> R ask(String operation, Object arguments, Class<R> type, Call call) {
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
        "the host, process %d, hung up before it answered".formatted(greeting.process()), cause);
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
