package io.sensorium.models.training;

import io.sensorium.models.world.talk.Exchange;
import java.util.ArrayList;
import java.util.List;

/**
 * One sequence of a batch while it is written: places, what they are made of, and what should
 * follow them. One thread at a time.
 */
final class TokenRow {
  /** Where an answer stands: the places that have to foretell it. */
  record Answer(Exchange exchange, int from, int to) {}

  @SuppressWarnings("ArrayRecordComponent") // compared nowhere and copied for nobody
  private record Place(int firstSource, float[] weights) {}

  private final int length;
  private final List<Integer> sources = new ArrayList<>();
  private final List<Place> places = new ArrayList<>();
  private final float[] targets;
  private final float[] targetWeights;
  private final List<Answer> answers = new ArrayList<>();
  private boolean overfull;

  TokenRow(int length) {
    this.length = length;
    targets = new float[length];
    targetWeights = new float[length];
  }

  /** How many tokens still fit. */
  int room() {
    // A folded place takes one place but several sources.
    return overfull ? 0 : length - size();
  }

  /** Appends a token; the place before it should foretell it with the given weight. */
  void token(int id, float weight) {
    if (room() < 1) {
      // A row that lost something takes no answers, and so is never used.
      overfull = true;
      return;
    }
    if (!places.isEmpty()) {
      targets[places.size() - 1] = id;
      targetWeights[places.size() - 1] = weight;
    }
    sources.add(id);
    places.add(new Place(sources.size() - 1, new float[] {1}));
  }

  void tokens(int[] ids, float weight) {
    for (int id : ids) {
      token(id, weight);
    }
  }

  /** Appends one place made of several tokens, which nothing foretells. */
  void folded(int[] ids, float[] weights) {
    if (room() < ids.length) {
      overfull = true;
      return;
    }
    places.add(new Place(sources.size(), weights));
    for (int id : ids) {
      sources.add(id);
    }
  }

  /** Appends an answer and the token that ends it. */
  void answer(Exchange exchange, int[] ids, int end) {
    int from = places.size() - 1;
    tokens(ids, 1);
    token(end, 1);
    answers.add(new Answer(exchange, from, places.size() - 1));
  }

  List<Answer> answers() {
    return answers;
  }

  /** The number of places, or of the tokens that they are made of where those are more. */
  int size() {
    return Math.max(places.size(), sources.size());
  }

  /**
   * Writes this row's part of a batch.
   *
   * @param stride places of a row of the batch, at least {@link #size}
   */
  void copyTo(float[] ids, float[] mix, float[] following, float[] weights, int row, int stride) {
    for (int index = 0; index < sources.size(); index++) {
      ids[row * stride + index] = sources.get(index);
    }
    for (int at = 0; at < places.size(); at++) {
      Place place = places.get(at);
      int base = (row * stride + at) * stride + place.firstSource();
      System.arraycopy(place.weights(), 0, mix, base, place.weights().length);
    }
    System.arraycopy(targets, 0, following, row * stride, places.size());
    System.arraycopy(targetWeights, 0, weights, row * stride, places.size());
  }
}
