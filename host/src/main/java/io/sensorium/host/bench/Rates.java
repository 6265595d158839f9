package io.sensorium.host.bench;

import java.util.ArrayList;
import java.util.List;

/** Items a second, round by round. One thread at a time. */
final class Rates {
  private final List<Double> values = new ArrayList<>();

  void add(double itemsPerSecond) {
    values.add(itemsPerSecond);
  }

  double median() {
    return medianOf(values);
  }

  /** The median over the rounds of this rate divided by the other one of the same round. */
  double ratioTo(Rates other) {
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < values.size(); round++) {
      ratios.add(values.get(round) / other.values.get(round));
    }
    return medianOf(ratios);
  }

  private static double medianOf(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
