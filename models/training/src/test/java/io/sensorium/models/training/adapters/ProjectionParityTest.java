package io.sensorium.models.training.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.sensorium.models.checkpoints.CheckpointFolder;
import io.sensorium.models.graphs.AuthoredGraph;
import io.sensorium.models.graphs.GraphAuthor;
import io.sensorium.models.training.Parameter;
import io.sensorium.models.training.TorchRuntime;
import io.sensorium.models.training.adapters.ProjectionShape.Kind;
import io.sensorium.models.world.Seeds;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What was trained gives the same rows, or additions to layers, once it is imported. */
@EnabledOnOs(
    value = OS.LINUX,
    architectures = "amd64",
    disabledReason = "the engine's natives are on the class path for linux-x86_64 only")
class ProjectionParityTest {
  private static final FrozenDecoder DECODER = ToyTask.decoder(2, true, false, true);
  private static final int[] MEDIA = {3, 101, 42};

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Kind.class)
  void anExportedAdapterGivesWhatWasTrained(Kind kind) throws IOException, OrtException {
    TorchRuntime.useOneThread();
    ProjectionShape shape = ToyTask.shape(kind);
    RandomGenerator random = Seeds.generator(7);
    List<Parameter> parameters =
        AdapterNetwork.of(shape, DECODER).initialise(random).stream()
            .map(each -> varied(each, random))
            .toList();
    new AdapterCheckpoint("image", "eye", "world@1", "speaker")
        .write(folder, shape, parameters, DECODER, ToyTask.features());
    try (var examination = new AdapterExamination(shape, DECODER, parameters, ToyTask.features());
        var environment = OrtEnvironment.getEnvironment();
        var session = environment.createSession(graph().toString())) {
      for (int medium : MEDIA) {
        float[] expected = examination.given(medium);
        Map<String, OnnxTensor> inputs = inputs(environment, medium);
        inputs.keySet().retainAll(session.getInputNames());
        try (var result = session.run(inputs)) {
          FloatBuffer rows = ((OnnxTensor) result.get(0)).getFloatBuffer();
          int count = kind == Kind.ZERO_GATED ? DECODER.shape().layers() : shape.rows();
          assertThat(rows.remaining()).isEqualTo(expected.length).isEqualTo(count * 32);
          for (int at = 0; at < expected.length; at++) {
            assertThat(rows.get(at)).isCloseTo(expected[at], within(1e-4f));
          }
        } finally {
          inputs.values().forEach(OnnxTensor::close);
        }
      }
    }
  }

  /** Values that half precision holds, none of them at its default. */
  private static Parameter varied(Parameter parameter, RandomGenerator random) {
    var values = new float[parameter.values().length];
    for (int at = 0; at < values.length; at++) {
      values[at] = ToyTask.half(parameter.values()[at] + 0.1 * random.nextGaussian());
    }
    return new Parameter(parameter.name(), parameter.shape(), values);
  }

  private Path graph() throws IOException {
    Path file = folder.resolve("model.onnx");
    try (CheckpointFolder checkpoint = CheckpointFolder.open(folder)) {
      AuthoredGraph graph = GraphAuthor.author(checkpoint).graphs().getFirst();
      graph.writeTo(file);
    }
    return file;
  }

  private static Map<String, OnnxTensor> inputs(OrtEnvironment environment, int medium)
      throws OrtException {
    FeatureShape shape = ToyTask.FEATURES;
    var features = new float[shape.values()];
    ToyTask.features().read(medium, features, 0);
    int tokens = shape.tokens() * shape.width();
    var inputs = new HashMap<String, OnnxTensor>();
    inputs.put(
        "token_states",
        OnnxTensor.createTensor(
            environment,
            FloatBuffer.wrap(features, 0, tokens).slice(),
            new long[] {1, shape.tokens(), shape.width()}));
    inputs.put(
        "embedding",
        OnnxTensor.createTensor(
            environment,
            FloatBuffer.wrap(features, tokens, shape.embeddingWidth()).slice(),
            new long[] {1, shape.embeddingWidth()}));
    return inputs;
  }
}
