package io.sensorium.space;

import io.sensorium.api.RequestContext;
import io.sensorium.api.SensoriumException;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.api.tensor.Tensor;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One request on its way to an answer. Thread-safe.
 *
 * <p>Exactly one holder has it at a time; when its answer completes in whatever way, also by the
 * caller's cancelling, the holder drops it.
 */
final class Item {
  private static final int MAX_ROUTES = 8;

  private final EncodeRequest request;
  private final RequestContext context;
  private final CompletableFuture<Embedding> answer = new CompletableFuture<>();
  private final AtomicInteger routes = new AtomicInteger();
  private volatile ItemHolder holder = item -> {};
  private final AtomicReference<RunScope> run = new AtomicReference<>();
  private final Optional<String> tokenOutput;
  private volatile Optional<Generation> answeredBy = Optional.empty();
  private volatile Optional<Tensor> tokens = Optional.empty();

  Item(EncodeRequest request, RequestContext context) {
    this(request, Optional.empty(), context);
  }

  /**
   * @param tokenOutput the encoder's output that is wanted besides the embedding
   */
  Item(EncodeRequest request, Optional<String> tokenOutput, RequestContext context) {
    this.request = request;
    this.tokenOutput = tokenOutput;
    this.context = context;
    var _ =
        answer.whenComplete(
            (embedding, failure) -> {
              holder.forget(this);
              leaveRun();
            });
  }

  EncodeRequest request() {
    return request;
  }

  RequestContext context() {
    return context;
  }

  /** The answer that the caller has; completing it is the end of the item. */
  CompletableFuture<Embedding> answer() {
    return answer;
  }

  /** The generation that answered; empty until then. */
  Optional<Generation> answeredBy() {
    return answeredBy;
  }

  /** The encoder's output that is wanted besides the embedding. */
  Optional<String> tokenOutput() {
    return tokenOutput;
  }

  /** That output, {@code [tokens, width]}, once the item is answered. */
  Optional<Tensor> tokens() {
    return tokens;
  }

  /** Notes that output; before the answer. */
  void found(Tensor states) {
    tokens = Optional.of(states);
  }

  int bytes() {
    return request.input().size();
  }

  boolean isDone() {
    return answer.isDone();
  }

  /** Answers whether the item may be sent to yet another generation. */
  boolean mayBeRoutedAgain() {
    return routes.incrementAndGet() < MAX_ROUTES;
  }

  /**
   * Tells who has the item from now on. The new holder must call {@link ItemHolder#forget} itself
   * if the item is done by the time it has stored it.
   */
  void heldBy(ItemHolder newHolder) {
    holder = newHolder;
  }

  void runsIn(RunScope scope) {
    run.set(scope);
    if (isDone()) {
      leaveRun();
    }
  }

  private void leaveRun() {
    RunScope scope = run.getAndSet(null);
    if (scope != null) {
      scope.leave();
    }
  }

  void complete(Embedding embedding, Generation generation) {
    answeredBy = Optional.of(generation);
    answer.complete(embedding);
  }

  void fail(Throwable failure) {
    answer.completeExceptionally(failure);
  }

  /** Fails the answer if the request was cancelled or its deadline has passed. */
  void failIfOver(String work) {
    try {
      context.check(work);
    } catch (SensoriumException over) {
      fail(over);
    }
  }
}
