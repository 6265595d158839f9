package io.sensorium.language.text;

import java.util.List;

/**
 * Ends a text before the first of some stop texts, wherever the borders between its pieces fall:
 * what may be the beginning of a stop is held back until it is certain. The first to be complete
 * counts, of several the longest. Each is looked for as Knuth, Morris and Pratt do ("Fast pattern
 * matching in strings", 1977). One thread at a time.
 */
public final class StopTexts {
  private final List<Search> searches;
  private final StringBuilder held = new StringBuilder();
  private boolean stopped;

  /**
   * @param stops none empty; none at all to hold nothing back
   */
  public StopTexts(List<String> stops) {
    if (stops.contains("")) {
      throw new IllegalArgumentException("a stop text must not be empty");
    }
    this.searches = stops.stream().map(Search::new).toList();
  }

  private StopTexts(StopTexts original) {
    this.searches = original.searches.stream().map(Search::new).toList();
    this.held.append(original.held);
    this.stopped = original.stopped;
  }

  /** A text with the same pieces that goes its own way. */
  StopTexts fork() {
    return new StopTexts(this);
  }

  /** Takes a piece and answers what is certain; nothing more once a stop has come. */
  public String accept(String piece) {
    for (int i = 0; i < piece.length() && !stopped; i++) {
      held.append(piece.charAt(i));
      int found = 0;
      for (Search search : searches) {
        found = Math.max(found, search.accept(piece.charAt(i)));
      }
      if (found > 0) {
        stopped = true;
        held.setLength(held.length() - found);
      }
    }
    return release(stopped ? 0 : longestBeginning());
  }

  /** Answers whether a stop has come. */
  public boolean stopped() {
    return stopped;
  }

  /** Ends the text: what was held back is none of the stops. */
  public String end() {
    return release(0);
  }

  private int longestBeginning() {
    return searches.stream().mapToInt(search -> search.matched).max().orElse(0);
  }

  private String release(int kept) {
    String certain = held.substring(0, held.length() - kept);
    held.delete(0, certain.length());
    return certain;
  }

  /** One stop, and how much of it the text ends with. */
  private static final class Search {
    private final String stop;

    /** For each length of a beginning, the longest shorter one that it ends with. */
    private final int[] shorter;

    private int matched;

    Search(String stop) {
      this.stop = stop;
      this.shorter = new int[stop.length() + 1];
      for (int length = 2; length <= stop.length(); length++) {
        matched = shorter[length - 1];
        advance(stop.charAt(length - 1));
        shorter[length] = matched;
      }
      matched = 0;
    }

    Search(Search original) {
      this.stop = original.stop;
      this.shorter = original.shorter;
      this.matched = original.matched;
    }

    /** Answers the stop's length if the text ends with it now, else 0. */
    int accept(char unit) {
      advance(unit);
      return matched == stop.length() ? matched : 0;
    }

    private void advance(char unit) {
      while (matched > 0 && stop.charAt(matched) != unit) {
        matched = shorter[matched];
      }
      if (stop.charAt(matched) == unit) {
        matched++;
      }
    }
  }
}
