package io.sensorium.models.training.adapters;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One sequence to learn from. Immutable; the arrays are shared.
 *
 * @param media numbers of the media, in order, as the features' source counts them
 * @param ids tokens; {@code -1 - m} stands for the rows of {@code media[m]}
 * @param answers what the model has to foretell
 */
@SuppressWarnings("ArrayRecordComponent") // compared nowhere and copied for nobody
public record Lesson(List<Integer> media, int[] ids, List<Answer> answers) {

  /**
   * An answer with the token that ends it.
   *
   * @param from its first place in {@code ids}, at least 1
   * @param to the place after its last
   * @param kind what was asked for; blank where nobody said
   */
  public record Answer(int from, int to, String kind) {}

  public Lesson {
    media = List.copyOf(media);
    answers = List.copyOf(answers);
    if (answers.isEmpty()) {
      throw new IllegalArgumentException("a lesson needs an answer; got none");
    }
    for (int id : ids) {
      if (id < -media.size()) {
        throw new IllegalArgumentException(
            "a lesson has %d media; its tokens name the one numbered %d"
                .formatted(media.size(), -1 - id));
      }
    }
  }

  /** The same about other media: each number is so much higher. */
  public Lesson withMedia(int offset) {
    return new Lesson(media.stream().map(medium -> medium + offset).toList(), ids, answers);
  }

  /** Places of the sequence where every medium takes so many rows. */
  int places(int rowsPerMedium) {
    return Arrays.stream(ids).map(id -> id < 0 ? rowsPerMedium : 1).sum();
  }

  /** Writes a lesson piece by piece. One thread at a time. */
  public static final class Builder {
    private final List<Integer> media = new ArrayList<>();
    private final List<Integer> ids = new ArrayList<>();
    private final List<Answer> answers = new ArrayList<>();

    /** Appends tokens that are given. */
    public Builder given(int... tokens) {
      for (int token : tokens) {
        ids.add(token);
      }
      return this;
    }

    /** Appends a medium. */
    public Builder medium(int number) {
      media.add(number);
      ids.add(-media.size());
      return this;
    }

    /** Appends tokens that have to be foretold. */
    public Builder answer(String kind, int... tokens) {
      int from = ids.size();
      given(tokens);
      answers.add(new Answer(from, ids.size(), kind));
      return this;
    }

    /** Tokens and media so far. */
    public int size() {
      return ids.size();
    }

    public Lesson build() {
      return new Lesson(media, ids.stream().mapToInt(Integer::intValue).toArray(), answers);
    }
  }
}
