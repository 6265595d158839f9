package io.sensorium.space;

import io.sensorium.api.Modality;
import io.sensorium.api.UnsupportedInputException;
import io.sensorium.api.media.AudioClip;
import io.sensorium.api.media.Image;
import io.sensorium.api.media.MediaDecoder;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.media.MediaLimits;
import io.sensorium.api.media.MediaType;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Identifies "PNG" as a picture, "WAV" as a sound, "?" as nothing, the rest as text. */
final class FakeDecoder implements MediaDecoder {
  @Override
  public Optional<MediaType> identify(MediaInput input) {
    return switch (StandardCharsets.UTF_8.decode(input.bytes()).toString()) {
      case "PNG" -> Optional.of(new MediaType("image/png", Modality.IMAGE));
      case "WAV" -> Optional.of(new MediaType("audio/wav", Modality.AUDIO));
      case "?" -> Optional.empty();
      default -> Optional.of(new MediaType("text/plain", Modality.TEXT));
    };
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
    throw new UnsupportedInputException("no text here");
  }
}
