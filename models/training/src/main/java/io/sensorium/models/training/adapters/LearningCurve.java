package io.sensorium.models.training.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How a training went on. Immutable.
 *
 * @param points in the order of their steps
 */
public record LearningCurve(List<Point> points) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * A look at what is held out.
   *
   * @param step steps taken
   * @param trainingLoss the mean since the look before, per token, in nats
   * @param validationLoss per token, in nats
   * @param exactMatch the share of held-out answers that greedy decoding gives word for word, 0..1
   */
  public record Point(int step, double trainingLoss, double validationLoss, double exactMatch) {}

  public LearningCurve {
    points = List.copyOf(points);
  }

  /** With one more look. */
  LearningCurve with(Point point) {
    var more = new ArrayList<>(points);
    more.add(point);
    return new LearningCurve(more);
  }

  /** Up to a step. */
  LearningCurve until(int step) {
    return new LearningCurve(points.stream().filter(point -> point.step() <= step).toList());
  }

  /** The look with the lowest validation loss, the first of equals. */
  public Optional<Point> best() {
    return points.stream().min(Comparator.comparingDouble(Point::validationLoss));
  }

  /** How many looks have passed since the best one. */
  int looksSinceBest() {
    return best().map(best -> points.size() - 1 - points.indexOf(best)).orElse(0);
  }

  /** Writes the points as JSON. */
  void write(Path file) {
    ObjectNode root = JSON.createObjectNode();
    var list = root.putArray("points");
    for (Point point : points) {
      list.addObject()
          .put("step", point.step())
          .put("trainingLoss", point.trainingLoss())
          .put("validationLoss", point.validationLoss())
          .put("exactMatch", point.exactMatch());
    }
    try {
      Files.writeString(file, root.toPrettyString() + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + file, e);
    }
  }

  /** Reads what {@link #write} wrote. */
  static LearningCurve read(Path file) {
    try {
      var points = new ArrayList<Point>();
      for (JsonNode point : JSON.readTree(Files.readAllBytes(file)).path("points")) {
        points.add(
            new Point(
                point.path("step").asInt(),
                point.path("trainingLoss").asDouble(),
                point.path("validationLoss").asDouble(),
                point.path("exactMatch").asDouble()));
      }
      return new LearningCurve(points);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + file, e);
    }
  }
}
