package io.sensorium.index.lucene;

import io.sensorium.index.lucene.IndexSearch.Scored;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reciprocal rank fusion (Cormack, Clarke and Buettcher 2009): an item's score is the sum, over the
 * lists that hold it, of {@code 1 / (60 + rank)}, ranks from 1.
 */
final class RankFusion {
  private static final int K = 60;

  private RankFusion() {}

  /** All items of the two lists, the best first; ties go by id. */
  static List<Scored> fuse(List<Scored> first, List<Scored> second) {
    Map<String, Scored> fused = new LinkedHashMap<>();
    for (List<Scored> list : List.of(first, second)) {
      for (int rank = 1; rank <= list.size(); rank++) {
        Scored item = new Scored(list.get(rank - 1).entry(), 1.0 / (K + rank));
        fused.merge(
            item.entry().id(), item, (a, b) -> new Scored(a.entry(), a.score() + b.score()));
      }
    }
    List<Scored> all = new ArrayList<>(fused.values());
    all.sort(Scored.BEST_FIRST);
    return all;
  }
}
