package io.sensorium.host.query;

import io.sensorium.api.RequestCancelledException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.EmbeddingService;
import io.sensorium.api.space.EncodeRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Embeds any number of items. Thread-safe.
 *
 * @param embeddings asked for anew for each item
 * @param contexts of the items' requests, asked for anew for each item
 */
public record Embedder(Supplier<EmbeddingService> embeddings, Supplier<RequestContext> contexts) {
  /** Enough to fill several runs, and few enough for a queue that others use as well. */
  static final int MOST_AT_ONCE = 128;

  /** An item that was asked for. */
  private record Asked(CompletableFuture<Embedding> answer, RequestContext context) {}

  /** One item's place, or why it has none. */
  public record Outcome(Optional<Embedding> embedding, Optional<RuntimeException> failure) {
    static Outcome of(Embedding embedding) {
      return new Outcome(Optional.of(embedding), Optional.empty());
    }

    static Outcome of(RuntimeException failure) {
      return new Outcome(Optional.empty(), Optional.of(failure));
    }
  }

  /**
   * The items' places, in their order.
   *
   * @throws io.sensorium.api.SensoriumException as {@link EmbeddingService#embedAsync} says, for
   *     the first item that fails; those behind it are given up
   */
  public List<Embedding> embed(List<EncodeRequest> items) {
    return embed(items.stream().map(item -> () -> item), asked -> await(asked.answer()));
  }

  /**
   * What became of each item, in their order: one that cannot be read or embedded is no other's
   * loss.
   *
   * @param items read when their turn comes
   * @throws RequestCancelledException if the caller is interrupted
   */
  public List<Outcome> embedEach(List<Supplier<EncodeRequest>> items) {
    return embed(items.stream(), Embedder::outcome);
  }

  private <R> List<R> embed(Stream<Supplier<EncodeRequest>> items, Function<Asked, R> answering) {
    Queue<Asked> asked = new ArrayDeque<>();
    List<R> answers = new ArrayList<>();
    try {
      for (Supplier<EncodeRequest> item : (Iterable<Supplier<EncodeRequest>>) items::iterator) {
        if (asked.size() == MOST_AT_ONCE) {
          answers.add(answering.apply(asked.remove()));
        }
        asked.add(ask(item));
      }
      while (!asked.isEmpty()) {
        answers.add(answering.apply(asked.remove()));
      }
    } finally {
      asked.forEach(each -> each.context().cancel());
    }
    return answers;
  }

  private Asked ask(Supplier<EncodeRequest> item) {
    RequestContext context = contexts.get();
    CompletableFuture<Embedding> answer;
    try {
      answer = embeddings.get().embedAsync(item.get(), context);
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedFuture(e);
    }
    return new Asked(answer, context);
  }

  private static Outcome outcome(Asked asked) {
    try {
      return Outcome.of(await(asked.answer()));
    } catch (RuntimeException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      return Outcome.of(e);
    }
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
