package io.sensorium.media;

import io.sensorium.api.Modality;
import io.sensorium.api.media.MediaType;

/** What this bundle decodes. */
enum MediaFormat {
  PNG("image/png"),
  JPEG("image/jpeg"),
  GIF("image/gif"),
  BMP("image/bmp"),
  WEBP("image/webp"),
  WAV("audio/wav"),
  AIFF("audio/aiff"),
  FLAC("audio/flac"),
  MP3("audio/mpeg"),
  OGG_VORBIS("audio/ogg"),
  TEXT("text/plain");

  private final String mime;

  MediaFormat(String mime) {
    this.mime = mime;
  }

  MediaType type() {
    return new MediaType(mime, modality());
  }

  /** The first half of a media type is the modality's name. */
  Modality modality() {
    return new Modality(mime.substring(0, mime.indexOf('/')));
  }
}
