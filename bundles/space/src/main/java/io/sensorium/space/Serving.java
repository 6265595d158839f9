package io.sensorium.space;

import io.sensorium.api.InferenceException;
import io.sensorium.api.ResourceExhaustedException;
import io.sensorium.api.SensoriumException;
import io.sensorium.api.ServiceGoneException;
import io.sensorium.api.runtime.Reclaimable;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.tensor.Tensor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a generation serves with: its queue, its preprocessor and its session. Thread-safe. */
final class Serving implements Batcher.Stages, BatchRunner.Results {
  private static final Logger LOG = LoggerFactory.getLogger(Serving.class);

  private final Generation generation;
  private final EngineContext engine;
  private final Opening.Opened opened;
  private final Batcher batcher;
  private final LongAdder answered = new LongAdder();
  private volatile long usedNanos = System.nanoTime();

  /** Takes over what was opened. */
  Serving(Generation generation, EngineContext engine, Opening.Opened opened) {
    this.generation = generation;
    this.engine = engine;
    this.opened = opened;
    this.batcher = new Batcher(generation.label(), engine.settings(), this);
  }

  /**
   * Takes an item.
   *
   * @return false if nothing is taken any more
   * @throws ResourceExhaustedException if the queue is full
   */
  boolean offer(Item item) {
    usedNanos = System.nanoTime();
    return batcher.offer(item);
  }

  /** How long there has been nothing to do; zero while there is. */
  Duration idle() {
    return batcher.isIdle()
        ? Duration.ofNanos(Math.max(0, System.nanoTime() - usedNanos))
        : Duration.ZERO;
  }

  void reclaimableBy(Reclaimable holder) {
    opened.lease().reclaimableBy(holder);
  }

  String provider() {
    return opened.lease().executionProvider();
  }

  /** The embedding's length; 0 or less if it is not known yet. */
  long dimension() {
    return opened.runner().dimension();
  }

  /** Requests answered so far. */
  long requests() {
    return answered.sum();
  }

  /** Items per session run so far; 0 before the first. */
  double meanBatch() {
    long runs = opened.runner().runs();
    return runs == 0 ? 0 : (double) opened.runner().items() / runs;
  }

  /**
   * Takes nothing new, finishes what was taken, queued or running, until the deadline, and hands
   * the rest back.
   */
  void finish(Duration patience) {
    batcher.close();
    boolean finished = false;
    try {
      finished = batcher.awaitIdle(patience);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    List<Item> left = batcher.abandon();
    if (!finished) {
      LOG.warn("{} did not drain in {}; {} items go on", generation, patience, left.size());
    }
    left.forEach(item -> engine.failed(item, new ServiceGoneException(generation + " is leaving")));
  }

  /** Gives session and preprocessor back, the session first. */
  void giveBack() {
    batcher.abandon();
    opened.lease().close();
    try {
      opened.preprocessor().close();
    } catch (Throwable e) {
      LOG.warn("{} did not close its preprocessor", generation, e);
    }
  }

  @Override
  public PreparedItem prepare(Item item) {
    item.context().check("preparing '" + item.request().input().name() + "'");
    Map<String, Tensor> tensors = opened.preprocessor().prepare(item.request().input());
    return new PreparedItem(item, tensors, opened.runner().check(tensors));
  }

  @Override
  public void run(List<PreparedItem> batch) {
    opened.runner().run(batch, this);
  }

  @Override
  public void answered(Item item, Embedding embedding) {
    answered.increment();
    usedNanos = System.nanoTime();
    batcher.forget(item);
    engine.answers().execute(() -> item.complete(embedding, generation));
  }

  @Override
  public void failed(Item item, Throwable failure) {
    fail(item, failure);
  }

  @Override
  public void fail(Item item, Throwable failure) {
    batcher.forget(item);
    engine.failed(item, described(item, failure));
  }

  private Throwable described(Item item, Throwable failure) {
    String name = item.request().input().name();
    if (failure instanceof SensoriumException) {
      return failure;
    }
    if (generation.hasLeftOn()) {
      return new ServiceGoneException(
          generation + " left while it worked for '" + name + "'", failure);
    }
    if (failure instanceof OutOfMemoryError) {
      return new ResourceExhaustedException("not enough memory for '" + name + "'", failure);
    }
    return new InferenceException(
        generation + " failed on '" + name + "': " + SensoriumException.reasonOf(failure), failure);
  }
}
