package io.sensorium.media;

import io.sensorium.api.Modality;
import io.sensorium.api.UnsupportedInputException;
import io.sensorium.api.media.AudioClip;
import io.sensorium.api.media.Image;
import io.sensorium.api.media.MediaDecoder;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.media.MediaLimits;
import io.sensorium.api.media.MediaType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Decodes in pure Java, on the caller's thread. Thread-safe: nothing is kept between calls.
 *
 * <p>Whatever hostile bytes provoke underneath leaves as an {@link UnsupportedInputException}.
 */
@Component
public final class JvmMediaDecoder implements MediaDecoder {
  private final JpegDecoder jpeg;
  private final WebpDecoder webp = new WebpDecoder();

  /** Finds the JDK's JPEG reader; nothing is registered anywhere. */
  @Activate
  public JvmMediaDecoder() {
    jpeg = new JpegDecoder(JdkImageReaders.find("jpeg"));
  }

  @Override
  public Optional<MediaType> identify(MediaInput input) {
    return MediaSniffer.identify(input.bytes()).map(MediaFormat::type);
  }

  @Override
  public Image decodeImage(MediaInput input, MediaLimits limits) {
    MediaFormat format = require(input, limits, Modality.IMAGE);
    return guard(
        input,
        format,
        bytes ->
            switch (format) {
              case PNG -> PngDecoder.decode(bytes, limits);
              case JPEG -> jpeg.decode(bytes, limits);
              case GIF -> GifDecoder.decode(bytes, limits);
              case BMP -> BmpDecoder.decode(bytes, limits);
              case WEBP -> webp.decode(bytes, limits);
              default -> throw new IllegalStateException("no picture: " + format);
            });
  }

  @Override
  public AudioClip decodeAudio(MediaInput input, MediaLimits limits) {
    MediaFormat format = require(input, limits, Modality.AUDIO);
    return guard(
        input,
        format,
        bytes ->
            switch (format) {
              case WAV -> WavDecoder.decode(bytes, limits);
              case AIFF -> AiffDecoder.decode(bytes, limits);
              case FLAC -> FlacDecoder.decode(bytes, limits);
              case OGG_VORBIS -> VorbisDecoder.decode(bytes, limits);
              case MP3 -> JcodecMp3Decoder.decode(bytes, limits);
              default -> throw new IllegalStateException("no sound: " + format);
            });
  }

  @Override
  public String decodeText(MediaInput input, MediaLimits limits) {
    requireBytes(input, limits);
    return guard(input, MediaFormat.TEXT, TextDecoder::decode);
  }

  private static MediaFormat require(MediaInput input, MediaLimits limits, Modality modality) {
    requireBytes(input, limits);
    MediaFormat format = MediaSniffer.identify(input.bytes()).orElse(null);
    if (format == null || !format.modality().equals(modality)) {
      throw new UnsupportedInputException(
          "an %s file is required; the content of '%s' is %s"
              .formatted(
                  modality, input.name(), format == null ? "unknown" : format.type().mime()));
    }
    return format;
  }

  private static void requireBytes(MediaInput input, MediaLimits limits) {
    if (input.size() == 0 || input.size() > limits.maximumBytes()) {
      throw new UnsupportedInputException(
          "1 to %d bytes are required; '%s' has %d"
              .formatted(limits.maximumBytes(), input.name(), input.size()));
    }
  }

  @FunctionalInterface
  private interface Decoding<T> {
    T decode(ByteBuffer bytes) throws IOException;
  }

  private static <T> T guard(MediaInput input, MediaFormat format, Decoding<T> decoding) {
    try {
      return decoding.decode(input.bytes());
    } catch (MalformedMediaException e) {
      throw refusal(input, format, e.getMessage(), e);
    } catch (IOException | RuntimeException e) {
      // Third-party readers answer some corrupt bytes with unchecked exceptions.
      throw refusal(input, format, "the data are corrupt (" + e + ")", e);
    } catch (OutOfMemoryError e) {
      throw refusal(input, format, "there is not enough memory to decode it", e);
    }
  }

  private static UnsupportedInputException refusal(
      MediaInput input, MediaFormat format, String reason, Throwable cause) {
    return new UnsupportedInputException(
        "cannot decode '%s' as %s: %s".formatted(input.name(), format.type().mime(), reason),
        cause);
  }
}
