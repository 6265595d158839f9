package io.sensorium.runtime.onnx;

import ai.onnx.proto.OnnxMl;
import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.ModelFile;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.model.ModelLicence;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.Settings;
import io.sensorium.api.tensor.TensorSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Writes the small graphs that the tests run. */
final class Graphs {
  static final int FLOAT = OnnxMl.TensorProto.DataType.FLOAT.getNumber();
  static final int INT64 = OnnxMl.TensorProto.DataType.INT64.getNumber();
  static final int BOOL = OnnxMl.TensorProto.DataType.BOOL.getNumber();

  private Graphs() {}

  /** y = x for any element type, x of shape [n, 3]. */
  static OnnxMl.ModelProto identity(int type) {
    return model(
        OnnxMl.GraphProto.newBuilder()
            .addNode(node("Identity", List.of("x"), List.of("y")))
            .addInput(value("x", type, "n", 3))
            .addOutput(value("y", type, "n", 3)));
  }

  /** c = a b for two matrices of [2, 2]. */
  static OnnxMl.ModelProto probe() {
    return model(
        OnnxMl.GraphProto.newBuilder()
            .addNode(node("MatMul", List.of("a", "b"), List.of("c")))
            .addInput(value("a", FLOAT, 2, 2))
            .addInput(value("b", FLOAT, 2, 2))
            .addOutput(value("c", FLOAT, 2, 2)));
  }

  /** y = x W with x of [n, 3] and W of [3, 2] in the file given, at the given bytes. */
  static OnnxMl.ModelProto projection(String location, long offset, long length) {
    return model(
        OnnxMl.GraphProto.newBuilder()
            .addNode(node("MatMul", List.of("x", "w"), List.of("y")))
            .addInitializer(
                OnnxMl.TensorProto.newBuilder()
                    .setName("w")
                    .setDataType(FLOAT)
                    .addDims(3)
                    .addDims(2)
                    .setDataLocation(OnnxMl.TensorProto.DataLocation.EXTERNAL)
                    .addExternalData(entry("location", location))
                    .addExternalData(entry("offset", Long.toString(offset)))
                    .addExternalData(entry("length", Long.toString(length))))
            .addInput(value("x", FLOAT, "n", 3))
            .addOutput(value("y", FLOAT, "n", 2)));
  }

  /** x of [n, width] times one square matrix after the other, each in the file given. */
  static OnnxMl.ModelProto layers(String location, int width, int count) {
    OnnxMl.GraphProto.Builder graph = OnnxMl.GraphProto.newBuilder();
    long length = (long) width * width * Float.BYTES;
    for (int i = 0; i < count; i++) {
      String weight = "w" + i;
      graph
          .addNode(
              node("MatMul", List.of("x" + i, weight), List.of("x" + (i + 1))).toBuilder()
                  .setName("layer" + i))
          .addInitializer(
              OnnxMl.TensorProto.newBuilder()
                  .setName(weight)
                  .setDataType(FLOAT)
                  .addDims(width)
                  .addDims(width)
                  .setDataLocation(OnnxMl.TensorProto.DataLocation.EXTERNAL)
                  .addExternalData(entry("location", location))
                  .addExternalData(entry("offset", Long.toString(i * length)))
                  .addExternalData(entry("length", Long.toString(length))));
    }
    return model(
        graph
            .addInput(value("x0", FLOAT, "n", width))
            .addOutput(value("x" + count, FLOAT, "n", width)));
  }

  /** Adds x to itself until it is told to end: a run that takes for ever. */
  static OnnxMl.ModelProto endless() {
    OnnxMl.GraphProto body =
        OnnxMl.GraphProto.newBuilder()
            .setName("body")
            .addNode(node("Identity", List.of("go_on"), List.of("go_on_out")))
            .addNode(node("Add", List.of("sum", "sum"), List.of("sum_out")))
            .addInput(value("iteration", INT64))
            .addInput(value("go_on", BOOL))
            .addInput(value("sum", FLOAT, "n", 3))
            .addOutput(value("go_on_out", BOOL))
            .addOutput(value("sum_out", FLOAT, "n", 3))
            .build();
    return model(
        OnnxMl.GraphProto.newBuilder()
            .addNode(
                node("Loop", List.of("trips", "", "x"), List.of("y")).toBuilder()
                    .addAttribute(
                        OnnxMl.AttributeProto.newBuilder()
                            .setName("body")
                            .setType(OnnxMl.AttributeProto.AttributeType.GRAPH)
                            .setG(body)))
            .addInitializer(
                OnnxMl.TensorProto.newBuilder()
                    .setName("trips")
                    .setDataType(INT64)
                    .addInt64Data(Long.MAX_VALUE))
            .addInput(value("x", FLOAT, "n", 3))
            .addOutput(value("y", FLOAT, "n", 3)));
  }

  static OnnxMl.ModelProto model(OnnxMl.GraphProto.Builder graph) {
    return OnnxMl.ModelProto.newBuilder()
        .setIrVersion(10)
        .addOpsetImport(OnnxMl.OperatorSetIdProto.newBuilder().setDomain("").setVersion(21))
        .setGraph(graph.setName("test"))
        .build();
  }

  static OnnxMl.NodeProto node(String operator, List<String> inputs, List<String> outputs) {
    return OnnxMl.NodeProto.newBuilder()
        .setOpType(operator)
        .setName(operator)
        .addAllInput(inputs)
        .addAllOutput(outputs)
        .build();
  }

  /** A tensor of the given dimensions: numbers are fixed, strings are open. */
  static OnnxMl.ValueInfoProto value(String name, int type, Object... dimensions) {
    OnnxMl.TensorShapeProto.Builder shape = OnnxMl.TensorShapeProto.newBuilder();
    for (Object dimension : dimensions) {
      OnnxMl.TensorShapeProto.Dimension.Builder builder =
          OnnxMl.TensorShapeProto.Dimension.newBuilder();
      shape.addDim(
          dimension instanceof Integer size
              ? builder.setDimValue(size)
              : builder.setDimParam((String) dimension));
    }
    return OnnxMl.ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            OnnxMl.TypeProto.newBuilder()
                .setTensorType(
                    OnnxMl.TypeProto.Tensor.newBuilder().setElemType(type).setShape(shape)))
        .build();
  }

  private static OnnxMl.StringStringEntryProto entry(String key, String value) {
    return OnnxMl.StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  static byte[] floats(int skippedBytes, float... values) {
    ByteBuffer buffer =
        ByteBuffer.allocate(skippedBytes + values.length * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    buffer.position(skippedBytes);
    for (float value : values) {
      buffer.putFloat(value);
    }
    return buffer.array();
  }

  /** Writes a package that does not say what memory it takes. */
  static ModelGraph write(
      Path folder,
      String id,
      OnnxMl.ModelProto graph,
      Map<String, byte[]> others,
      List<TensorSpec> inputs,
      List<TensorSpec> outputs)
      throws IOException {
    GraphManifest manifest =
        new GraphManifest(
            "graph",
            Optional.empty(),
            "model.onnx",
            inputs,
            outputs,
            Settings.of("test", Map.of()));
    return write(folder, id, graph, others, manifest);
  }

  /** Writes a package without checking anything; hashes are made up. */
  static ModelGraph write(
      Path folder,
      String id,
      OnnxMl.ModelProto graph,
      Map<String, byte[]> others,
      GraphManifest manifest)
      throws IOException {
    Files.createDirectories(folder);
    byte[] bytes = graph.toByteArray();
    Files.write(folder.resolve("model.onnx"), bytes);
    List<ModelFile> files = new ArrayList<>();
    files.add(new ModelFile("model.onnx", bytes.length, "0".repeat(64)));
    for (Map.Entry<String, byte[]> other : others.entrySet()) {
      Files.write(folder.resolve(other.getKey()), other.getValue());
      files.add(new ModelFile(other.getKey(), other.getValue().length, "0".repeat(64)));
    }
    ModelManifest model =
        new ModelManifest(
            id,
            "1",
            "test",
            "test",
            Optional.empty(),
            new ModelLicence("Apache-2.0", true),
            List.of(manifest),
            Settings.of("test", Map.of()),
            files);
    return new ModelPackage(model, folder).graphs().getFirst();
  }

  static Stream<Integer> cuts(int length) {
    return Stream.iterate(1, at -> at < length, at -> at + 3);
  }
}
