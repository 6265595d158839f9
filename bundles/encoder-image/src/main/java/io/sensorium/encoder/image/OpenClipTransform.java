package io.sensorium.encoder.image;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.Settings;
import io.sensorium.models.preprocessing.ImageSizing.Size;
import io.sensorium.models.preprocessing.ResizeFilter;
import io.sensorium.models.preprocessing.RgbPixels;
import java.util.List;

/**
 * What OpenCLIP does to pictures, on top of torchvision: {@code size} in height and width, {@code
 * resize_mode} ({@code shortest}, {@code longest} or {@code squash}) and {@code interpolation}
 * ({@code bicubic} or {@code bilinear}). Stateless.
 *
 * <p>Sizes and offsets are rounded half to even, where transformers' processors truncate.
 */
final class OpenClipTransform {
  /** What a package calls it. */
  static final String TYPE = "OpenCLIPTransform";

  private OpenClipTransform() {}

  /**
   * The steps before normalising.
   *
   * @throws ModelLoadException if a value is missing or not known
   */
  static List<PictureStep> steps(Settings settings) {
    Size size = ImageProcessor.box(settings, "size");
    ResizeFilter filter = filter(settings);
    if (settings.decimal("fill_color", 0) != 0) {
      throw new ModelLoadException(
          "fill_color must be 0, black; got " + settings.decimal("fill_color"));
    }
    String mode = settings.text("resize_mode", "shortest");
    return switch (mode) {
      case "squash" -> List.of(PictureStep.exact(size, filter));
      case "longest" ->
          List.of(picture -> fit(picture, size, true, filter), picture -> centre(picture, size));
      case "shortest" -> List.of(shortest(size, filter), picture -> centre(picture, size));
      default ->
          throw new ModelLoadException(
              "resize_mode must be shortest, longest or squash; got '%s'".formatted(mode));
    };
  }

  private static ResizeFilter filter(Settings settings) {
    String name = settings.text("interpolation", "bicubic");
    return switch (name) {
      // A training option; at inference it means bicubic.
      case "bicubic", "random" -> ResizeFilter.BICUBIC;
      case "bilinear" -> ResizeFilter.BILINEAR;
      default ->
          throw new ModelLoadException(
              "interpolation must be bicubic or bilinear; got '%s'".formatted(name));
    };
  }

  /** For oblong sizes OpenCLIP takes the bicubic filter whatever is declared. */
  private static PictureStep shortest(Size size, ResizeFilter filter) {
    return size.width() == size.height()
        ? PictureStep.shortestEdge(size.width(), filter)
        : picture -> fit(picture, size, false, ResizeFilter.BICUBIC);
  }

  /** Keeps the aspect ratio and covers the size, or, if {@code inside}, stays within it. */
  private static RgbPixels fit(RgbPixels picture, Size size, boolean inside, ResizeFilter filter) {
    double byHeight = (double) picture.height() / size.height();
    double byWidth = (double) picture.width() / size.width();
    double ratio = inside ? Math.max(byHeight, byWidth) : Math.min(byHeight, byWidth);
    long width = Math.max(1, (long) Math.rint(picture.width() / ratio));
    long height = Math.max(1, (long) Math.rint(picture.height() / ratio));
    return PictureStep.resize(picture, width, height, filter);
  }

  /** Cuts the centre out, and pads with black where the picture is smaller. */
  private static RgbPixels centre(RgbPixels picture, Size size) {
    return picture.crop(
        offset(picture.width(), size.width()),
        offset(picture.height(), size.height()),
        size.width(),
        size.height());
  }

  private static int offset(int length, int wanted) {
    return wanted > length ? -((wanted - length) / 2) : (int) Math.rint((length - wanted) / 2.0);
  }
}
