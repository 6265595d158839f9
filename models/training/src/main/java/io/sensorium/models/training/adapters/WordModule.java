package io.sensorium.models.training.adapters;

import ai.djl.ndarray.NDArray;
import io.sensorium.models.training.Parameter;
import io.sensorium.models.training.Schedule;
import io.sensorium.models.training.TorchModule;
import io.sensorium.models.training.TrainingState;
import java.util.ArrayList;
import java.util.List;

/**
 * An adapter that learns to write rows near the embeddings of given tokens; the language model's
 * layers take no part. One thread at a time; closing releases everything.
 */
final class WordModule implements AdapterCourse<Wording> {
  private final ProjectionShape shape;
  private final FeatureSource features;
  private final TorchModule module;
  private final TrainingState state;
  private final NDArray table;

  WordModule(
      ProjectionShape shape,
      FrozenDecoder decoder,
      List<Parameter> initial,
      FeatureSource features,
      boolean bfloat16) {
    this.shape = shape;
    this.features = features;
    if (shape.addsToLayers()) {
      throw new IllegalArgumentException("zero_gated gives no rows that could say a word");
    }
    AdapterNetwork network = AdapterNetwork.of(shape, decoder);
    module = new TorchModule(AdapterScript.packWords(network, bfloat16));
    try {
      state = new TrainingState(module, initial);
      Parameter embeddings = decoder.weights().getFirst();
      table = module.array(embeddings.values(), embeddings.shape());
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
  public float[] step(List<Wording> wordings, Schedule schedule) {
    int step = state.step();
    return state.advance(
        arrays(wordings), List.of(table), schedule.rate(step), schedule.weightDecay());
  }

  @Override
  public Examined examine(List<Wording> wordings) {
    List<NDArray> batch = arrays(wordings);
    float[] found;
    try (NDArray name = module.array(new float[1], 1)) {
      name.setName("module_method:examine");
      var inputs = new ArrayList<NDArray>();
      inputs.add(name);
      inputs.addAll(state.arrays());
      batch.forEach(array -> array.setName("batch[]"));
      inputs.addAll(batch);
      table.setName("batch[]");
      inputs.add(table);
      found = module.call(inputs);
    } finally {
      batch.forEach(NDArray::close);
    }
    int words = found.length / 2;
    int each = words / wordings.size();
    var right = new ArrayList<Boolean>();
    double logProbability = 0;
    for (int from = 0; from < words; from += each) {
      boolean all = true;
      for (int at = from; at < from + each; at++) {
        all &= found[at] > 0;
        logProbability += found[words + at];
      }
      right.add(all);
    }
    return new Examined(right, logProbability, words);
  }

  /** Token states and embeddings of the media, and the words of each. */
  private List<NDArray> arrays(List<Wording> wordings) {
    int each = wordings.getFirst().tokens().length;
    var words = new float[wordings.size() * each];
    for (int index = 0; index < wordings.size(); index++) {
      int[] tokens = wordings.get(index).tokens();
      if (tokens.length != each || each > shape.rows()) {
        throw new IllegalArgumentException(
            "all wordings of a step need equally many words, at most %d; got %d and %d"
                .formatted(shape.rows(), each, tokens.length));
      }
      for (int row = 0; row < each; row++) {
        words[index * each + row] = tokens[row];
      }
    }
    List<Integer> media = wordings.stream().map(Wording::medium).toList();
    var arrays = new ArrayList<>(LessonBatch.media(module, features, media));
    arrays.add(module.array(words, wordings.size(), each));
    return arrays;
  }

  @Override
  public void close() {
    module.close();
  }
}
