package io.sensorium.encoder.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.Modality;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.UnsupportedInputException;
import io.sensorium.api.encoder.Preprocessor;
import io.sensorium.api.media.AudioClip;
import io.sensorium.api.media.Image;
import io.sensorium.api.media.MediaDecoder;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.media.MediaLimits;
import io.sensorium.api.media.MediaType;
import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.ModelFile;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.model.ModelLicence;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.Settings;
import io.sensorium.api.space.SpaceId;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ImageEncoderTest {
  private final ImageEncoder encoder = new ImageEncoder(new SquareDecoder());

  /** Reads n bytes as a grey square of n by n. */
  private static final class SquareDecoder implements MediaDecoder {
    @Override
    public Optional<MediaType> identify(MediaInput input) {
      return Optional.empty();
    }

    @Override
    public Image decodeImage(MediaInput input, MediaLimits limits) {
      if (input.size() == 0) {
        throw new UnsupportedInputException("empty");
      }
      int edge = input.size();
      return new Image(edge, edge, ByteBuffer.allocate(3 * edge * edge));
    }

    @Override
    public AudioClip decodeAudio(MediaInput input, MediaLimits limits) {
      throw new UnsupportedInputException("no sounds here");
    }

    @Override
    public String decodeText(MediaInput input, MediaLimits limits) {
      throw new UnsupportedInputException("no text here");
    }
  }

  private static ModelGraph model(TensorSpec... inputs) {
    List<Double> half = List.of(0.5, 0.5, 0.5);
    ModelManifest manifest =
        new ModelManifest(
            "squares",
            "1",
            ModelManifest.EMBEDDING,
            "vit",
            Optional.of(new SpaceId("world", "1")),
            new ModelLicence("Apache-2.0", true),
            List.of(
                new GraphManifest(
                    "vision",
                    Optional.of(Modality.IMAGE),
                    "model.onnx",
                    List.of(inputs),
                    List.of(new TensorSpec("image_embeds", ElementType.FLOAT32, Shape.of(-1, 4))),
                    Settings.of("test", Map.of("size", 5, "image_mean", half, "image_std", half)))),
            Settings.of("test", Map.of()),
            List.of(new ModelFile("model.onnx", 1, "0".repeat(64))));
    return new ModelPackage(manifest, Path.of("squares")).graphs().getFirst();
  }

  @Test
  void theTensorIsCalledAsTheGraphCallsIt() {
    TensorSpec input = new TensorSpec("pixels", ElementType.FLOAT32, Shape.of(-1, 3, 5, 5));
    Preprocessor preprocessor = encoder.open(model(input));
    Map<String, Tensor> prepared = preprocessor.prepare(MediaInput.ofText("1234567"));
    assertThat(prepared).containsOnlyKeys("pixels");
    assertThat(prepared.get("pixels").shape()).isEqualTo(Shape.of(1, 3, 5, 5));
    assertThat(prepared.get("pixels").asFloats().get(74)).isEqualTo(-1);
    assertThatThrownBy(() -> preprocessor.prepare(MediaInput.ofText("")))
        .isInstanceOf(UnsupportedInputException.class);
  }

  @Test
  void aGraphThatDoesNotTakePixelsIsRefused() {
    TensorSpec wrong = new TensorSpec("input_ids", ElementType.INT64, Shape.of(-1, -1));
    assertThatThrownBy(() -> encoder.open(model(wrong)))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("an image model needs one input float32[n,3,height,width]")
        .hasMessageContaining("model squares");
  }
}
