package io.sensorium.models.training;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;

/**
 * Parameters and AdamW's moments of one training, updated in place by the steps of a {@link
 * TorchModule}. One thread at a time; the arrays belong to the module.
 */
public final class TrainingState {
  private static final double CLIP_NORM = 1;

  private final TorchModule module;
  private final List<Parameter> template;
  private final List<NDArray> parameters = new ArrayList<>();
  private final List<NDArray> first = new ArrayList<>();
  private final List<NDArray> second = new ArrayList<>();
  private int step;

  /** Begins with {@code initial} values and empty moments. */
  public TrainingState(TorchModule module, List<Parameter> initial) {
    this.module = module;
    this.template = List.copyOf(initial);
    for (Parameter parameter : template) {
      parameters.add(named("parameters[]", parameter.values(), parameter.shape()));
      float[] zeros = new float[parameter.values().length];
      first.add(named("first[]", zeros, parameter.shape()));
      second.add(named("second[]", zeros, parameter.shape()));
    }
  }

  private NDArray named(String name, float[] values, long... shape) {
    NDArray array = module.array(values, shape);
    array.setName(name);
    return array;
  }

  /** Steps taken so far. */
  public int step() {
    return step;
  }

  /**
   * Takes one step.
   *
   * @param batch the loss's inputs; closed before return
   * @return the losses followed by the gradient's norm before clipping
   */
  public float[] advance(List<NDArray> batch, double learningRate, double weightDecay) {
    return advance(batch, List.of(), learningRate, weightDecay);
  }

  /**
   * As {@link #advance(List, double, double)}.
   *
   * @param constants follow the loss's other inputs and stay open
   */
  public float[] advance(
      List<NDArray> batch, List<NDArray> constants, double learningRate, double weightDecay) {
    float[] values = {(float) learningRate, step + 1, (float) weightDecay, (float) CLIP_NORM};
    var inputs = new ArrayList<NDArray>(parameters);
    inputs.addAll(first);
    inputs.addAll(second);
    try (NDArray hyper = module.array(values, values.length)) {
      hyper.setName("hyper");
      batch.forEach(array -> array.setName("batch[]"));
      inputs.addAll(batch);
      constants.forEach(array -> array.setName("batch[]"));
      inputs.addAll(constants);
      inputs.add(hyper);
      float[] figures = module.call(inputs);
      step++;
      return figures;
    } finally {
      batch.forEach(NDArray::close);
    }
  }

  /** The current parameters' arrays, in order; they stay this state's. */
  public List<NDArray> arrays() {
    return List.copyOf(parameters);
  }

  /** The current parameters. */
  public List<Parameter> parameters() {
    return copy(parameters, "");
  }

  /** Parameters and moments under distinct names, with which {@link #restore} goes on. */
  public List<Parameter> everything() {
    var all = new ArrayList<>(copy(parameters, "parameter."));
    all.addAll(copy(first, "first."));
    all.addAll(copy(second, "second."));
    return all;
  }

  private List<Parameter> copy(List<NDArray> arrays, String prefix) {
    var copies = new ArrayList<Parameter>();
    for (int i = 0; i < arrays.size(); i++) {
      Parameter like = template.get(i);
      copies.add(new Parameter(prefix + like.name(), like.shape(), arrays.get(i).toFloatArray()));
    }
    return copies;
  }

  /** Goes on from what {@link #everything} returned after {@code stepsTaken} steps. */
  public void restore(List<Parameter> saved, int stepsTaken) {
    int size = template.size();
    if (saved.size() != 3 * size) {
      throw new IllegalArgumentException(
          "a checkpoint of %d tensors was required; got %d".formatted(3 * size, saved.size()));
    }
    for (int i = 0; i < size; i++) {
      parameters.get(i).set(saved.get(i).values());
      first.get(i).set(saved.get(size + i).values());
      second.get(i).set(saved.get(2 * size + i).values());
    }
    step = stepsTaken;
  }
}
