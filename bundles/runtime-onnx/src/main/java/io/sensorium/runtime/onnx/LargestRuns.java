package io.sensorium.runtime.onnx;

/** The largest size of runs so far, and how many had it. Thread-safe. */
final class LargestRuns {
  /** Those that a session's memory grows in. */
  private static final int TELLING = 2;

  private long largest;
  private int runs;

  /** Answers whether a run of that size may take more memory than those before it. */
  synchronized boolean add(long size) {
    if (size > largest) {
      largest = size;
      runs = 0;
    }
    if (size < largest || runs == TELLING) {
      return false;
    }
    runs++;
    return true;
  }
}
