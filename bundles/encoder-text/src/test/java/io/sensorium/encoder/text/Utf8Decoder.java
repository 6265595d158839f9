package io.sensorium.encoder.text;

import io.sensorium.api.UnsupportedInputException;
import io.sensorium.api.media.AudioClip;
import io.sensorium.api.media.Image;
import io.sensorium.api.media.MediaDecoder;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.media.MediaLimits;
import io.sensorium.api.media.MediaType;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Decodes nothing but text. */
final class Utf8Decoder implements MediaDecoder {
  @Override
  public Optional<MediaType> identify(MediaInput input) {
    return Optional.empty();
  }

  @Override
  public Image decodeImage(MediaInput input, MediaLimits limits) {
    throw new UnsupportedInputException("no pictures here");
  }

  @Override
  public AudioClip decodeAudio(MediaInput input, MediaLimits limits) {
    throw new UnsupportedInputException("no sounds here");
  }

  @Override
  public String decodeText(MediaInput input, MediaLimits limits) {
    return StandardCharsets.UTF_8.decode(input.bytes()).toString();
  }
}
