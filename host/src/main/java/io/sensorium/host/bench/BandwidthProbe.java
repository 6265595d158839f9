package io.sensorium.host.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * How fast memory can be read: threads sum long arrays that no cache holds. Which way of reading is
 * the fastest depends on the machine, so several are tried and the best counts. One thread at a
 * time.
 */
final class BandwidthProbe implements AutoCloseable {
  private static final int LONGS_PER_THREAD = 1 << 24;
  private static final int PASSES = 3;

  private final List<long[]> arrays = new ArrayList<>();
  private final ExecutorService threads;
  private long sum;

  /**
   * @param threads that read at once
   */
  BandwidthProbe(int threads) {
    for (int i = 0; i < threads; i++) {
      long[] array = new long[LONGS_PER_THREAD];
      for (int at = 0; at < array.length; at++) {
        array[at] = at;
      }
      arrays.add(array);
    }
    this.threads = Executors.newFixedThreadPool(threads, Thread.ofPlatform().daemon().factory());
  }

  /** Bytes a second of the best way of reading, each of which goes over all arrays. */
  double bytesPerSecond() {
    return Stream.<ToLongFunction<long[]>>of(
            BandwidthProbe::one, BandwidthProbe::two, BandwidthProbe::four)
        .mapToDouble(this::bytesPerSecond)
        .max()
        .orElseThrow();
  }

  private double bytesPerSecond(ToLongFunction<long[]> reading) {
    long start = System.nanoTime();
    List<Future<Long>> sums =
        arrays.stream().map(array -> threads.submit(() -> repeated(reading, array))).toList();
    for (Future<Long> each : sums) {
      sum += result(each);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    return (double) PASSES * arrays.size() * LONGS_PER_THREAD * Long.BYTES / seconds;
  }

  private static long repeated(ToLongFunction<long[]> reading, long[] array) {
    long total = 0;
    for (int pass = 0; pass < PASSES; pass++) {
      total += reading.applyAsLong(array);
    }
    return total;
  }

  private static long result(Future<Long> sum) {
    try {
      return sum.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("summing failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while memory was read", e);
    }
  }

  private static long one(long[] array) {
    long total = 0;
    for (int at = 0; at < array.length; at++) {
      total += array[at];
    }
    return total;
  }

  private static long two(long[] array) {
    int stream = array.length / 2;
    long first = 0;
    long second = 0;
    for (int at = 0; at < stream; at++) {
      first += array[at];
      second += array[at + stream];
    }
    return first + second;
  }

  private static long four(long[] array) {
    int stream = array.length / 4;
    long first = 0;
    long second = 0;
    long third = 0;
    long fourth = 0;
    for (int at = 0; at < stream; at++) {
      first += array[at];
      second += array[at + stream];
      third += array[at + 2 * stream];
      fourth += array[at + 3 * stream];
    }
    return first + second + third + fourth;
  }

  /** What keeps the summing from being optimised away. */
  long sum() {
    return sum;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
