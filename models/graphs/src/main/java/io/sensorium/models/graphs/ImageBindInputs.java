package io.sensorium.models.graphs;

import java.util.List;
import java.util.Map;

/** How the reference turns files into what ImageBind's trunks read. */
final class ImageBindInputs {
  private static final List<Double> MEAN = List.of(0.48145466, 0.4578275, 0.40821073);
  private static final List<Double> DEVIATION = List.of(0.26862954, 0.26130258, 0.27577711);

  private ImageBindInputs() {}

  /** The shorter edge resized, the middle cut out. */
  static Map<String, Object> pictures(Extent size) {
    return Map.of(
        "image_processor_type",
        "OpenCLIPTransform",
        "size",
        Map.of("height", size.rows(), "width", size.columns()),
        "resize_mode",
        "shortest",
        "interpolation",
        "bicubic",
        "image_mean",
        MEAN,
        "image_std",
        DEVIATION);
  }

  /** CLIP's tokens, padded with 0. */
  static Map<String, Object> texts(int length) {
    return Map.of("max_length", length, "pad_token_id", 0);
  }

  /** Three clips of two seconds, as log-mel spectrograms. */
  static Map<String, Object> sounds(int bins, int frames) {
    return Map.of(
        "feature_extractor_type",
        "ImageBindAudio",
        "sample_rate",
        16_000,
        "num_mel_bins",
        bins,
        "target_length",
        frames,
        "clip_duration",
        2,
        "clips_per_video",
        3,
        "mean",
        -4.268,
        "std",
        9.138);
  }
}
