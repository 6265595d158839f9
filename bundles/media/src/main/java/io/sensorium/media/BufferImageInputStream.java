package io.sensorium.media;

import java.nio.ByteBuffer;
import javax.imageio.stream.ImageInputStreamImpl;

/** A borrowed buffer as an image stream: no copy, no cache file. */
final class BufferImageInputStream extends ImageInputStreamImpl {
  private final ByteBuffer bytes;

  BufferImageInputStream(ByteBuffer bytes) {
    this.bytes = bytes.slice();
  }

  @Override
  public int read() {
    bitOffset = 0;
    return streamPos >= bytes.limit() ? -1 : bytes.get((int) streamPos++) & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    bitOffset = 0;
    if (streamPos >= bytes.limit()) {
      return length == 0 ? 0 : -1;
    }
    int count = (int) Math.min(length, bytes.limit() - streamPos);
    bytes.get((int) streamPos, target, offset, count);
    streamPos += count;
    return count;
  }

  @Override
  public long length() {
    return bytes.limit();
  }
}
