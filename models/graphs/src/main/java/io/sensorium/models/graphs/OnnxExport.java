package io.sensorium.models.graphs;

import ai.onnx.proto.OnnxMl;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.TensorSpec;
import io.sensorium.models.checkpoints.CheckpointFolder;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A graph that somebody exported to ONNX, read so that more can be appended. Immutable.
 *
 * <p>Files of weights beside the export are found again from the checkpoint's folder.
 */
final class OnnxExport {
  private static final int OLDEST_OPERATORS = 11;
  private static final int NEWEST_OPERATORS = 26;

  /** Weights inside the file are in memory at once while it is read and written. */
  private static final int HEAP_SHARE = 3;

  private static final String LOCATION = "location";

  /** How many layers were given a scale a row. */
  private static final String ROW_SCALES = "row_scales";

  /** How many nodes take one scale for a whole batch still. */
  private static final String BATCH_SCALES = "batch_scales";

  private final Path path;
  private final OnnxMl.ModelProto model;
  private final int operatorSet;
  private final Map<String, Object> rewritten;

  private OnnxExport(
      Path path, OnnxMl.ModelProto model, int operatorSet, Map<String, Object> rewritten) {
    this.path = path;
    this.model = model;
    this.operatorSet = operatorSet;
    this.rewritten = rewritten;
  }

  /**
   * Reads an export.
   *
   * @param name relative to the checkpoint's folder
   * @throws ModelLoadException if there is none, or it is damaged, too old or too new
   */
  static OnnxExport read(CheckpointFolder checkpoint, String name) {
    Path path = checkpoint.requireFile(name);
    OnnxMl.ModelProto read = parse(path);
    return new OnnxExport(
        path, relocate(checkpoint, name, read), operatorSet(path, read), Map.of());
  }

  private static OnnxMl.ModelProto parse(Path path) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
      long bytes = Files.size(path);
      long limit = Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / HEAP_SHARE);
      if (bytes > limit) {
        throw new ModelLoadException(
            "%s must have at most %d bytes in this heap; it has %d: export it with external data"
                .formatted(path, limit, bytes));
      }
      return OnnxMl.ModelProto.parseFrom(in);
    } catch (IOException e) {
      throw new ModelLoadException(
          "%s is not a readable ONNX model: %s".formatted(path, e.getMessage()), e);
    }
  }

  private static int operatorSet(Path path, OnnxMl.ModelProto read) {
    long version =
        read.getOpsetImportList().stream()
            .filter(set -> set.getDomain().isEmpty() || set.getDomain().equals("ai.onnx"))
            .mapToLong(OnnxMl.OperatorSetIdProto::getVersion)
            .findFirst()
            .orElse(0);
    if (version < OLDEST_OPERATORS || version > NEWEST_OPERATORS) {
      throw new ModelLoadException(
          "%s must use operator set %d to %d; got %d"
              .formatted(path, OLDEST_OPERATORS, NEWEST_OPERATORS, version));
    }
    return (int) version;
  }

  /** External data is given relative to the export's folder; the new graph lies above it. */
  private static OnnxMl.ModelProto relocate(
      CheckpointFolder checkpoint, String name, OnnxMl.ModelProto read) {
    String folder = name.substring(0, name.lastIndexOf('/') + 1);
    OnnxMl.ModelProto.Builder copy = read.toBuilder();
    for (OnnxMl.TensorProto.Builder tensor : copy.getGraphBuilder().getInitializerBuilderList()) {
      for (OnnxMl.StringStringEntryProto.Builder entry : tensor.getExternalDataBuilderList()) {
        if (entry.getKey().equals(LOCATION)) {
          String location = folder + entry.getValue();
          checkpoint.requireFile(location);
          entry.setValue(location);
        }
      }
    }
    return copy.build();
  }

  /** Where it was read. */
  Path path() {
    return path;
  }

  /** What has to be fed. */
  List<TensorSpec> inputs() {
    Set<String> initialized = new HashSet<>();
    model.getGraph().getInitializerList().forEach(tensor -> initialized.add(tensor.getName()));
    return model.getGraph().getInputList().stream()
        .filter(input -> !initialized.contains(input.getName()))
        .map(this::spec)
        .toList();
  }

  /** An output of that name and rank, if there is one, as float32. */
  Optional<Value> output(String name, int rank) {
    return model.getGraph().getOutputList().stream()
        .filter(output -> output.getName().equals(name))
        .map(this::spec)
        .filter(spec -> spec.type() == ElementType.FLOAT32 && spec.shape().rank() == rank)
        .map(spec -> new Value(spec.name(), spec.type(), spec.shape()))
        .findFirst();
  }

  /** The names of all outputs. */
  List<String> outputNames() {
    return model.getGraph().getOutputList().stream().map(OnnxMl.ValueInfoProto::getName).toList();
  }

  /** Answers whether a node outside of branches is of that operator. */
  boolean uses(String operator) {
    return model.getGraph().getNodeList().stream()
        .anyMatch(node -> node.getOpType().equals(operator));
  }

  /** The part of the graph that computes one of its outputs, with the inputs that this needs. */
  OnnxExport partFor(String output) {
    return new OnnxExport(path, GraphPart.computing(output, model), operatorSet, rewritten);
  }

  /**
   * The same export without scales that a whole batch shares, as far as its layers are known: an
   * encoder's requests are put together, and none may change what another gets.
   */
  OnnxExport withRowScales() {
    RowScaleRewrite.Result result = RowScaleRewrite.apply(model, operatorSet);
    Map<String, Object> report = new HashMap<>();
    if (result.layers() > 0) {
      report.put(ROW_SCALES, result.layers());
    }
    if (result.left() > 0) {
      report.put(BATCH_SCALES, result.left());
    }
    return new OnnxExport(path, result.model(), operatorSet, Map.copyOf(report));
  }

  /** What was changed and what could not be, for the manifest. */
  Map<String, Object> rewritten() {
    return rewritten;
  }

  /**
   * A graph that begins with this one.
   *
   * @param inputShapes what is known of inputs that the export leaves open
   */
  GraphBuilder extend(Map<String, Shape> inputShapes) {
    OnnxMl.ModelProto.Builder copy = model.toBuilder();
    for (OnnxMl.ValueInfoProto.Builder input : copy.getGraphBuilder().getInputBuilderList()) {
      Shape known = inputShapes.get(input.getName());
      if (known != null) {
        close(input.getTypeBuilder().getTensorTypeBuilder().getShapeBuilder(), known);
      }
    }
    GraphBuilder graph = new GraphBuilder(copy, operatorSet);
    new OnnxExport(path, copy.build(), operatorSet, rewritten)
        .inputs()
        .forEach(graph::declareInput);
    model.getGraph().getValueInfoList().stream()
        .flatMap(info -> value(info).stream())
        .forEach(graph::know);
    for (OnnxMl.TensorProto tensor : model.getGraph().getInitializerList()) {
      tensor.getExternalDataList().stream()
          .filter(entry -> entry.getKey().equals(LOCATION))
          .forEach(entry -> graph.declareWeightFile(entry.getValue()));
    }
    return graph;
  }

  private static void close(OnnxMl.TensorShapeProto.Builder shape, Shape known) {
    for (int axis = 1; axis < Math.min(known.rank(), shape.getDimCount()); axis++) {
      if (known.dimension(axis) != Shape.DYNAMIC && !shape.getDim(axis).hasDimValue()) {
        shape.setDim(
            axis,
            OnnxMl.TensorShapeProto.Dimension.newBuilder().setDimValue(known.dimension(axis)));
      }
    }
  }

  /** What the export tells of a value within; it need not tell anything. */
  private static Optional<Value> value(OnnxMl.ValueInfoProto info) {
    OnnxMl.TypeProto.Tensor tensor = info.getType().getTensorType();
    long[] dimensions = dimensions(tensor);
    return OnnxTypes.of(tensor.getElemType())
        .filter(
            type ->
                tensor.hasShape() && Arrays.stream(dimensions).allMatch(d -> d >= Shape.DYNAMIC))
        .map(type -> new Value(info.getName(), type, Shape.of(dimensions)));
  }

  private static long[] dimensions(OnnxMl.TypeProto.Tensor tensor) {
    return tensor.getShape().getDimList().stream()
        .mapToLong(d -> d.hasDimValue() ? d.getDimValue() : Shape.DYNAMIC)
        .toArray();
  }

  private TensorSpec spec(OnnxMl.ValueInfoProto info) {
    OnnxMl.TypeProto.Tensor tensor = info.getType().getTensorType();
    Optional<ElementType> type = OnnxTypes.of(tensor.getElemType());
    if (type.isEmpty()) {
      throw new ModelLoadException(
          "'%s' of %s has ONNX type %d, which is not supported"
              .formatted(info.getName(), path, tensor.getElemType()));
    }
    long[] dimensions = dimensions(tensor);
    for (long dimension : dimensions) {
      if (dimension < Shape.DYNAMIC) {
        throw new ModelLoadException(
            "'%s' of %s must have dimensions >= 0; got %s"
                .formatted(info.getName(), path, Arrays.toString(dimensions)));
      }
    }
    return new TensorSpec(info.getName(), type.get(), Shape.of(dimensions));
  }
}
