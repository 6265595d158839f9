package io.sensorium.language.text;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** One run of bytes for each id, all in one array. Immutable, thread-safe. */
final class ByteBlock {
  private final byte[] data;
  private final int[] ends;

  private ByteBlock(byte[] data, int[] ends) {
    this.data = data;
    this.ends = ends;
  }

  /** Ids are below this. */
  int size() {
    return ends.length;
  }

  /** An id's bytes, read-only; none if none were put. */
  ByteBuffer get(int id) {
    return ByteBuffer.wrap(data, begin(id), ends[id] - begin(id)).slice().asReadOnlyBuffer();
  }

  /** Bytes that an id has at most. */
  int longest() {
    int longest = 0;
    for (int id = 0; id < ends.length; id++) {
      longest = Math.max(longest, ends[id] - begin(id));
    }
    return longest;
  }

  private int begin(int id) {
    return id == 0 ? 0 : ends[id - 1];
  }

  /** Takes runs in the order of their ids. One thread at a time. */
  static final class Builder {
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private final int[] ends;
    private int next;

    /** For ids below {@code size}. */
    Builder(int size) {
      this.ends = new int[size];
    }

    /** Puts an id's bytes; ids that are passed over have none. */
    void put(int id, byte[] bytes) {
      fillTo(id);
      data.writeBytes(bytes);
      ends[next++] = data.size();
    }

    ByteBlock build() {
      fillTo(ends.length);
      return new ByteBlock(data.toByteArray(), ends);
    }

    private void fillTo(int id) {
      while (next < id) {
        ends[next++] = data.size();
      }
    }
  }
}
