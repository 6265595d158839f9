package io.sensorium.language.schema;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Which tokens may follow a frame: the tree of tokens is walked along what the frame allows, and
 * what was found is remembered. Shared by all texts of one schema and vocabulary. Thread-safe; a
 * walk keeps others waiting.
 */
final class TokenMasks {
  /** Bytes of masks that are remembered. */
  private static final long MAX_REMEMBERED_BYTES = 16 << 20;

  /** Ways to read one text that are followed within a token. */
  private static final int MAX_WITHIN = 4_096;

  /** Ways to read one text that are followed from token to token. */
  private static final int MAX_FRAMES = 64;

  /**
   * The tokens after a frame.
   *
   * @param highestCost at least the cost after any of them
   */
  private record Mask(BitSet tokens, int highestCost) {}

  private final VocabularyIndex index;
  private final ShortestTokens shortest;
  private final List<List<Frame>> levels = new ArrayList<>();
  private final Map<Frame, Mask> known;

  TokenMasks(VocabularyIndex index) {
    this.index = index;
    this.shortest = new ShortestTokens(index.all());
    for (int level = 0; level <= index.all().longest(); level++) {
      levels.add(new ArrayList<>());
    }
    int remembered = (int) Math.max(16, MAX_REMEMBERED_BYTES / Math.max(1, index.all().size() / 8));
    this.known =
        new LinkedHashMap<>(64, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Frame, Mask> eldest) {
            return size() > remembered;
          }
        };
  }

  /** Tokens that are needed at least from here to the end. */
  synchronized int shortest(List<Frame> frames) {
    return frames.stream().mapToInt(this::shortest).min().orElseThrow();
  }

  private int shortest(Frame frame) {
    // Beyond this the exact number is not worth its bytes.
    return frame.cost > 1 << 20 ? frame.cost / index.all().longest() : shortest.count(frame);
  }

  /**
   * Sets the bits of the tokens that may follow.
   *
   * @param budget tokens that may come after that one
   */
  synchronized void addTo(BitSet allowed, List<Frame> frames, int budget) {
    for (Frame frame : frames) {
      Mask mask = known.get(frame);
      if (mask == null) {
        mask = mask(frame);
        known.put(frame, mask);
      }
      if (mask.highestCost <= budget) {
        allowed.or(mask.tokens);
      } else {
        walk(index.all(), frame, allowed, budget);
      }
    }
  }

  private Mask mask(Frame frame) {
    BitSet tokens = new BitSet(index.all().size());
    int free = frame.free();
    if (free == 0) {
      return new Mask(tokens, walk(index.all(), frame, tokens, Integer.MAX_VALUE));
    }
    index.addPlain(tokens, free);
    int highest = walk(index.others(), frame, tokens, Integer.MAX_VALUE);
    return new Mask(tokens, Math.max(highest, frame.freeCost()));
  }

  /** Sets the bits of tokens that can be followed; answers the highest cost after one of them. */
  private int walk(TokenTrie tokens, Frame start, BitSet allowed, int budget) {
    int highest = 0;
    levels.getFirst().clear();
    levels.getFirst().add(start);
    int node = 0;
    while (node < tokens.nodes()) {
      int depth = tokens.depth(node);
      List<Frame> reached = levels.get(depth);
      step(levels.get(depth - 1), tokens.at(node), reached);
      if (reached.isEmpty()) {
        node = tokens.after(node);
        continue;
      }
      if (tokens.ends(node) && (budget == Integer.MAX_VALUE || shortest.fits(reached, budget))) {
        tokens.addTo(allowed, node);
        highest = Math.max(highest, cheapest(reached));
      }
      node++;
    }
    return highest;
  }

  private static int cheapest(List<Frame> frames) {
    int cheapest = Integer.MAX_VALUE;
    for (Frame frame : frames) {
      cheapest = Math.min(cheapest, frame.cost);
    }
    return cheapest;
  }

  private static void step(List<Frame> from, int next, List<Frame> out) {
    out.clear();
    for (int index = 0; index < from.size(); index++) {
      from.get(index).step(next, out);
    }
    if (out.size() > 1) {
      distinct(out, MAX_WITHIN);
    }
  }

  private static void distinct(List<Frame> frames, int most) {
    LinkedHashSet<Frame> distinct = new LinkedHashSet<>(frames);
    if (distinct.size() == frames.size() && frames.size() <= most) {
      return;
    }
    frames.clear();
    frames.addAll(distinct);
    if (frames.size() > most) {
      frames.sort((one, other) -> Integer.compare(one.cost, other.cost));
      frames.subList(most, frames.size()).clear();
    }
  }

  /**
   * What may be after a token; nothing if it cannot follow. Of very many ways to read the text
   * those are kept that end soonest.
   */
  synchronized List<Frame> after(List<Frame> frames, byte[] token) {
    List<Frame> from = frames;
    for (byte next : token) {
      List<Frame> out = new ArrayList<>();
      step(from, next & 0xFF, out);
      from = out;
    }
    if (from.size() > MAX_FRAMES) {
      from.sort((one, other) -> Integer.compare(shortest(one), shortest(other)));
      from.subList(MAX_FRAMES, from.size()).clear();
    }
    return List.copyOf(from);
  }
}
