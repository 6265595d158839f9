package io.sensorium.space;

import static java.util.stream.Collectors.partitioningBy;

import io.sensorium.api.InferenceException;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.ShapeMismatchException;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.runtime.SessionLease;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.SpaceId;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * Runs prepared items through one session and answers unit vectors. One thread at a time, but for
 * {@link #check} and the counters.
 *
 * <p>Batch memory is kept between runs: rows are written straight into it, and the session writes
 * its output into memory that is kept as well.
 */
final class BatchRunner {
  private static final long TRIAL_SIZE = 8;

  /** Receives what became of each item. */
  interface Results {
    void answered(Item item, Embedding embedding);

    void failed(Item item, Throwable failure);
  }

  private final String model;
  private final SpaceId space;
  private final SessionLease lease;
  private final List<TensorSpec> inputs;
  private final TensorSpec output;
  private final Map<String, BatchTensor> inputMemory = new LinkedHashMap<>();
  private final BatchTensor outputMemory = new BatchTensor(ElementType.FLOAT32);
  private final LongAdder runs = new LongAdder();
  private final LongAdder items = new LongAdder();
  private volatile long dimension;

  /**
   * @throws ModelLoadException if the graph lacks the output that the manifest declares, or it is
   *     not one float32 vector an item
   */
  BatchRunner(ModelGraph graph, SessionLease lease) {
    this.model = graph.toString();
    this.space = graph.model().manifest().space().orElseThrow();
    this.lease = lease;
    this.inputs = lease.inputs();
    String wanted = graph.manifest().outputs().getFirst().name();
    this.output =
        lease.outputs().stream()
            .filter(spec -> spec.name().equals(wanted))
            .findFirst()
            .orElseThrow(
                () ->
                    new ModelLoadException(
                        "the graph needs the output '%s'; it has %s (model %s)"
                            .formatted(wanted, lease.outputs(), model)));
    if (output.type() != ElementType.FLOAT32 || output.shape().rank() != 2) {
      throw new ModelLoadException(
          "output '%s' must be float32[n,d]; got %s (model %s)"
              .formatted(wanted, output.signature(), model));
    }
    this.dimension = output.shape().dimension(1);
    inputs.forEach(spec -> inputMemory.put(spec.name(), new BatchTensor(spec.type())));
  }

  /** The number of components; {@link Shape#DYNAMIC} until a run has told. */
  long dimension() {
    return dimension;
  }

  long runs() {
    return runs.sum();
  }

  long items() {
    return items.sum();
  }

  /**
   * Runs the session once on zeros (ones for integers), so that the first request does not pay for
   * lazy allocation and a graph that cannot run is found out now. Open dimensions get a small size
   * each; a graph that refuses those is not held to be broken. One that answers no finite number
   * gets ones throughout before it is.
   */
  void warmUp(RequestContext context) {
    if (!isFinite(trial(0, context)) && !isFinite(trial(1, context))) {
      throw new ModelLoadException("a trial run must answer finite numbers (model " + model + ")");
    }
  }

  /** The output for constant inputs; null if the graph refuses a size that was guessed. */
  private Tensor trial(float value, RequestContext context) {
    boolean guessed = false;
    Map<String, Tensor> trial = new LinkedHashMap<>();
    for (TensorSpec spec : inputs) {
      Shape shape = spec.shape().rank() == 0 ? spec.shape() : spec.shape().with(0, 1);
      for (int axis = 1; axis < shape.rank(); axis++) {
        if (shape.dimension(axis) == Shape.DYNAMIC) {
          shape = shape.with(axis, TRIAL_SIZE);
          guessed = true;
        }
      }
      trial.put(spec.name(), constant(spec.type(), shape, value));
    }
    try {
      Tensor rows = lease.run(trial, context).get(output.name());
      learnDimension(rows, 1);
      return rows;
    } catch (InferenceException | ShapeMismatchException e) {
      if (!guessed) {
        throw new ModelLoadException("the trial run failed (model " + model + ")", e);
      }
      return null;
    }
  }

  private static Tensor constant(ElementType type, Shape shape, float value) {
    Tensor tensor = Tensor.allocate(type, shape);
    if (type == ElementType.INT64) {
      LongBuffer longs = tensor.asLongs();
      while (longs.hasRemaining()) {
        longs.put(1);
      }
    } else if (type == ElementType.FLOAT32 && value != 0) {
      FloatBuffer floats = tensor.asFloats();
      while (floats.hasRemaining()) {
        floats.put(value);
      }
    }
    return tensor;
  }

  /**
   * Runs one prepared item and requires a finite embedding.
   *
   * @throws ShapeMismatchException if it is not what the graph needs
   * @throws InferenceException if the run fails or its answer is not a finite vector
   */
  void tryOut(Map<String, Tensor> prepared, RequestContext context) {
    check(prepared);
    Tensor rows = lease.run(prepared, context).get(output.name());
    learnDimension(rows, 1);
    if (!isFinite(rows)) {
      throw new InferenceException(
          "output '%s' must be finite; it is not (model %s)".formatted(output.name(), model));
    }
  }

  private static boolean isFinite(Tensor rows) {
    if (rows == null) {
      return true;
    }
    FloatBuffer values = rows.asFloats();
    while (values.hasRemaining()) {
      if (!Float.isFinite(values.get())) {
        return false;
      }
    }
    return true;
  }

  /**
   * Checks that an encoder prepared what the graph needs.
   *
   * @return the size of the tensors together, in bytes
   * @throws ShapeMismatchException naming the input, what it must be and what it is
   */
  long check(Map<String, Tensor> prepared) {
    long bytes = 0;
    for (TensorSpec spec : inputs) {
      Tensor tensor = prepared.get(spec.name());
      boolean fits =
          tensor != null
              && tensor.shape().rank() > 0
              && tensor.shape().dimension(0) == 1
              && tensor.type() == spec.type()
              && spec.shape().with(0, Shape.DYNAMIC).accepts(tensor.shape());
      if (!fits) {
        throw new ShapeMismatchException(
            "input '%s' must be %s with n = 1 for an item; got %s (model %s)"
                .formatted(spec.name(), spec.signature(), tensor, model));
      }
      bytes += tensor.data().byteSize();
    }
    if (prepared.size() != inputs.size()) {
      throw new ShapeMismatchException(
          "inputs %s are required; got %s (model %s)"
              .formatted(inputMemory.keySet(), prepared.keySet(), model));
    }
    return bytes;
  }

  /** Runs items and reports on each of them. A failing item does not take the others with it. */
  void run(List<PreparedItem> batch, Results results) {
    List<PreparedItem> wanted = new ArrayList<>(batch.size());
    for (PreparedItem prepared : batch) {
      try {
        prepared.item().context().check("running " + model);
        if (!prepared.item().isDone()) {
          wanted.add(prepared);
        }
      } catch (RuntimeException over) {
        results.failed(prepared.item(), over);
      }
    }
    Map<Boolean, List<PreparedItem>> byTokens =
        wanted.stream().collect(partitioningBy(one -> one.item().tokenOutput().isPresent()));
    LengthGroups.of(byTokens.get(false)).forEach(group -> runTogether(group, results));
    byTokens.get(true).forEach(one -> runForTokens(one, results));
  }

  /** Runs one item by itself, since others need nothing but the embedding. */
  private void runForTokens(PreparedItem prepared, Results results) {
    Item item = prepared.item();
    try {
      Map<String, Tensor> outputs =
          lease.run(prepared.tensors(), RunScope.of(List.of(item)).context());
      runs.increment();
      items.add(1);
      learnDimension(outputs.get(output.name()), 1);
      tokens(outputs.get(item.tokenOutput().orElseThrow())).ifPresent(item::found);
      answer(List.of(prepared), outputs.get(output.name()), results);
    } catch (Throwable failure) {
      results.failed(item, failure);
    }
  }

  /** The states of one item, if that is what the output is. */
  private static Optional<Tensor> tokens(Tensor states) {
    Shape required = Shape.of(1, Shape.DYNAMIC, Shape.DYNAMIC);
    if (states == null
        || states.type() != ElementType.FLOAT32
        || !required.accepts(states.shape())) {
      return Optional.empty();
    }
    Shape apart = Shape.of(states.shape().dimension(1), states.shape().dimension(2));
    return Optional.of(Tensor.of(states.type(), apart, states.data()));
  }

  private void runTogether(List<PreparedItem> group, Results results) {
    Tensor rows;
    try {
      rows = runOnce(group);
    } catch (InferenceException | ShapeMismatchException failure) {
      if (group.size() == 1) {
        results.failed(group.getFirst().item(), failure);
      } else {
        runTogether(group.subList(0, group.size() / 2), results);
        runTogether(group.subList(group.size() / 2, group.size()), results);
      }
      return;
    } catch (Throwable failure) {
      group.forEach(prepared -> results.failed(prepared.item(), failure));
      return;
    }
    answer(group, rows, results);
  }

  private Tensor runOnce(List<PreparedItem> group) {
    Map<String, Tensor> batch = new LinkedHashMap<>();
    inputMemory.forEach(
        (name, memory) ->
            batch.put(
                name, memory.pack(group.stream().map(item -> item.tensors().get(name)).toList())));
    RequestContext context = RunScope.of(group.stream().map(PreparedItem::item).toList()).context();
    Tensor rows;
    if (dimension == Shape.DYNAMIC) {
      rows = lease.run(batch, context).get(output.name());
      learnDimension(rows, group.size());
    } else {
      rows = outputMemory.ofShape(Shape.of(group.size(), dimension));
      lease.run(batch, Map.of(output.name(), rows), context);
    }
    runs.increment();
    items.add(group.size());
    return rows;
  }

  private void learnDimension(Tensor rows, int count) {
    Shape required = Shape.of(count, dimension);
    if (rows == null || rows.type() != ElementType.FLOAT32 || !required.accepts(rows.shape())) {
      throw new InferenceException(
          "output '%s' must be float32%s; got %s (model %s)"
              .formatted(output.name(), required, rows, model));
    }
    dimension = rows.shape().dimension(1);
  }

  private void answer(List<PreparedItem> group, Tensor rows, Results results) {
    FloatBuffer values = rows.asFloats();
    int width = (int) dimension;
    for (int row = 0; row < group.size(); row++) {
      Item item = group.get(row).item();
      Embedding embedding;
      try {
        embedding = Embedding.of(space, values.slice(row * width, width)).normalized();
      } catch (IllegalArgumentException | IllegalStateException e) {
        String name = item.request().input().name();
        results.failed(
            item,
            new InferenceException(
                "a finite vector is required for '%s'; %s (model %s)"
                    .formatted(name, e.getMessage(), model),
                e));
        continue;
      }
      results.answered(item, embedding);
    }
  }
}
