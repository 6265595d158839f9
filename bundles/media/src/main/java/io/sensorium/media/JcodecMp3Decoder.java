package io.sensorium.media;

import io.sensorium.api.media.AudioClip;
import io.sensorium.api.media.MediaLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalInt;
import org.jcodec.codecs.mpa.Mp3Decoder;

/**
 * Decodes MP3 sounds: frames are found and checked here, JCodec decodes one at a time.
 *
 * <p>The silence that the encoder put before and behind is cut where a LAME tag declares it.
 */
final class JcodecMp3Decoder {
  private static final int SAMPLE_BYTES = 2;

  private final ByteBuffer bytes;
  private final MediaLimits limits;
  private final Mp3Decoder decoder = new Mp3Decoder();

  private JcodecMp3Decoder(ByteBuffer bytes, MediaLimits limits) {
    this.bytes = bytes.slice();
    this.limits = limits;
  }

  static AudioClip decode(ByteBuffer bytes, MediaLimits limits) throws IOException {
    return new JcodecMp3Decoder(bytes, limits).decode();
  }

  private AudioClip decode() throws IOException {
    int position =
        Mp3Frames.find(bytes, Id3Tag.length(bytes))
            .orElseThrow(() -> new MalformedMediaException("there is no layer III frame"));
    Mp3Frames.Frame first = Mp3Frames.at(bytes, position).orElseThrow();
    Mp3Tag tag = Mp3Tag.read(bytes, position, first);
    Limits.requireFrames(
        tag.frameCount() * first.frames(), first.sampleRate(), first.channels(), limits);
    SampleSink sink = new SampleSink(first.sampleRate(), first.channels(), limits);
    OptionalInt next = tag.present() ? after(position, first) : OptionalInt.of(position);
    while (next.isPresent()) {
      int start = next.getAsInt();
      Mp3Frames.Frame frame = Mp3Frames.at(bytes, start).orElseThrow();
      if (frame.continues(first)) {
        decodeFrame(start, frame, sink);
      }
      next = after(start, frame);
    }
    if (sink.frames() / first.frames() < tag.frameCount()) {
      throw new MalformedMediaException(
          "truncated: %d of %d frames".formatted(sink.frames() / first.frames(), tag.frameCount()));
    }
    return sink.toClip(tag.leadingSamples(), sink.frames() - tag.trailingSamples());
  }

  private OptionalInt after(int position, Mp3Frames.Frame frame) {
    return Mp3Frames.find(bytes, position + frame.bytes());
  }

  private void decodeFrame(int position, Mp3Frames.Frame frame, SampleSink sink)
      throws IOException {
    byte[] encoded = new byte[frame.bytes()];
    bytes.get(position, encoded);
    int samples = frame.frames() * frame.channels();
    ByteBuffer pcm =
        decoder
            .decodeFrame(ByteBuffer.wrap(encoded), ByteBuffer.allocate(samples * SAMPLE_BYTES))
            .getData()
            .order(ByteOrder.LITTLE_ENDIAN);
    if (pcm.remaining() != samples * SAMPLE_BYTES) {
      throw new MalformedMediaException(
          "the frame at %d has %d bytes of samples instead of %d"
              .formatted(position, pcm.remaining(), samples * SAMPLE_BYTES));
    }
    int write = sink.reserve(frame.frames());
    for (int i = 0; i < samples; i++) {
      sink.array()[write + i] = pcm.getShort() / 32768f;
    }
  }
}
