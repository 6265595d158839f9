package io.sensorium.models.graphs;

import ai.onnx.proto.OnnxMl;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.TensorSpec;
import io.sensorium.models.checkpoints.CheckpointFolder;
import io.sensorium.models.checkpoints.SentenceModule;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A transformer that somebody exported to ONNX, read so that more can be appended. Immutable.
 *
 * <p>Files of weights beside the export are found again from the checkpoint's folder.
 */
final class OnnxExport {
  private static final List<String> FILES =
      List.of("onnx/model.onnx", "model.onnx", "onnx/model_quantized.onnx");
  private static final List<String> HIDDEN_STATES =
      List.of("last_hidden_state", "token_embeddings");
  private static final int OLDEST_OPERATORS = 11;
  private static final int NEWEST_OPERATORS = 26;

  private final OnnxMl.ModelProto model;
  private final int operatorSet;
  private final TreeSet<String> weightFiles = new TreeSet<>();
  private final Path path;

  private OnnxExport(CheckpointFolder checkpoint, String name) {
    this.path = checkpoint.requireFile(name);
    OnnxMl.ModelProto read = parse(path);
    this.operatorSet = operatorSet(read);
    this.model = relocate(checkpoint, name, read);
  }

  /** Answers whether a module has an export. */
  static boolean isIn(CheckpointFolder checkpoint, SentenceModule module) {
    return files(module).stream().anyMatch(file -> checkpoint.file(file).isPresent());
  }

  /** Where an export of a module may be. */
  static List<String> files(SentenceModule module) {
    return FILES.stream().map(module::file).toList();
  }

  /**
   * Reads the export of a module.
   *
   * @throws ModelLoadException if there is none, or it is damaged, too old or too new
   */
  static OnnxExport read(CheckpointFolder checkpoint, SentenceModule module) {
    for (String file : FILES) {
      if (checkpoint.file(module.file(file)).isPresent()) {
        return new OnnxExport(checkpoint, module.file(file));
      }
    }
    throw new ModelLoadException(
        "the checkpoint %s needs its transformer as one of %s"
            .formatted(checkpoint.path(), FILES.stream().map(module::file).toList()));
  }

  private static OnnxMl.ModelProto parse(Path path) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
      return OnnxMl.ModelProto.parseFrom(in);
    } catch (IOException e) {
      throw new ModelLoadException(
          "%s is not a readable ONNX model: %s".formatted(path, e.getMessage()), e);
    }
  }

  private int operatorSet(OnnxMl.ModelProto read) {
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
  private OnnxMl.ModelProto relocate(
      CheckpointFolder checkpoint, String name, OnnxMl.ModelProto read) {
    String folder = name.substring(0, name.lastIndexOf('/') + 1);
    OnnxMl.ModelProto.Builder copy = read.toBuilder();
    for (OnnxMl.TensorProto.Builder tensor : copy.getGraphBuilder().getInitializerBuilderList()) {
      for (OnnxMl.StringStringEntryProto.Builder entry : tensor.getExternalDataBuilderList()) {
        if (entry.getKey().equals("location")) {
          String location = folder + entry.getValue();
          checkpoint.requireFile(location);
          weightFiles.add(location);
          entry.setValue(location);
        }
      }
    }
    return copy.build();
  }

  /** A graph that begins with this one. */
  GraphBuilder extend() {
    GraphBuilder graph = new GraphBuilder(model.toBuilder(), operatorSet);
    var initialized =
        new TreeSet<>(
            model.getGraph().getInitializerList().stream()
                .map(OnnxMl.TensorProto::getName)
                .toList());
    model.getGraph().getInputList().stream()
        .filter(input -> !initialized.contains(input.getName()))
        .forEach(input -> graph.declareInput(spec(input)));
    weightFiles.forEach(graph::declareWeightFile);
    return graph;
  }

  /** The output {@code [n, s, d]}. */
  TensorSpec hiddenStates() {
    List<TensorSpec> candidates = new ArrayList<>();
    for (OnnxMl.ValueInfoProto output : model.getGraph().getOutputList()) {
      TensorSpec spec = spec(output);
      if (spec.shape().rank() == 3 && spec.shape().dimension(2) != Shape.DYNAMIC) {
        candidates.add(spec);
      }
    }
    Optional<TensorSpec> best =
        candidates.stream()
            .min(Comparator.comparing(spec -> HIDDEN_STATES.contains(spec.name()) ? 0 : 1));
    return best.orElseThrow(
        () ->
            new ModelLoadException(
                "%s must have an output [batch, sequence, width] such as %s"
                    .formatted(path, HIDDEN_STATES)));
  }

  private TensorSpec spec(OnnxMl.ValueInfoProto info) {
    OnnxMl.TypeProto.Tensor tensor = info.getType().getTensorType();
    Optional<ElementType> type = OnnxTypes.of(tensor.getElemType());
    if (type.isEmpty()) {
      throw new ModelLoadException(
          "'%s' of %s has ONNX type %d, which is not supported"
              .formatted(info.getName(), path, tensor.getElemType()));
    }
    long[] dimensions =
        tensor.getShape().getDimList().stream()
            .mapToLong(d -> d.hasDimValue() ? d.getDimValue() : Shape.DYNAMIC)
            .toArray();
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
