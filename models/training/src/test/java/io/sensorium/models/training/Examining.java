package io.sensorium.models.training;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;

/** Runs examinations. */
final class Examining {
  private Examining() {}

  /** Per place whether the likeliest token is right, then the weighted log-probabilities. */
  static float[] examine(
      LanguageArchitecture architecture, List<Parameter> weights, List<TokenRow> rows, int length) {
    try (var module = new TorchModule(LanguageScript.examination(architecture))) {
      var inputs = new ArrayList<NDArray>();
      for (Parameter parameter : weights) {
        NDArray array = module.array(parameter.values(), parameter.shape());
        array.setName("parameters[]");
        inputs.add(array);
      }
      List<NDArray> batch = ConversationBatches.arrays(module, rows, length);
      batch.forEach(array -> array.setName("batch[]"));
      inputs.addAll(batch);
      return module.call(inputs);
    }
  }
}
