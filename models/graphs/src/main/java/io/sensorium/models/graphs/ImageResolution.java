package io.sensorium.models.graphs;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.Settings;
import io.sensorium.models.checkpoints.CheckpointFolder;
import java.util.Map;
import java.util.Optional;

/** Finds the size of the pictures that a checkpoint's image processor makes. Stateless. */
final class ImageResolution {
  private static final int MAX_PIXELS = 8_192;

  private ImageResolution() {}

  /**
   * The size to write a graph for: the processor's crop, or the size it resizes to; the
   * configuration's where the processor fixes neither.
   *
   * @param configured {@code image_size} of the configuration
   * @throws ModelLoadException if the processor declares a size that is none
   */
  static Extent wanted(CheckpointFolder checkpoint, Extent configured) {
    return ProcessorFile.read(checkpoint, "image_processor")
        .flatMap(ImageResolution::declared)
        .orElse(configured);
  }

  private static Optional<Extent> declared(Settings processor) {
    String type =
        processor.text("image_processor_type", processor.text("feature_extractor_type", ""));
    boolean cropsByDefault = type.startsWith("CLIP") || type.startsWith("Bit");
    if (processor.flag("do_center_crop", cropsByDefault)) {
      return extent(processor, "crop_size");
    }
    return processor.flag("do_resize", true) ? extent(processor, "size") : Optional.empty();
  }

  /** One number, or height and width; a shortest edge fixes neither. */
  private static Optional<Extent> extent(Settings processor, String key) {
    Object value = processor.find(key).orElse(null);
    if (value instanceof Number) {
      int side = side(processor, key);
      return Optional.of(new Extent(side, side));
    }
    if (value instanceof Map<?, ?> box && box.containsKey("height") && box.containsKey("width")) {
      return Optional.of(
          new Extent(side(processor, key + ".height"), side(processor, key + ".width")));
    }
    return Optional.empty();
  }

  private static int side(Settings processor, String path) {
    int side = processor.integer(path);
    if (side < 1 || side > MAX_PIXELS) {
      throw new ModelLoadException(
          "'%s' of the image processor must be 1 to %d pixels; got %d"
              .formatted(path, MAX_PIXELS, side));
    }
    return side;
  }
}
