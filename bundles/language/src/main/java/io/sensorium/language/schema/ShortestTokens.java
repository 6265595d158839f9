package io.sensorium.language.schema;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * In how many tokens a text can be ended: those of its {@linkplain Frame#witness shortest way} in
 * bytes, cut as well as possible. One token on that way leaves one token less to go, so whoever
 * keeps this number within a budget always ends in time. One thread at a time.
 */
final class ShortestTokens {
  private static final int MAX_REMEMBERED = 4_096;

  private final TokenTrie tokens;
  private final List<Frame> out = new ArrayList<>();
  private final Map<Frame, Integer> known =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Frame, Integer> eldest) {
          return size() > MAX_REMEMBERED;
        }
      };

  ShortestTokens(TokenTrie tokens) {
    this.tokens = tokens;
  }

  /** Whether one of the frames can be led to the end with so many tokens. */
  boolean fits(List<Frame> frames, int budget) {
    for (Frame frame : frames) {
      if (frame.cost <= budget) {
        return true;
      }
    }
    for (Frame frame : frames) {
      if (frame.cost <= (long) budget * tokens.longest() && count(frame) <= budget) {
        return true;
      }
    }
    return false;
  }

  /** Tokens from a frame to the end. */
  int count(Frame frame) {
    Integer count = known.get(frame);
    if (count == null) {
      count = counted(witness(frame));
      known.put(frame, count);
    }
    return count;
  }

  private byte[] witness(Frame start) {
    byte[] way = new byte[start.cost];
    Frame frame = start;
    for (int position = 0; position < way.length; position++) {
      int next = frame.witness();
      way[position] = (byte) next;
      frame = after(frame, next);
    }
    return way;
  }

  private Frame after(Frame frame, int next) {
    out.clear();
    frame.step(next, out);
    for (Frame after : out) {
      if (after.cost == frame.cost - 1) {
        return after;
      }
    }
    throw new IllegalStateException(
        "the shortest way must be one byte shorter after '%c'; it is not".formatted(next));
  }

  /** The fewest tokens that spell these bytes. */
  private int counted(byte[] way) {
    int[] fewest = new int[way.length + 1];
    Arrays.fill(fewest, 0, way.length, Integer.MAX_VALUE - 1);
    for (int start = way.length - 1; start >= 0; start--) {
      int node = -1;
      for (int end = start; end < way.length; end++) {
        node = tokens.child(node, way[end] & 0xFF);
        if (node < 0) {
          break;
        }
        if (tokens.ends(node)) {
          fewest[start] = Math.min(fewest[start], 1 + fewest[end + 1]);
        }
      }
    }
    return fewest[0];
  }
}
