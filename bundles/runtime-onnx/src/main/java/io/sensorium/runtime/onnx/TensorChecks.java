package io.sensorium.runtime.onnx;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.ShapeMismatchException;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import java.util.List;
import java.util.Map;

/** Compares tensors with what a model declares, before native code sees them. */
final class TensorChecks {
  private TensorChecks() {}

  /** Every declared input must be given and fit, and nothing else. */
  static void requireInputs(ModelKey model, List<TensorSpec> specs, Map<String, Tensor> given) {
    for (TensorSpec spec : specs) {
      Tensor tensor = given.get(spec.name());
      if (tensor == null) {
        throw new ShapeMismatchException(
            "input '%s' must be %s; it is missing (model %s)"
                .formatted(spec.name(), spec.signature(), model));
      }
      requireFit("input", model, spec, tensor);
    }
    requireKnown("input", model, specs, given);
  }

  /** Every given output must be declared and fit; at least one must be given. */
  static void requireOutputs(ModelKey model, List<TensorSpec> specs, Map<String, Tensor> given) {
    if (given.isEmpty()) {
      throw new IllegalArgumentException("at least one output is required (model " + model + ")");
    }
    requireKnown("output", model, specs, given);
    for (TensorSpec spec : specs) {
      Tensor tensor = given.get(spec.name());
      if (tensor != null) {
        requireFit("output", model, spec, tensor);
      }
    }
  }

  /** The graph must take exactly the inputs that the manifest declares, and give its outputs. */
  static void requireDeclared(
      ModelGraph model, List<TensorSpec> graphInputs, List<TensorSpec> graphOutputs) {
    requireDeclared("input", model, model.manifest().inputs(), graphInputs);
    requireDeclared("output", model, model.manifest().outputs(), graphOutputs);
    for (TensorSpec spec : graphInputs) {
      if (model.manifest().inputs().stream().noneMatch(known -> known.name().equals(spec.name()))) {
        throw new ModelLoadException(
            "input '%s' %s of the graph must be declared in the manifest (model %s)"
                .formatted(spec.name(), spec.signature(), model));
      }
    }
  }

  private static void requireDeclared(
      String what, ModelGraph model, List<TensorSpec> declared, List<TensorSpec> graph) {
    for (TensorSpec spec : declared) {
      TensorSpec found =
          graph.stream()
              .filter(candidate -> candidate.name().equals(spec.name()))
              .findFirst()
              .orElseThrow(
                  () ->
                      new ModelLoadException(
                          "%s '%s' of the manifest must be in the graph, which has %s (model %s)"
                              .formatted(
                                  what,
                                  spec.name(),
                                  graph.stream().map(TensorSpec::name).toList(),
                                  model)));
      if (found.type() != spec.type() || !overlap(found.shape(), spec.shape())) {
        throw new ModelLoadException(
            "%s '%s' must be %s as the manifest declares; the graph has %s (model %s)"
                .formatted(what, spec.name(), spec.signature(), found.signature(), model));
      }
    }
  }

  private static boolean overlap(Shape one, Shape other) {
    boolean overlap = one.rank() == other.rank();
    for (int axis = 0; overlap && axis < one.rank(); axis++) {
      overlap =
          one.dimension(axis) == other.dimension(axis)
              || one.dimension(axis) == Shape.DYNAMIC
              || other.dimension(axis) == Shape.DYNAMIC;
    }
    return overlap;
  }

  private static void requireFit(String what, ModelKey model, TensorSpec spec, Tensor tensor) {
    if (!spec.accepts(tensor)) {
      throw new ShapeMismatchException(
          "%s '%s' must be %s; got %s (model %s)"
              .formatted(what, spec.name(), spec.signature(), tensor, model));
    }
  }

  private static void requireKnown(
      String what, ModelKey model, List<TensorSpec> specs, Map<String, Tensor> given) {
    for (String name : given.keySet()) {
      if (specs.stream().noneMatch(spec -> spec.name().equals(name))) {
        throw new ShapeMismatchException(
            "unknown %s '%s'; the model has %s (model %s)"
                .formatted(what, name, specs.stream().map(TensorSpec::name).toList(), model));
      }
    }
  }
}
