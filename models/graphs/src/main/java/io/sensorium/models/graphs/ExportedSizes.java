package io.sensorium.models.graphs;

import io.sensorium.api.model.Settings;
import io.sensorium.api.tensor.Shape;
import io.sensorium.models.checkpoints.CheckpointFolder;
import java.util.List;
import java.util.Map;

/**
 * The sizes of an exported model's inputs as its other files tell them; {@link Shape#DYNAMIC} where
 * they do not. Immutable.
 */
final class ExportedSizes {
  private static final int UNKNOWN = (int) Shape.DYNAMIC;
  private static final int LARGEST = 1 << 20;
  private static final int RGB = 3;
  private static final int DEFAULT_PADDING = 1;

  private final CheckpointFolder checkpoint;
  private final Settings config;

  ExportedSizes(CheckpointFolder checkpoint) {
    this.checkpoint = checkpoint;
    this.config =
        checkpoint.settings("config.json").orElseGet(() -> Settings.of("config.json", Map.of()));
  }

  /** {@code model_type}, or {@code onnx}. */
  String modelType() {
    return config.text("model_type", "onnx");
  }

  /** {@code [n, channels, height, width]}: the processor's size, else the configuration's. */
  Shape picture() {
    int channels = number("num_channels", "vision_config.num_channels");
    Extent size = ImageResolution.wanted(checkpoint, configuredPicture());
    return Shape.of(
        Shape.DYNAMIC, channels == UNKNOWN ? RGB : channels, size.rows(), size.columns());
  }

  private Extent configuredPicture() {
    for (String key : List.of("image_size", "vision_config.image_size")) {
      if (config.find(key).orElse(null) instanceof List<?> pair && pair.size() == 2) {
        return new Extent(size(pair.get(0)), size(pair.get(1)));
      }
    }
    int side = number("image_size", "vision_config.image_size");
    return new Extent(side, side);
  }

  /** {@code [n, frames, mels]}. */
  Shape spectrogramByTime() {
    return Shape.of(Shape.DYNAMIC, number("max_length"), number("num_mel_bins"));
  }

  /** {@code [n, mels, frames]}; Whisper halves the frames. */
  Shape spectrogramByPitch() {
    int positions = number("max_source_positions");
    return Shape.of(
        Shape.DYNAMIC, number("num_mel_bins"), positions == UNKNOWN ? UNKNOWN : 2 * positions);
  }

  /** How many tokens the model reads. */
  int tokens() {
    int positions = number("max_position_embeddings", "text_config.max_position_embeddings");
    boolean countsFromPadding =
        BertFamily.ALL.stream()
            .anyMatch(
                family ->
                    family.variant().countsFromPadding() && family.modelType().equals(modelType()));
    if (positions == UNKNOWN || !countsFromPadding) {
      return positions;
    }
    int padding = number("pad_token_id");
    return positions - (padding == UNKNOWN ? DEFAULT_PADDING : padding) - 1;
  }

  private int number(String... keys) {
    for (String key : keys) {
      int size = size(config.find(key).orElse(null));
      if (size != UNKNOWN) {
        return size;
      }
    }
    return UNKNOWN;
  }

  private static int size(Object value) {
    return value instanceof Integer number && number >= 0 && number <= LARGEST ? number : UNKNOWN;
  }
}
