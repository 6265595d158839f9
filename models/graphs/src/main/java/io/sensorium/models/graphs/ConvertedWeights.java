package io.sensorium.models.graphs;

import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.models.checkpoints.SafetensorsWriter;
import io.sensorium.models.checkpoints.SafetensorsWriter.StreamedTensor;
import io.sensorium.models.checkpoints.StoredTensor;
import io.sensorium.models.checkpoints.TensorInfo;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The weights of a package in another form than the checkpoint's, computed while they are written.
 * Every tensor is there once, whatever number of graphs read it. One thread at a time.
 *
 * <p>The file is a safetensors file. A quantised layer {@code fc.weight [out, in]} becomes {@code
 * fc.weight.int8 [in, out]} and {@code fc.weight.scale [out]}, with {@code weight[o, i]} about
 * {@code int8[i, o] * scale[o]}; quantised block by block it becomes {@code fc.weight.int8} or
 * {@code fc.weight.int4} in the form of {@link BlockFormat}, and {@code fc.weight.scale}; layers
 * that are multiplied together have one name, {@code q.weight+k.weight+v.weight}, and lie one after
 * the other.
 */
public final class ConvertedWeights {
  /** The file's name in a package. */
  public static final String FILE_NAME = "weights.safetensors";

  private final SortedMap<String, StreamedTensor> tensors = new TreeMap<>();

  ConvertedWeights() {}

  /**
   * Writes the file.
   *
   * @param folder of the graphs; the checkpoint must be open still
   * @throws io.sensorium.api.ModelLoadException if a weight is too large for float16
   * @throws java.io.UncheckedIOException if it cannot be written; nothing is left behind
   */
  public void writeTo(Path folder) {
    SafetensorsWriter.writeStreamed(folder.resolve(FILE_NAME), tensors);
  }

  /** How many bytes of weights there are. */
  public long bytes() {
    return tensors.values().stream()
        .mapToLong(tensor -> tensor.shape().elements() * tensor.type().bytes())
        .sum();
  }

  /** Adds a tensor as float32 or float16 and answers its initializer. */
  Value addFloat(String name, StoredTensor stored, ElementType type) {
    Shape shape = stored.info().shape();
    tensors.computeIfAbsent(
        name, key -> new StreamedTensor(type, shape, new FloatConversion(stored, type)));
    return new Value(name, type, shape);
  }

  /** Adds the weight of a linear layer as int8 and answers its initializers. */
  QuantisedLinear.Initializers addQuantised(String name, StoredTensor stored) {
    String values = name + ".int8";
    String scales = name + ".scale";
    long rows = stored.info().shape().dimension(0);
    long columns = stored.info().shape().dimension(1);
    if (!tensors.containsKey(values)) {
      QuantisedLinear linear = new QuantisedLinear(stored);
      tensors.put(
          values,
          new StreamedTensor(ElementType.INT8, Shape.of(columns, rows), linear::writeValues));
      tensors.put(
          scales, new StreamedTensor(ElementType.FLOAT32, Shape.of(rows), linear::writeScales));
    }
    return new QuantisedLinear.Initializers(
        new Value(values, ElementType.INT8, Shape.of(columns, rows)),
        new Value(scales, ElementType.FLOAT32, Shape.of(rows)));
  }

  /**
   * Adds the weights of linear layers block by block, one after the other, and answers the
   * initializers of them all.
   *
   * @param name of them together
   * @param stored at least one, all with as many columns
   */
  QuantisedLinear.Initializers addBlocks(
      String name, List<StoredTensor> stored, BlockFormat format) {
    long rows = stored.stream().mapToLong(each -> each.info().shape().dimension(0)).sum();
    long columns = stored.getFirst().info().shape().dimension(1);
    Value values =
        new Value(name + ".int" + format.bits(), ElementType.UINT8, format.values(rows, columns));
    Value scales = new Value(name + ".scale", ElementType.FLOAT32, format.scales(rows, columns));
    List<BlockQuantiser> quantisers =
        stored.stream().map(each -> new BlockQuantiser(each, format)).toList();
    tensors.computeIfAbsent(
        values.name(),
        key ->
            new StreamedTensor(
                values.type(),
                values.shape(),
                channel -> {
                  for (BlockQuantiser quantiser : quantisers) {
                    quantiser.writeValues(channel);
                  }
                }));
    tensors.computeIfAbsent(
        scales.name(),
        key ->
            new StreamedTensor(
                scales.type(),
                scales.shape(),
                channel -> {
                  for (BlockQuantiser quantiser : quantisers) {
                    quantiser.writeScales(channel);
                  }
                }));
    return new QuantisedLinear.Initializers(values, scales);
  }

  /** Where everything will lie. */
  Map<String, TensorInfo> layout() {
    return SafetensorsWriter.layout(tensors);
  }
}
