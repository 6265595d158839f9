package io.sensorium.models.hub;

import io.sensorium.api.RequestContext;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The bytes of an answer, pulled piece by piece; a stream that stalls ends with a failure instead
 * of waiting for ever. Read by one thread at a time.
 */
final class TimedBody implements AutoCloseable {
  private static final Object END = new Object();
  private static final long SLICE_NANOS = Duration.ofMillis(100).toNanos();

  private final Duration idle;
  private final RequestContext context;
  // Demand is one piece, so at most that and the end wait here.
  private final BlockingQueue<Object> arrived = new LinkedBlockingQueue<>();
  private final BlockingQueue<Flow.Subscription> subscriptions = new LinkedBlockingQueue<>();
  private final Flow.Subscription subscription;

  TimedBody(Flow.Publisher<List<ByteBuffer>> body, Duration idle, RequestContext context)
      throws IOException {
    this.idle = idle;
    this.context = context;
    body.subscribe(new Arrivals());
    this.subscription = (Flow.Subscription) await(subscriptions);
  }

  /** The next piece; null at the end. */
  List<ByteBuffer> next() throws IOException {
    subscription.request(1);
    Object item = await(arrived);
    if (item instanceof Piece piece) {
      return piece.buffers();
    }
    if (item instanceof Throwable failure) {
      throw new IOException(failure.getMessage(), failure);
    }
    return null;
  }

  /** Stops the answer where it is. */
  @Override
  public void close() {
    subscription.cancel();
  }

  private Object await(BlockingQueue<?> queue) throws IOException {
    long until = System.nanoTime() + idle.toNanos();
    try {
      for (long left = idle.toNanos(); left > 0; left = until - System.nanoTime()) {
        context.check("the next bytes from the hub");
        Object item = queue.poll(Math.min(left, SLICE_NANOS), TimeUnit.NANOSECONDS);
        if (item != null) {
          return item;
        }
      }
      throw new HttpTimeoutException("no byte came for " + idle.toMillis() + " ms");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while reading from the hub", e);
    }
  }

  private record Piece(List<ByteBuffer> buffers) {}

  private final class Arrivals implements Flow.Subscriber<List<ByteBuffer>> {
    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscriptions.add(given);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      arrived.add(new Piece(buffers));
    }

    @Override
    public void onError(Throwable failure) {
      arrived.add(failure);
    }

    @Override
    public void onComplete() {
      arrived.add(END);
    }
  }
}
