package io.sensorium.models.training.adapters;

import io.sensorium.models.training.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The parameters of an adapter, in the order in which its script takes them, and where their first
 * values come from. One thread at a time.
 */
final class ParameterSlots {
  /** A tensor and where its first values come from. */
  @SuppressWarnings("ArrayRecordComponent") // compared nowhere
  private record Slot(long[] shape, double deviation, float constant) {}

  private final Map<String, Slot> slots = new LinkedHashMap<>();

  /** A tensor that begins with one value everywhere. */
  void constant(String name, double value, long... shape) {
    slots.put(name, new Slot(shape, 0, (float) value));
  }

  /** A tensor that begins with normally distributed values around 0. */
  void random(String name, double deviation, long... shape) {
    slots.put(name, new Slot(shape, deviation, 0));
  }

  /** A layer norm. */
  void norm(String name, int width) {
    constant(name + ".weight", 1, width);
    constant(name + ".bias", 0, width);
  }

  /** A linear layer. */
  void linear(String name, int out, int in) {
    random(name + ".weight", 1 / Math.sqrt(in), out, in);
    constant(name + ".bias", 0, out);
  }

  /** Their names. */
  List<String> names() {
    return List.copyOf(slots.keySet());
  }

  /** Fresh parameters. */
  List<Parameter> initialise(RandomGenerator random) {
    var parameters = new ArrayList<Parameter>();
    slots.forEach(
        (name, slot) -> {
          Parameter parameter = Parameter.filled(name, slot.constant(), slot.shape());
          if (slot.deviation() > 0) {
            for (int at = 0; at < parameter.values().length; at++) {
              parameter.values()[at] = (float) (random.nextGaussian() * slot.deviation());
            }
          }
          parameters.add(parameter);
        });
    return parameters;
  }
}
