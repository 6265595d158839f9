package io.sensorium.media;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Tells what bytes are by their first bytes. */
final class MediaSniffer {
  private static final int LONGEST_SIGNATURE = 48;

  private MediaSniffer() {}

  static Optional<MediaFormat> identify(ByteBuffer bytes) {
    byte[] start = new byte[Math.min(LONGEST_SIGNATURE, bytes.remaining())];
    bytes.get(bytes.position(), start);
    String head = new String(start, StandardCharsets.ISO_8859_1);
    Optional<MediaFormat> container = container(head);
    if (container.isPresent()) {
      return container;
    }
    if (head.startsWith("fLaC") || flacBehindId3(bytes, head)) {
      return Optional.of(MediaFormat.FLAC);
    }
    if (Mp3Frames.looksLikeMp3(bytes)) {
      return Optional.of(MediaFormat.MP3);
    }
    return TextDecoder.looksLikeText(bytes) ? Optional.of(MediaFormat.TEXT) : Optional.empty();
  }

  private static Optional<MediaFormat> container(String head) {
    if (head.startsWith("\u0089PNG\r\n\u001a\n")) {
      return Optional.of(MediaFormat.PNG);
    }
    if (head.startsWith("\u00ff\u00d8\u00ff")) {
      return Optional.of(MediaFormat.JPEG);
    }
    if (head.startsWith("GIF87a") || head.startsWith("GIF89a")) {
      return Optional.of(MediaFormat.GIF);
    }
    if (head.startsWith("BM") && hasBmpHeader(head)) {
      return Optional.of(MediaFormat.BMP);
    }
    if (head.startsWith("RIFF") && head.startsWith("WEBP", 8)) {
      return Optional.of(MediaFormat.WEBP);
    }
    if (head.startsWith("RIFF") && head.startsWith("WAVE", 8)) {
      return Optional.of(MediaFormat.WAV);
    }
    if (head.startsWith("FORM") && (head.startsWith("AIFF", 8) || head.startsWith("AIFC", 8))) {
      return Optional.of(MediaFormat.AIFF);
    }
    if (head.startsWith("OggS") && head.startsWith("\u0001vorbis", 28)) {
      return Optional.of(MediaFormat.OGG_VORBIS);
    }
    return Optional.empty();
  }

  /** Two letters are too little: the size of the second header must be a known one, too. */
  private static boolean hasBmpHeader(String head) {
    return head.length() >= 18
        && (head.charAt(14) == 12 || (head.charAt(14) >= 40 && head.charAt(14) <= 124))
        && head.startsWith("\0\0\0", 15);
  }

  private static boolean flacBehindId3(ByteBuffer bytes, String head) {
    int tag = Id3Tag.length(bytes);
    return tag > 0
        && head.startsWith("ID3")
        && bytes.remaining() >= tag + 4
        && bytes.slice(tag, 4).equals(ByteBuffer.wrap(new byte[] {'f', 'L', 'a', 'C'}));
  }
}
