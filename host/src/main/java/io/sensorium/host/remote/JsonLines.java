package io.sensorium.host.remote;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** Values as lines of JSON over a socket. One thread may read while others write. */
final class JsonLines implements AutoCloseable {
  static final ObjectMapper MAPPER =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);

  private final SocketChannel channel;
  private final int longestLine;
  private final ByteBuffer received = ByteBuffer.allocate(16 * 1024).flip();
  private final ReentrantLock writing = new ReentrantLock();

  /**
   * Talks over a connected, blocking channel, which it closes.
   *
   * @param longestLine in bytes; a longer one is an error as soon as it is
   */
  JsonLines(SocketChannel channel, int longestLine) {
    this.channel = channel;
    this.longestLine = longestLine;
  }

  /**
   * The next value; empty when the other side has closed.
   *
   * @throws IOException if the line is too long or no JSON object
   */
  Optional<JsonNode> read() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      while (received.hasRemaining()) {
        byte next = received.get();
        if (next == '\n') {
          return Optional.of(parse(line));
        }
        if (line.size() >= longestLine) {
          throw new IOException("a line of at most " + longestLine + " bytes is required");
        }
        line.write(next);
      }
      received.clear();
      int count = channel.read(received);
      received.flip();
      if (count < 0) {
        return Optional.empty();
      }
    }
  }

  private static JsonNode parse(ByteArrayOutputStream line) throws IOException {
    JsonNode value = MAPPER.readTree(line.toByteArray());
    if (!value.isObject()) {
      throw new IOException("a line with one JSON object is required");
    }
    return value;
  }

  /** Sends one value; waits while the other side is slow. */
  void write(Object value) throws IOException {
    byte[] json = MAPPER.writeValueAsBytes(value);
    ByteBuffer line = ByteBuffer.allocate(json.length + 1).put(json).put((byte) '\n').flip();
    writing.lock();
    try {
      while (line.hasRemaining()) {
        channel.write(line);
      }
    } finally {
      writing.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
