package io.sensorium.encoder.image;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.Settings;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.models.preprocessing.ImageNormalizer;
import io.sensorium.models.preprocessing.ImageSizing;
import io.sensorium.models.preprocessing.ResizeFilter;
import io.sensorium.models.preprocessing.RgbPixels;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The steps of a {@code preprocessor_config.json} of the ViT and CLIP kinds: resize, centre crop,
 * rescale, normalise. Follows the image processors of Hugging Face transformers, absent keys
 * included; a package may declare OpenCLIP's transform instead. Immutable and thread-safe.
 */
final class ImageProcessor {
  private static final Set<String> SQUARE_BILINEAR = Set.of("ViT", "");
  private static final Set<String> SHORTEST_EDGE_BICUBIC = Set.of("CLIP", "Bit");
  private static final Set<String> SQUARE_BICUBIC = Set.of("Siglip", "DeiT");

  private final List<PictureStep> steps;
  private final ImageNormalizer normalizer;

  private ImageProcessor(List<PictureStep> steps, ImageNormalizer normalizer) {
    this.steps = List.copyOf(steps);
    this.normalizer = normalizer;
  }

  /**
   * Reads a processor's declaration.
   *
   * @throws ModelLoadException if a step is declared that is not known, or a value is missing
   */
  static ImageProcessor declaredBy(Settings settings) {
    String type =
        settings.text("image_processor_type", settings.text("feature_extractor_type", ""));
    List<PictureStep> steps =
        type.equals(OpenClipTransform.TYPE)
            ? OpenClipTransform.steps(settings)
            : steps(settings, family(type));
    return new ImageProcessor(steps, normalizer(settings));
  }

  private static List<PictureStep> steps(Settings settings, String family) {
    boolean crops = settings.flag("do_center_crop", SHORTEST_EDGE_BICUBIC.contains(family));
    List<PictureStep> steps = new ArrayList<>();
    if (settings.flag("do_resize", true)) {
      steps.add(resize(settings, family, crops));
    }
    if (crops) {
      ImageSizing.Size crop = box(settings, "crop_size");
      steps.add(picture -> ImageSizing.centreCrop(picture, crop.width(), crop.height()));
    }
    return steps;
  }

  private static String family(String type) {
    String family = type.replaceFirst("(ImageProcessor(Fast)?|FeatureExtractor)$", "");
    if (!SQUARE_BILINEAR.contains(family)
        && !SHORTEST_EDGE_BICUBIC.contains(family)
        && !SQUARE_BICUBIC.contains(family)) {
      throw new ModelLoadException(
          "image_processor_type must be ViT-, CLIP-, Bit-, Siglip- or DeiTImageProcessor; got '%s'"
              .formatted(type));
    }
    return family;
  }

  private static PictureStep resize(Settings settings, String family, boolean crops) {
    int code = settings.integer("resample", SQUARE_BILINEAR.contains(family) ? 2 : 3);
    ResizeFilter filter;
    try {
      filter = ResizeFilter.ofPillowCode(code);
    } catch (IllegalArgumentException e) {
      throw new ModelLoadException("resample must be a Pillow filter; got " + code, e);
    }
    if (settings.find("size.shortest_edge").isPresent()) {
      return PictureStep.shortestEdge(positive(settings, "size.shortest_edge"), filter);
    }
    // A bare number was the shorter edge where a crop followed, and a square where none did.
    if (crops && settings.find("size").orElse(null) instanceof Number) {
      return PictureStep.shortestEdge(positive(settings, "size"), filter);
    }
    return PictureStep.exact(box(settings, "size"), filter);
  }

  static ImageSizing.Size box(Settings settings, String path) {
    if (settings.find(path).orElse(null) instanceof Number) {
      int edge = positive(settings, path);
      return new ImageSizing.Size(edge, edge);
    }
    return new ImageSizing.Size(
        positive(settings, path + ".width"), positive(settings, path + ".height"));
  }

  private static int positive(Settings settings, String path) {
    int value = settings.integer(path);
    if (value < 1 || value > 8_192) {
      throw new ModelLoadException("'%s' must be 1 to 8192 pixels; got %d".formatted(path, value));
    }
    return value;
  }

  private static ImageNormalizer normalizer(Settings settings) {
    double factor =
        settings.flag("do_rescale", true) ? settings.decimal("rescale_factor", 1.0 / 255) : 1;
    if (!settings.flag("do_normalize", true)) {
      return new ImageNormalizer(factor, new double[] {0, 0, 0}, new double[] {1, 1, 1});
    }
    return new ImageNormalizer(
        factor, channels(settings, "image_mean"), channels(settings, "image_std"));
  }

  private static double[] channels(Settings settings, String path) {
    List<Double> values = settings.decimals(path);
    if (values.size() != RgbPixels.CHANNELS || (path.endsWith("std") && values.contains(0.0))) {
      throw new ModelLoadException(
          "'%s' must have three values, and no deviation of 0; got %s".formatted(path, values));
    }
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** The picture as {@code float32[1,3,height,width]}. */
  Tensor process(RgbPixels picture) {
    RgbPixels pixels = picture;
    for (PictureStep step : steps) {
      pixels = step.apply(pixels);
    }
    Tensor tensor =
        Tensor.allocate(
            ElementType.FLOAT32, Shape.of(1, RgbPixels.CHANNELS, pixels.height(), pixels.width()));
    normalizer.write(pixels, tensor.asFloats());
    return tensor;
  }
}
