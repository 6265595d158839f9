package io.sensorium.models.training;

import io.sensorium.api.tensor.Tensor;
import io.sensorium.models.checkpoints.SafetensorsFile;
import java.nio.file.Path;
import java.util.List;

/** The frozen towers of the space {@code world}, read from the checkpoints that were published. */
final class PublishedSpace {
  private static final String WEIGHTS = "model.safetensors";

  private final Path checkpoints;

  /**
   * @param checkpoints the folder that holds {@code world-image} and {@code world-text}
   */
  PublishedSpace(Path checkpoints) {
    this.checkpoints = checkpoints;
  }

  /** The image tower, of shape {@link ImageModel#SHAPE}. */
  TowerEncoder images() {
    return new TowerEncoder(ImageModel.SHAPE, imageTower());
  }

  /** What the image tower says of pictures before its last block. */
  TowerEncoder imageFeatures() {
    return TowerEncoder.ofFeatures(ImageModel.SHAPE, imageTower());
  }

  /** What the audio tower, of shape {@link BoundModel#AUDIO}, says of sounds likewise. */
  TowerEncoder soundFeatures() {
    TowerShape shape = BoundModel.AUDIO;
    List<Parameter> like = BoundModel.initialise(shape, 0).tower(shape);
    return TowerEncoder.ofFeatures(shape, tower("world-audio", like));
  }

  private List<Parameter> imageTower() {
    TowerShape shape = ImageModel.SHAPE;
    return tower("world-image", ImageModel.initialise(shape, 0).tower(shape));
  }

  private List<Parameter> tower(String checkpoint, List<Parameter> likes) {
    try (SafetensorsFile file = open(checkpoint)) {
      return likes.stream()
          .map(like -> new Parameter(like.name(), like.shape(), values(file, like.name())))
          .toList();
    }
  }

  /** What follows MiniLM in the text tower. */
  TextHead textHead() {
    try (SafetensorsFile first = open("world-text/3_Dense");
        SafetensorsFile second = open("world-text/4_Dense")) {
      return new TextHead(
          values(first, "linear.weight"),
          values(first, "linear.bias"),
          values(second, "linear.weight"),
          values(second, "linear.bias"));
    }
  }

  private SafetensorsFile open(String folder) {
    return SafetensorsFile.open(checkpoints.resolve(folder).resolve(WEIGHTS));
  }

  private static float[] values(SafetensorsFile file, String name) {
    Tensor tensor = file.tensor(name);
    var values = new float[Math.toIntExact(tensor.shape().elements())];
    tensor.asFloats().get(values);
    return values;
  }
}
