package io.sensorium.language.text;

import java.util.ArrayList;
import java.util.List;

/**
 * A prompt as a model reads it. Immutable.
 *
 * @param segments in order, at least one; each has the rows of one medium at most
 */
public record PromptTokens(List<PromptSegment> segments) {
  public PromptTokens {
    segments = List.copyOf(segments);
    if (segments.isEmpty()) {
      throw new IllegalArgumentException("at least one segment is required; got none");
    }
  }

  /** Places that it takes in a sequence, rows of media included. */
  public int places() {
    return segments.stream().mapToInt(segment -> segment.tokens().size()).sum();
  }

  /** The tokens at its end that no row of media follows. */
  public List<Integer> closingTokens() {
    List<Integer> last = segments.getLast().tokens();
    int begin = last.size();
    while (begin > 0 && last.get(begin - 1) >= 0) {
      begin--;
    }
    return last.subList(begin, last.size());
  }

  /**
   * The same without its last tokens.
   *
   * @param count fewer than there are places; all of them {@link #closingTokens()}
   */
  public PromptTokens withoutLast(int count) {
    if (count < 0 || count > closingTokens().size() || count >= places()) {
      throw new IllegalArgumentException(
          "of %d places, %d of them closing tokens, one must be left; got %d to take away"
              .formatted(places(), closingTokens().size(), count));
    }
    List<PromptSegment> rest = new ArrayList<>(segments);
    PromptSegment last = rest.removeLast();
    List<Integer> tokens = last.tokens().subList(0, last.tokens().size() - count);
    if (!tokens.isEmpty()) {
      rest.add(new PromptSegment(tokens, last.media()));
    }
    return new PromptTokens(rest);
  }
}
