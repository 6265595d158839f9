package io.sensorium.models.training;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Learns byte pair merges (Sennrich, Haddow and Birch, Neural Machine Translation of Rare Words
 * with Subword Units, 2016) within the pieces that GPT-2's pattern cuts a text into. Equal texts
 * give equal merges. One thread at a time.
 */
final class BytePairTrainer {
  /** GPT-2's pattern; a text is the concatenation of its matches. */
  static final Pattern PIECES =
      Pattern.compile(
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+");

  /** Two neighbours that become one token. */
  record Merge(String left, String right) {
    String joined() {
      return left + right;
    }
  }

  private final Map<String, Integer> pieces = new TreeMap<>();

  /** Counts the pieces of a text. */
  void learn(String text) {
    Matcher matcher = PIECES.matcher(text);
    while (matcher.find()) {
      pieces.merge(ByteAlphabet.symbols(matcher.group()), 1, Integer::sum);
    }
  }

  /**
   * The merges, first things first: always the commonest pair, of equally common ones the first in
   * alphabetical order.
   *
   * @param most at most so many; fewer where every piece has become one token
   */
  List<Merge> merges(int most) {
    Map<List<String>, Integer> words = new LinkedHashMap<>();
    pieces.forEach((piece, count) -> words.put(List.of(piece.split("")), count));
    var merges = new ArrayList<Merge>();
    Map<List<String>, Integer> current = words;
    while (merges.size() < most) {
      Merge best = commonest(current);
      if (best == null) {
        break;
      }
      merges.add(best);
      Map<List<String>, Integer> next = new LinkedHashMap<>();
      current.forEach((word, count) -> next.put(merged(word, best), count));
      current = next;
    }
    return merges;
  }

  private static Merge commonest(Map<List<String>, Integer> words) {
    Map<Merge, Long> counts = new HashMap<>();
    words.forEach(
        (word, count) -> {
          for (int at = 0; at + 1 < word.size(); at++) {
            counts.merge(new Merge(word.get(at), word.get(at + 1)), (long) count, Long::sum);
          }
        });
    return counts.entrySet().stream()
        .max(
            Map.Entry.<Merge, Long>comparingByValue()
                .thenComparing(
                    Map.Entry.comparingByKey(
                        Comparator.comparing(Merge::left).thenComparing(Merge::right).reversed())))
        .map(Map.Entry::getKey)
        .orElse(null);
  }

  private static List<String> merged(List<String> word, Merge merge) {
    var result = new ArrayList<String>(word.size());
    for (int at = 0; at < word.size(); at++) {
      boolean here =
          at + 1 < word.size()
              && word.get(at).equals(merge.left())
              && word.get(at + 1).equals(merge.right());
      result.add(here ? merge.joined() : word.get(at));
      at += here ? 1 : 0;
    }
    return result;
  }
}
