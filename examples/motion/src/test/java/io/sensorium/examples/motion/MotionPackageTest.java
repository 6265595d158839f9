package io.sensorium.examples.motion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.sensorium.api.Modality;
import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.space.SpaceId;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.models.checkpoints.SafetensorsFile;
import io.sensorium.testkit.PackageFolder;
import java.nio.FloatBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What transformers recorded. New weights need a new recording: record_motion.py. */
class MotionPackageTest {
  @Test
  void thePackageAgreesWithItsRecording() throws OrtException {
    ModelPackage made = PackageFolder.read(MotionEncoderTest.PACKAGE);
    GraphManifest graph = made.manifest().graphs().getFirst();
    assertThat(made.manifest().space()).contains(new SpaceId("world", "1"));
    assertThat(graph.modality()).contains(new Modality("motion"));
    try (SafetensorsFile golden = SafetensorsFile.open(made.file("golden.safetensors"))) {
      Tensor input = golden.tensor("input.input_values");
      Tensor recorded = golden.tensor("output.audio_embeds");
      FloatBuffer actual = run(made, input);
      FloatBuffer wanted = recorded.asFloats();
      assertThat(actual.remaining()).isEqualTo(wanted.remaining());
      for (int i = 0; i < wanted.remaining(); i++) {
        assertThat(actual.get(i)).isCloseTo(wanted.get(i), within(1e-4f));
      }
    }
  }

  private static FloatBuffer run(ModelPackage made, Tensor input) throws OrtException {
    long[] shape = {
      input.shape().dimension(0), input.shape().dimension(1), input.shape().dimension(2)
    };
    String graph = made.file(made.manifest().graphs().getFirst().file()).toString();
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        OnnxTensor values = OnnxTensor.createTensor(environment, input.asFloats(), shape)) {
      options.setIntraOpNumThreads(1);
      try (OrtSession session = environment.createSession(graph, options);
          OrtSession.Result result = session.run(Map.of("input_values", values))) {
        FloatBuffer embeddings = ((OnnxTensor) result.get(0)).getFloatBuffer();
        return FloatBuffer.allocate(embeddings.remaining()).put(embeddings).flip();
      }
    }
  }
}
