package io.sensorium.host.query;

import io.sensorium.api.RequestCancelledException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.EmbeddingService;
import io.sensorium.api.space.EncodeRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/**
 * Embeds any number of items. Thread-safe.
 *
 * @param embeddings asked for anew for each item
 * @param timeout for each item
 */
public record Embedder(Supplier<EmbeddingService> embeddings, Duration timeout) {
  /** Enough to fill several runs, and few enough for a queue that others use as well. */
  static final int MOST_AT_ONCE = 128;

  /** An item that was asked for. */
  private record Asked(CompletableFuture<Embedding> answer, RequestContext context) {}

  /**
   * The items' places, in their order.
   *
   * @throws io.sensorium.api.SensoriumException as {@link EmbeddingService#embedAsync} says, for
   *     the first item that fails; those behind it are given up
   */
  public List<Embedding> embed(List<EncodeRequest> items) {
    Queue<Asked> asked = new ArrayDeque<>();
    List<Embedding> embedded = new ArrayList<>(items.size());
    try {
      for (EncodeRequest item : items) {
        if (asked.size() == MOST_AT_ONCE) {
          embedded.add(await(asked.remove().answer()));
        }
        RequestContext context = RequestContext.within(timeout);
        asked.add(new Asked(embeddings.get().embedAsync(item, context), context));
      }
      while (!asked.isEmpty()) {
        embedded.add(await(asked.remove().answer()));
      }
    } finally {
      asked.forEach(each -> each.context().cancel());
    }
    return embedded;
  }

  /** An answer, which comes at its deadline at the latest. */
  static Embedding await(CompletableFuture<Embedding> answer) {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException("an answer failed unexpectedly", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RequestCancelledException("the caller was interrupted while it waited", e);
    }
  }
}
