package io.sensorium.language.schema;

import io.sensorium.language.text.Vocabulary;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * A vocabulary as a tree of bytes, in the order in which it is walked: a node's children follow it.
 * Immutable, thread-safe.
 */
final class TokenTrie {
  private final int size;
  private final int longest;

  /** Of each node: its byte, the node after all below it, its depth from 1. */
  private final byte[] bytes;

  private final int[] after;
  private final short[] depths;

  /** The tokens that end at a node: tokens[first[node]..first[node + 1] - 1]. */
  private final int[] first;

  private final int[] tokens;

  /** The nodes at depth 1 by their bytes; -1 for none. */
  private final int[] roots = new int[256];

  private TokenTrie(Vocabulary vocabulary, IntPredicate taken) {
    List<byte[]> spellings = new ArrayList<>();
    List<Integer> ids = new ArrayList<>();
    for (int token = 0; token < vocabulary.size(); token++) {
      ByteBuffer view = vocabulary.bytes(token).duplicate();
      if (view.hasRemaining() && !vocabulary.isSpecial(token) && taken.test(token)) {
        byte[] spelling = new byte[view.remaining()];
        view.get(spelling);
        spellings.add(spelling);
        ids.add(token);
      }
    }
    Integer[] order = new Integer[ids.size()];
    Arrays.setAll(order, index -> index);
    Arrays.sort(order, (a, b) -> Arrays.compareUnsigned(spellings.get(a), spellings.get(b)));
    int nodes = 0;
    byte[] previous = new byte[0];
    for (int index : order) {
      byte[] spelling = spellings.get(index);
      nodes += spelling.length - common(previous, spelling);
      previous = spelling;
    }
    this.size = vocabulary.size();
    this.longest = spellings.stream().mapToInt(spelling -> spelling.length).max().orElse(0);
    this.bytes = new byte[nodes];
    this.after = new int[nodes];
    this.depths = new short[nodes];
    this.first = new int[nodes + 1];
    this.tokens = new int[ids.size()];
    fill(order, spellings, ids);
    Arrays.fill(roots, -1);
    for (int node = 0; node < nodes; node = after[node]) {
      roots[at(node)] = node;
    }
  }

  private void fill(Integer[] order, List<byte[]> spellings, List<Integer> ids) {
    int[] path = new int[longest + 1];
    byte[] previous = new byte[0];
    int node = 0;
    int token = 0;
    for (int index : order) {
      byte[] spelling = spellings.get(index);
      int shared = common(previous, spelling);
      for (int depth = previous.length; depth > shared; depth--) {
        after[path[depth]] = node;
      }
      for (int depth = shared + 1; depth <= spelling.length; depth++) {
        bytes[node] = spelling[depth - 1];
        depths[node] = (short) depth;
        first[node] = token;
        path[depth] = node++;
      }
      tokens[token++] = ids.get(index);
      previous = spelling;
    }
    for (int depth = previous.length; depth > 0; depth--) {
      after[path[depth]] = node;
    }
    first[node] = token;
  }

  private static int common(byte[] one, byte[] other) {
    int mismatch = Arrays.mismatch(one, other);
    return mismatch < 0 ? one.length : mismatch;
  }

  /** All tokens that stand for bytes. */
  static TokenTrie of(Vocabulary vocabulary) {
    return new TokenTrie(vocabulary, token -> true);
  }

  /** Those tokens. */
  static TokenTrie of(Vocabulary vocabulary, IntPredicate taken) {
    return new TokenTrie(vocabulary, taken);
  }

  /** Ids are below this. */
  int size() {
    return size;
  }

  /** Bytes of the longest token. */
  int longest() {
    return longest;
  }

  int nodes() {
    return bytes.length;
  }

  /** The byte of a node, 0 to 255. */
  int at(int node) {
    return bytes[node] & 0xFF;
  }

  /** The next node that is not below this one. */
  int after(int node) {
    return after[node];
  }

  /** Bytes on the way to a node, its own with it. */
  int depth(int node) {
    return depths[node];
  }

  /** Whether tokens end at a node. */
  boolean ends(int node) {
    return first[node] < first[node + 1];
  }

  /** Sets the bits of the tokens that end at a node. */
  void addTo(BitSet allowed, int node) {
    for (int index = first[node]; index < first[node + 1]; index++) {
      allowed.set(tokens[index]);
    }
  }

  /** The node below another, or below the root for -1, that has this byte; -1 for none. */
  int child(int parent, int next) {
    if (parent < 0) {
      return roots[next];
    }
    for (int node = parent + 1; node < after[parent]; node = after[node]) {
      if (at(node) == next) {
        return node;
      }
    }
    return -1;
  }

  /** Whether a token is this byte alone. */
  boolean has(int single) {
    int node = child(-1, single);
    return node >= 0 && ends(node);
  }

  /** The number of characters of whole UTF-8 text that stand for themselves in a string, or 0. */
  static int plainLength(ByteBuffer spelling) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(spelling.duplicate()).toString();
    } catch (CharacterCodingException e) {
      return 0;
    }
    boolean plain = text.chars().allMatch(unit -> unit >= 0x20 && unit != '"' && unit != '\\');
    return plain ? text.codePointCount(0, text.length()) : 0;
  }
}
