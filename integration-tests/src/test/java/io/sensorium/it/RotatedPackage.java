package io.sensorium.it;

import ai.onnx.proto.OnnxMl;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.space.SpaceId;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.models.checkpoints.SafetensorsFile;
import io.sensorium.models.checkpoints.SafetensorsWriter;
import io.sensorium.models.checkpoints.SafetensorsWriter.StreamedTensor;
import io.sensorium.models.packages.ModelManifestJson;
import io.sensorium.models.packages.PackageFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The next version of a package: the same model, whose embeddings are all turned by one rotation.
 * Within the new version everything is as near as it was; across versions nothing is.
 */
final class RotatedPackage {
  private static final long SEED = 97;
  private static final String GOLDEN = "golden.safetensors";

  private final int dimension;
  private final double[][] rotation;

  RotatedPackage(int dimension) {
    this.dimension = dimension;
    this.rotation = rotation(dimension);
  }

  /** Rows of unit length at right angles, by Gram and Schmidt. */
  private static double[][] rotation(int dimension) {
    Random random = new Random(SEED);
    double[][] rows = new double[dimension][dimension];
    for (int i = 0; i < dimension; i++) {
      for (int k = 0; k < dimension; k++) {
        rows[i][k] = random.nextGaussian();
      }
      for (int pass = 0; pass < 2; pass++) {
        for (int j = 0; j < i; j++) {
          double along = dot(rows[i], rows[j]);
          for (int k = 0; k < dimension; k++) {
            rows[i][k] -= along * rows[j][k];
          }
        }
      }
      double length = Math.sqrt(dot(rows[i], rows[i]));
      for (int k = 0; k < dimension; k++) {
        rows[i][k] /= length;
      }
    }
    return rows;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** Writes the package of one graph into a folder that is not there yet. */
  Path write(ModelPackage old, Path folder, String version, String spaceVersion)
      throws IOException {
    copy(old.folder(), folder);
    ModelManifest manifest = old.manifest();
    String output = manifest.graphs().getFirst().outputs().getFirst().name();
    rotateGraph(folder.resolve(manifest.graphs().getFirst().file()), output);
    rotateGolden(folder.resolve(GOLDEN), "output." + output);
    Files.delete(folder.resolve(ModelManifestJson.FILE_NAME));
    ModelManifestJson.write(
        new ModelManifest(
            manifest.id(),
            version,
            manifest.task(),
            manifest.architecture(),
            Optional.of(new SpaceId(manifest.space().orElseThrow().name(), spaceVersion)),
            manifest.licence(),
            manifest.graphs(),
            manifest.calibration(),
            PackageFiles.hash(folder)),
        folder.resolve(ModelManifestJson.FILE_NAME));
    return folder;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }

  private void rotateGraph(Path file, String output) throws IOException {
    ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
    GraphProto.Builder graph = model.getGraphBuilder();
    String before = output + "_before_rotation";
    for (NodeProto.Builder node : graph.getNodeBuilderList()) {
      for (int i = 0; i < node.getInputCount(); i++) {
        node.setInput(i, node.getInput(i).equals(output) ? before : node.getInput(i));
      }
      for (int i = 0; i < node.getOutputCount(); i++) {
        node.setOutput(i, node.getOutput(i).equals(output) ? before : node.getOutput(i));
      }
    }
    ByteBuffer columns =
        ByteBuffer.allocate(Float.BYTES * dimension * dimension).order(ByteOrder.LITTLE_ENDIAN);
    for (int row = 0; row < dimension; row++) {
      for (int column = 0; column < dimension; column++) {
        columns.putFloat((float) rotation[column][row]);
      }
    }
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName("rotation")
            .setDataType(OnnxMl.TensorProto.DataType.FLOAT_VALUE)
            .addDims(dimension)
            .addDims(dimension)
            .setRawData(ByteString.copyFrom(columns.flip())));
    graph.addNode(
        NodeProto.newBuilder()
            .setName("rotate")
            .setOpType("MatMul")
            .addInput(before)
            .addInput("rotation")
            .addOutput(output));
    Files.write(file, model.build().toByteArray());
  }

  private void rotateGolden(Path file, String output) throws IOException {
    Map<String, StreamedTensor> tensors = new TreeMap<>();
    Path rotated = file.resolveSibling("rotated");
    try (SafetensorsFile golden = SafetensorsFile.open(file)) {
      for (String name : golden.names()) {
        Tensor tensor = golden.tensor(name);
        ByteBuffer bytes = name.equals(output) ? rotated(tensor) : tensor.data().asByteBuffer();
        tensors.put(
            name,
            new StreamedTensor(
                tensor.type(), tensor.shape(), channel -> channel.write(bytes.duplicate())));
      }
      SafetensorsWriter.writeStreamed(rotated, tensors);
    }
    Files.delete(file);
    Files.move(rotated, file);
  }

  private ByteBuffer rotated(Tensor tensor) {
    FloatBuffer rows = tensor.asFloats();
    ByteBuffer out =
        ByteBuffer.allocate(Float.BYTES * rows.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    float[] row = new float[dimension];
    while (rows.hasRemaining()) {
      rows.get(row);
      for (int i = 0; i < dimension; i++) {
        double sum = 0;
        for (int k = 0; k < dimension; k++) {
          sum += rotation[i][k] * row[k];
        }
        out.putFloat((float) sum);
      }
    }
    return out.flip();
  }
}
