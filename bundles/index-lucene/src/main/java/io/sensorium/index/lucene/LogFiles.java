package io.sensorium.index.lucene;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SortedSet;

/** Where the log keeps its files, one a number. One thread at a time. */
interface LogFiles {
  /** The numbers of the files there are. */
  SortedSet<Long> numbers() throws IOException;

  /** Creates an empty file, to be appended to. */
  LogFile create(long number) throws IOException;

  /** The content of a file. */
  ByteBuffer read(long number) throws IOException;

  /** Shortens a file, durably. */
  void truncate(long number, long size) throws IOException;

  /** Removes a file. */
  void delete(long number) throws IOException;

  /** Makes creations durable. */
  void force() throws IOException;

  /** What people call a file. */
  String describe(long number);

  /** One file, open for appending. */
  interface LogFile extends Closeable {
    /** Appends all bytes of the buffer. */
    void append(ByteBuffer bytes) throws IOException;

    /** Makes what was appended durable. */
    void force() throws IOException;

    /** Cuts off what is beyond a size; the next bytes are appended there. */
    void truncate(long size) throws IOException;
  }
}
