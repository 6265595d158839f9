package io.sensorium.host.remote;

import com.fasterxml.jackson.databind.JsonNode;
import io.sensorium.api.RequestContext;
import io.sensorium.api.SensoriumException;
import io.sensorium.host.launch.Problems;
import io.sensorium.host.operations.Call;
import io.sensorium.host.operations.HostOperations;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client. Its thread keeps reading while a request runs on another one, so that it hears the
 * client go, and cancels.
 */
final class ServedConnection {
  private static final Logger LOG = LoggerFactory.getLogger(ServedConnection.class);
  private static final int LONGEST_REQUEST = 1 << 20;
  private static final long SECONDS_TO_ASK = 10;

  private final JsonLines lines;
  private final HostOperations operations;
  private final Protocol.Greeting greeting;
  private final ScheduledExecutorService clock;
  private final Consumer<ServedConnection> onEnd;
  private final AtomicReference<RequestContext> running = new AtomicReference<>();

  ServedConnection(
      SocketChannel channel,
      HostOperations operations,
      Protocol.Greeting greeting,
      ScheduledExecutorService clock,
      Consumer<ServedConnection> onEnd) {
    this.lines = new JsonLines(channel, LONGEST_REQUEST);
    this.operations = operations;
    this.greeting = greeting;
    this.clock = clock;
    this.onEnd = onEnd;
  }

  /** Serves until the client has gone or misbehaves. */
  void serve() {
    try {
      lines.write(greeting);
      while (true) {
        Optional<JsonNode> request = nextRequest();
        if (request.isEmpty()) {
          return;
        }
        begin(request.get());
      }
    } catch (IOException | RuntimeException e) {
      tell(Protocol.Reply.error(0, failure(e)));
    } finally {
      close();
      onEnd.accept(this);
    }
  }

  /** A client that connects and says nothing would hold its place for ever. */
  private Optional<JsonNode> nextRequest() throws IOException {
    ScheduledFuture<?> impatience =
        clock.schedule(this::closeIfIdle, SECONDS_TO_ASK, TimeUnit.SECONDS);
    try {
      return lines.read();
    } finally {
      impatience.cancel(false);
    }
  }

  private void closeIfIdle() {
    if (running.get() == null) {
      close();
    }
  }

  private void begin(JsonNode request) throws IOException {
    long id = request.path("id").asLong();
    long timeoutMillis = request.path("timeoutMillis").asLong();
    Protocol.Operation<?> operation = Protocol.OPERATIONS.get(request.path("operation").asText());
    if (operation == null || timeoutMillis < 1) {
      throw new IOException("a known operation and a positive timeoutMillis are required");
    }
    Duration timeout = Duration.ofMillis(Math.min(timeoutMillis, Duration.ofDays(365).toMillis()));
    RequestContext context = RequestContext.within(timeout);
    if (!running.compareAndSet(null, context)) {
      throw new IOException("one request at a time is required");
    }
    Call call =
        new Call(
            context,
            progress -> tell(Protocol.Reply.progress(id, progress)),
            piece -> tell(Protocol.Reply.text(id, piece)));
    Thread.ofVirtual()
        .name("sensorium-request")
        .start(() -> answer(id, operation, request.path("arguments"), call));
  }

  private void answer(long id, Protocol.Operation<?> operation, JsonNode arguments, Call call) {
    Protocol.Reply reply;
    try {
      reply = Protocol.Reply.result(id, operation.answer(operations, arguments, call));
    } catch (RuntimeException e) {
      LOG.debug("a request failed", e);
      reply = Protocol.Reply.error(id, failure(e));
    }
    // Only then may the client ask again, and it does so once it has read the reply.
    running.set(null);
    tell(reply);
  }

  private void tell(Protocol.Reply reply) {
    try {
      lines.write(reply);
    } catch (IOException e) {
      close();
    }
  }

  private static Protocol.Failure failure(Exception e) {
    boolean retriable = e instanceof SensoriumException known && known.retriable();
    return new Protocol.Failure(e.getClass().getSimpleName(), Problems.line(e), retriable);
  }

  /** Cancels what is running and hangs up. */
  void close() {
    RequestContext context = running.get();
    if (context != null) {
      context.cancel();
    }
    try {
      lines.close();
    } catch (IOException e) {
      LOG.debug("a connection could not be closed", e);
    }
  }
}
