package io.sensorium.encoder.image;

import io.sensorium.api.UnsupportedInputException;
import io.sensorium.api.media.MediaLimits;
import io.sensorium.models.preprocessing.ImageSizing;
import io.sensorium.models.preprocessing.PillowResampler;
import io.sensorium.models.preprocessing.ResizeFilter;
import io.sensorium.models.preprocessing.RgbPixels;

/** A step from the decoded picture to the one that a model sees. Stateless. */
interface PictureStep {
  RgbPixels apply(RgbPixels picture);

  /** Resizes to a size, whatever the aspect ratio. */
  static PictureStep exact(ImageSizing.Size size, ResizeFilter filter) {
    return picture -> resize(picture, size.width(), size.height(), filter);
  }

  /** Resizes so that the shorter edge has a length. */
  static PictureStep shortestEdge(int edge, ResizeFilter filter) {
    return picture -> {
      long shorter = Math.min(picture.width(), picture.height());
      long longer = Math.max(picture.width(), picture.height());
      requireModest(picture, longer * edge / shorter, edge);
      return ImageSizing.resizeShortestEdge(picture, edge, filter);
    };
  }

  /** Resizes to a size that depends on the picture. */
  static RgbPixels resize(RgbPixels picture, long width, long height, ResizeFilter filter) {
    requireModest(picture, width, height);
    return PillowResampler.resize(picture, (int) width, (int) height, filter);
  }

  /** A sliver of a picture would grow to gigabytes. */
  private static void requireModest(RgbPixels picture, long width, long height) {
    long most = MediaLimits.DEFAULT.maximumPixels();
    if (width > most || width * height > most) {
      throw new UnsupportedInputException(
          "a picture of %dx%d is too elongated: resized as the model wants it has over %,d pixels"
              .formatted(picture.width(), picture.height(), most));
    }
  }
}
