package io.sensorium.models.training.adapters;

import ai.djl.ndarray.NDArray;
import io.sensorium.models.training.Parameter;
import io.sensorium.models.training.Schedule;
import io.sensorium.models.training.TorchModule;
import io.sensorium.models.training.TrainingState;
import java.util.ArrayList;
import java.util.List;

/**
 * An adapter in training before a frozen language model: steps, and answers without steps. One
 * thread at a time; closing releases everything.
 */
final class AdapterModule implements AdapterCourse<Lesson> {
  private final ProjectionShape shape;
  private final FeatureSource features;
  private final TorchModule module;
  private final TrainingState state;
  private final List<NDArray> frozen = new ArrayList<>();

  AdapterModule(
      ProjectionShape shape,
      FrozenDecoder decoder,
      List<Parameter> initial,
      FeatureSource features,
      boolean bfloat16) {
    this.shape = shape;
    this.features = features;
    AdapterNetwork network = AdapterNetwork.of(shape, decoder);
    module = new TorchModule(AdapterScript.pack(network, decoder.shape(), bfloat16));
    try {
      state = new TrainingState(module, initial);
      for (Parameter weight : decoder.weights()) {
        frozen.add(module.array(weight.values(), weight.shape()));
      }
    } catch (RuntimeException e) {
      module.close();
      throw e;
    }
  }

  @Override
  public TrainingState state() {
    return state;
  }

  @Override
  public float[] step(List<Lesson> lessons, Schedule schedule) {
    int step = state.step();
    List<NDArray> batch = new LessonBatch(lessons, shape.rows()).arrays(module, features);
    return state.advance(batch, frozen, schedule.rate(step), schedule.weightDecay());
  }

  @Override
  public Examined examine(List<Lesson> lessons) {
    var batch = new LessonBatch(lessons, shape.rows());
    float[] found = call("examine", batch.arrays(module, features));
    int places = batch.answered();
    var right = new ArrayList<Boolean>();
    int at = 0;
    for (Lesson lesson : lessons) {
      for (Lesson.Answer answer : lesson.answers()) {
        boolean all = true;
        for (int end = at + answer.to() - answer.from(); at < end; at++) {
          all &= found[at] > 0;
        }
        right.add(all);
      }
    }
    double sum = 0;
    for (int place = 0; place < places; place++) {
      sum += found[places + place];
    }
    return new Examined(right, sum, places);
  }

  /**
   * The rows that media become, {@code [media, rows, width]}, or what they together add to layers,
   * {@code [layers, attention width]}.
   */
  float[] given(List<Integer> media) {
    var builder = new Lesson.Builder();
    media.forEach(builder::medium);
    Lesson lesson = builder.answer("", 0).build();
    return call("given", new LessonBatch(List.of(lesson), shape.rows()).arrays(module, features));
  }

  private float[] call(String method, List<NDArray> batch) {
    try (NDArray name = module.array(new float[1], 1)) {
      name.setName("module_method:" + method);
      var inputs = new ArrayList<NDArray>();
      inputs.add(name);
      inputs.addAll(state.arrays());
      batch.forEach(array -> array.setName("batch[]"));
      inputs.addAll(batch);
      frozen.forEach(array -> array.setName("batch[]"));
      inputs.addAll(frozen);
      return module.call(inputs);
    } finally {
      batch.forEach(NDArray::close);
    }
  }

  /** What the frozen model is made of now. */
  List<float[]> frozenWeights() {
    return frozen.stream().map(NDArray::toFloatArray).toList();
  }

  /** How many arrays are alive; constant over steps. */
  int managedResources() {
    return module.managedResources();
  }

  @Override
  public void close() {
    module.close();
  }
}
