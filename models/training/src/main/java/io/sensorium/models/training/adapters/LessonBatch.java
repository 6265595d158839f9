package io.sensorium.models.training.adapters;

import ai.djl.ndarray.NDArray;
import io.sensorium.models.training.TorchModule;
import io.sensorium.models.training.adapters.Lesson.Answer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Lessons side by side, as {@link AdapterScript} takes them: token ids {@code [n, t]}; token states
 * and embeddings of all media; of every place the row of the table that holds the tokens'
 * embeddings and then the media's rows; the places that foretell an answer's token; those tokens.
 * Where media take no rows, {@code [n, media]} stands for the places' rows: every medium's equal
 * share in its lesson. Immutable.
 */
final class LessonBatch {
  private final List<Lesson> lessons;
  private final int rowsPerMedium;
  private final int length;
  private final float[] ids;
  private final float[] sources;
  private final List<Float> places = new ArrayList<>();
  private final List<Float> targets = new ArrayList<>();
  private final List<Integer> media = new ArrayList<>();

  LessonBatch(List<Lesson> lessons, int rowsPerMedium) {
    this.lessons = List.copyOf(lessons);
    this.rowsPerMedium = rowsPerMedium;
    length = lessons.stream().mapToInt(lesson -> lesson.places(rowsPerMedium)).max().orElseThrow();
    ids = new float[lessons.size() * length];
    sources = new float[ids.length];
    for (int row = 0; row < lessons.size(); row++) {
      write(lessons.get(row), row);
    }
  }

  private void write(Lesson lesson, int row) {
    int at = row * length;
    int firstMedium = media.size();
    media.addAll(lesson.media());
    var placeOf = new int[lesson.ids().length];
    for (int index = 0; index < placeOf.length; index++) {
      int id = lesson.ids()[index];
      placeOf[index] = at;
      if (id >= 0) {
        ids[at] = id;
        sources[at] = at;
        at++;
      } else {
        int first = ids.length + (firstMedium - 1 - id) * rowsPerMedium;
        for (int part = 0; part < rowsPerMedium; part++) {
          sources[at++] = first + part;
        }
      }
    }
    for (Answer answer : lesson.answers()) {
      for (int index = answer.from(); index < answer.to(); index++) {
        places.add((float) (placeOf[index] - 1));
        targets.add((float) lesson.ids()[index]);
      }
    }
  }

  /** The places of answers' tokens. */
  int answered() {
    return places.size();
  }

  /** The arrays, which belong to the caller. */
  List<NDArray> arrays(TorchModule module, FeatureSource features) {
    List<NDArray> seen = media(module, features, media);
    return List.of(
        module.array(ids, lessons.size(), length),
        seen.getFirst(),
        seen.getLast(),
        rowsPerMedium > 0
            ? module.array(sources, sources.length)
            : shares(module, Math.max(1, media.size())),
        module.array(floats(places), places.size()),
        module.array(floats(targets), targets.size()));
  }

  /** Token states and embeddings of media, of at least one; the arrays belong to the caller. */
  static List<NDArray> media(TorchModule module, FeatureSource features, List<Integer> media) {
    FeatureShape shape = features.shape();
    int tokenValues = shape.tokens() * shape.width();
    int count = Math.max(1, media.size());
    var tokens = new float[count * tokenValues];
    var embeddings = new float[count * shape.embeddingWidth()];
    var item = new float[shape.values()];
    for (int index = 0; index < media.size(); index++) {
      features.read(media.get(index), item, 0);
      System.arraycopy(item, 0, tokens, index * tokenValues, tokenValues);
      System.arraycopy(
          item, tokenValues, embeddings, index * shape.embeddingWidth(), shape.embeddingWidth());
    }
    return List.of(
        module.array(tokens, count, shape.tokens(), shape.width()),
        module.array(embeddings, count, shape.embeddingWidth()));
  }

  private NDArray shares(TorchModule module, int count) {
    var shares = new float[lessons.size() * count];
    int at = 0;
    for (int row = 0; row < lessons.size(); row++) {
      int own = lessons.get(row).media().size();
      Arrays.fill(shares, row * count + at, row * count + at + own, 1f / Math.max(1, own));
      at += own;
    }
    return module.array(shares, lessons.size(), count);
  }

  private static float[] floats(List<Float> values) {
    var floats = new float[values.size()];
    for (int at = 0; at < floats.length; at++) {
      floats[at] = values.get(at);
    }
    return floats;
  }
}
