package io.sensorium.media;

import java.nio.ByteBuffer;

/**
 * The Xing or Info tag that encoders hide in a first, silent frame.
 *
 * @param present whether the first frame is such a tag
 * @param frameCount of the frames that follow, 0 if not told
 * @param leadingSamples per channel that the encoder and the decoder put in front
 * @param trailingSamples per channel that fill the last frame up
 */
record Mp3Tag(boolean present, long frameCount, int leadingSamples, int trailingSamples) {
  private static final Mp3Tag NONE = new Mp3Tag(false, 0, 0, 0);
  private static final int HEADER_BYTES = 4;
  private static final int ENCODER_OFFSET = 120;
  private static final int DELAYS_OFFSET = ENCODER_OFFSET + 21;

  /** What a decoder's filters add to the encoder's delay. */
  private static final int DECODER_DELAY = 529;

  private static final int ALL_FIELDS = 15;

  static Mp3Tag read(ByteBuffer bytes, int position, Mp3Frames.Frame frame)
      throws MalformedMediaException {
    ByteReader reader = ByteReader.bigEndian(bytes);
    reader.seek(position);
    ByteReader content = ByteReader.bigEndian(reader.slice(frame.bytes()));
    int start = HEADER_BYTES + frame.sideInformationBytes();
    if (content.size() < start + 8) {
      return NONE;
    }
    content.seek(start);
    String name = content.ascii(4);
    if (!name.equals("Xing") && !name.equals("Info")) {
      return NONE;
    }
    int fields = content.i32();
    long frameCount = (fields & 1) != 0 && content.remaining() >= 4 ? content.u32() : 0;
    if ((fields & ALL_FIELDS) != ALL_FIELDS || content.size() < start + DELAYS_OFFSET + 3) {
      return new Mp3Tag(true, frameCount, 0, 0);
    }
    content.seek(start + ENCODER_OFFSET);
    boolean declaresDelays = content.u8() != 0;
    content.seek(start + DELAYS_OFFSET);
    int delays = content.u24();
    return declaresDelays
        ? new Mp3Tag(
            true,
            frameCount,
            (delays >> 12) + DECODER_DELAY,
            Math.max(0, (delays & 0xFFF) - DECODER_DELAY))
        : new Mp3Tag(true, frameCount, 0, 0);
  }
}
