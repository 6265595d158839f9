package io.sensorium.api.media;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Decodes untrusted bytes to pixels, samples and characters, within limits. Thread-safe.
 *
 * <p>Every method reads the header first and refuses what is over a limit before it allocates. A
 * failure costs its own item one {@link io.sensorium.api.UnsupportedInputException}.
 */
@ProviderType
public interface MediaDecoder {
  /** What the bytes are, judged by their content and not by the name; empty if unknown. */
  Optional<MediaType> identify(MediaInput input);

  /**
   * Decodes a PNG, JPEG, GIF (first frame), BMP or WebP picture.
   *
   * @throws io.sensorium.api.UnsupportedInputException if it cannot or must not be decoded
   */
  Image decodeImage(MediaInput input, MediaLimits limits);

  /**
   * Decodes a WAV, AIFF, FLAC, MP3 or Ogg Vorbis sound at its own rate and channels.
   *
   * @throws io.sensorium.api.UnsupportedInputException if it cannot or must not be decoded
   */
  AudioClip decodeAudio(MediaInput input, MediaLimits limits);

  /**
   * Decodes text: UTF-8, or UTF-16 with a byte order mark.
   *
   * @throws io.sensorium.api.UnsupportedInputException if it is not text
   */
  String decodeText(MediaInput input, MediaLimits limits);
}
