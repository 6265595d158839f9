package io.sensorium.models.graphs;

import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The smallest encoder there is: {@code y = flatten(x) W + b}, with its weights inside the graph's
 * file. It stands where a trained encoder will, so that all the rest can be built around it.
 */
public final class LinearProjection {
  private LinearProjection() {}

  /**
   * Writes the graph.
   *
   * @param input float32 {@code [-1, ...]}, every other dimension known, {@code f} elements an item
   * @param output the name of the embedding, float32 {@code [-1, d]}
   * @param weight {@code W}, float32 {@code [f, d]}, borrowed
   * @param bias {@code b}, float32 {@code [d]}, borrowed
   * @throws IllegalArgumentException if these do not fit
   * @throws IOException if the file cannot be written
   */
  public static void write(Path file, TensorSpec input, String output, Tensor weight, Tensor bias)
      throws IOException {
    long width = bias.shape().dimension(0);
    Shape wanted = Shape.of(input.shape().with(0, 1).elements(), width);
    if (input.type() != ElementType.FLOAT32 || !weight.shape().equals(wanted)) {
      throw new IllegalArgumentException(
          "%s and a bias of %d need a weight float32%s; got %s"
              .formatted(input.signature(), width, wanted, weight));
    }
    GraphBuilder graph = new GraphBuilder("projection");
    Value items = graph.input(input.name(), input.type(), dimensions(input.shape()));
    Shape flat = Shape.of(Shape.DYNAMIC, wanted.dimension(0));
    Shape embedded = Shape.of(Shape.DYNAMIC, width);
    Value row = graph.node("Flatten").in(items).with("axis", 1).out("items", items.type(), flat);
    Value projected =
        graph
            .node("Gemm")
            .in(row, graph.constant("weight", weight), graph.constant("bias", bias))
            .out("projection", items.type(), embedded);
    graph.output(output, projected);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      graph.build().writeTo(out);
    }
  }

  private static long[] dimensions(Shape shape) {
    long[] dimensions = new long[shape.rank()];
    for (int axis = 0; axis < dimensions.length; axis++) {
      dimensions[axis] = shape.dimension(axis);
    }
    return dimensions;
  }
}
