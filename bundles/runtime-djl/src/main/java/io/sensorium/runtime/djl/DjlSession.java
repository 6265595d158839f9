package io.sensorium.runtime.djl;

import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.TranslateException;
import io.sensorium.api.InferenceException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.ServiceGoneException;
import io.sensorium.api.ShapeMismatchException;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.runtime.GraphSession;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import java.lang.foreign.Arena;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;

/**
 * A loaded DJL model. Owns it and its arrays; runs may overlap, closing waits for them.
 *
 * <p>Inputs are handed over in the order of the manifest, under their names; outputs are taken by
 * name where the engine names them, else in order. No engine can be stopped in the middle of a run,
 * so that deadlines are seen before and after it.
 */
final class DjlSession implements GraphSession {
  private final ModelGraph graph;
  private final ZooModel<NDList, NDList> model;
  private final String executionProvider;
  private final long weightBytes;
  private final Consumer<DjlSession> onClose;
  private final ReadWriteLock use = new ReentrantReadWriteLock();
  private volatile boolean terminated;

  /**
   * Takes over the model.
   *
   * @param onClose called once the model is closed
   */
  DjlSession(
      ModelGraph graph,
      ZooModel<NDList, NDList> model,
      String executionProvider,
      long weightBytes,
      Consumer<DjlSession> onClose) {
    this.graph = graph;
    this.model = model;
    this.executionProvider = executionProvider;
    this.weightBytes = weightBytes;
    this.onClose = onClose;
  }

  @Override
  public List<TensorSpec> inputs() {
    return graph.manifest().inputs();
  }

  @Override
  public List<TensorSpec> outputs() {
    return graph.manifest().outputs();
  }

  @Override
  public String executionProvider() {
    return executionProvider;
  }

  @Override
  public long weightBytes() {
    return weightBytes;
  }

  @Override
  public Map<String, Tensor> run(Map<String, Tensor> given, RequestContext context) {
    context.check("the run of model " + graph);
    use.readLock().lock();
    try (Arena scratch = Arena.ofConfined()) {
      if (terminated) {
        throw new ServiceGoneException("model " + graph + " was retired");
      }
      Map<String, Tensor> outputs = predict(given, scratch);
      context.check("the run of model " + graph);
      return outputs;
    } finally {
      use.readLock().unlock();
    }
  }

  /** Answers whether the model's memory is still held. */
  boolean isOpen() {
    return model.getNDManager().isOpen();
  }

  private Map<String, Tensor> predict(Map<String, Tensor> given, Arena scratch) {
    try (NDManager manager = model.getNDManager().newSubManager();
        Predictor<NDList, NDList> predictor = model.newPredictor()) {
      NDList inputs = new NDList();
      for (TensorSpec spec : inputs()) {
        inputs.add(DjlTensors.borrow(manager, spec.name(), given.get(spec.name()), scratch));
      }
      try (NDList results = predictor.predict(inputs)) {
        return named(results);
      }
    } catch (TranslateException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new InferenceException(
          "model %s failed to run: %s".formatted(graph, cause.getMessage()), e);
    }
  }

  private Map<String, Tensor> named(NDList results) {
    if (results.size() < outputs().size()) {
      throw new InferenceException(
          "model %s must give %s; it gives %d arrays".formatted(graph, outputs(), results.size()));
    }
    Map<String, Tensor> named = new LinkedHashMap<>();
    for (int i = 0; i < outputs().size(); i++) {
      TensorSpec spec = outputs().get(i);
      NDArray byName = results.get(spec.name());
      Tensor tensor = DjlTensors.copyOf(spec.name(), byName == null ? results.get(i) : byName);
      if (!spec.accepts(tensor)) {
        throw new InferenceException(
            "output '%s' must be %s; the model gives %s (model %s)"
                .formatted(spec.name(), spec.signature(), tensor, graph));
      }
      named.put(spec.name(), tensor);
    }
    return named;
  }

  @Override
  public void run(Map<String, Tensor> given, Map<String, Tensor> into, RequestContext context) {
    Map<String, Tensor> results = run(given, context);
    into.forEach(
        (name, target) -> {
          Tensor result = results.get(name);
          if (!result.shape().equals(target.shape())) {
            throw new ShapeMismatchException(
                "output '%s' is %s; got memory for %s (model %s)"
                    .formatted(name, result, target, graph));
          }
          target.data().copyFrom(result.data());
        });
  }

  @Override
  public void terminate() {
    terminated = true;
  }

  /** Waits for the runs that are going on. */
  @Override
  public void close() {
    terminated = true;
    use.writeLock().lock();
    try {
      model.close();
    } finally {
      use.writeLock().unlock();
      onClose.accept(this);
    }
  }
}
