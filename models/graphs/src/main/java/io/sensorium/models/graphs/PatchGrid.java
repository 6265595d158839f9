package io.sensorium.models.graphs;

import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import java.util.List;
import java.util.Map;

/**
 * How a vision tower cuts pictures into patches. Immutable.
 *
 * @param learned the picture size that its positions were learned for
 * @param image the picture size that its graph reads
 * @param patch the size of a patch
 * @param channels of a picture
 */
record PatchGrid(Extent learned, Extent image, Extent patch, int channels) {
  /** Channels of pictures in colour. */
  static final int RGB = 3;

  /**
   * Reads {@code image_size}, {@code patch_size} and {@code num_channels}; the graph reads pictures
   * of the size that the checkpoint's processor makes.
   */
  static PatchGrid read(Draft draft) {
    CheckedConfig config = draft.config();
    Extent learned = config.extent("image_size");
    Extent image = ImageResolution.wanted(draft.checkpoint(), learned);
    return new PatchGrid(
        learned,
        image,
        config.patch("patch_size", learned, image),
        config.size("num_channels", RGB));
  }

  /** Rows and columns of patches. */
  Extent cells() {
    return image.windows(patch, patch);
  }

  /** Answers whether pictures in colour are read. */
  boolean isRgb() {
    return channels == RGB;
  }

  /** The table of learned positions. */
  PositionTable positions(int specialTokens, PositionTable.Filter filter) {
    return new PositionTable(specialTokens, learned.windows(patch, patch), filter);
  }

  /** Declares {@code pixel_values} and embeds its patches, {@code [n, cells, width]}. */
  Value patches(Draft draft, String name, long width, boolean biased) {
    Value pixels =
        draft
            .graph()
            .input(
                "pixel_values",
                ElementType.FLOAT32,
                Shape.DYNAMIC,
                channels,
                image.rows(),
                image.columns());
    return draft.layers().patches(name, pixels, width, patch, patch, biased);
  }

  /**
   * What a checkpoint without a processor file most likely wants.
   *
   * @param processor transformers' class
   * @param resample Pillow's number of the filter
   */
  Map<String, Object> preprocessing(
      String processor, int resample, List<Double> mean, List<Double> deviation) {
    Map<String, Object> size = Map.of("height", image.rows(), "width", image.columns());
    return Map.of(
        "image_processor_type", processor,
        "size", size,
        "crop_size", size,
        "resample", resample,
        "image_mean", mean,
        "image_std", deviation);
  }
}
