package io.sensorium.host.demo;

import io.sensorium.api.Modality;
import io.sensorium.host.api.SearchRequest;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.demo.DemoQuery.DemoHit;
import io.sensorium.models.world.Scene;
import io.sensorium.models.world.Thing;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Searches and classifies, and keeps what was found. One thread. */
final class Searches {
  private static final int TOP = 5;

  private final Sensorium sensorium;
  private final Map<Path, Sample> samples;
  private final List<DemoQuery> queries = new ArrayList<>();

  /**
   * @param samples all that can be found, by file
   */
  Searches(Sensorium sensorium, Map<Path, Sample> samples) {
    this.sensorium = sensorium;
    this.samples = Map.copyOf(samples);
  }

  /** Everything asked so far, with what was found. */
  List<DemoQuery> queries() {
    return List.copyOf(queries);
  }

  /** Finds by words. */
  void byWords(String act, String words, Modality among, Predicate<Scene> right, String note) {
    search(act, words, List.of(), SearchRequest.text(words).among(among), right, note);
  }

  /** Finds by an example. */
  void byExample(String act, Sample example, Modality among, Predicate<Scene> right) {
    SearchRequest request = SearchRequest.of(example.request()).among(among);
    search(act, "", List.of(example), request, right, example.truth());
  }

  /**
   * @param right whether a found file is what was asked for
   */
  void search(
      String act,
      String words,
      List<Sample> examples,
      SearchRequest request,
      Predicate<Scene> right,
      String note) {
    List<DemoHit> hits =
        sensorium.search(request.top(TOP)).stream()
            .map(hit -> found(samples.get(Path.of(hit.entry().path())), hit.score(), right))
            .toList();
    queries.add(new DemoQuery(act, words, examples, hits, note));
  }

  private static DemoHit found(Sample sample, double score, Predicate<Scene> right) {
    return new DemoHit(Optional.of(sample), sample.truth(), score, right.test(sample.scene()));
  }

  /** Chooses among labels, the right ones of which come first. */
  void classify(Sample sample) {
    List<String> right =
        sample.scene().groups().stream().map(group -> group.thing().noun().singular()).toList();
    List<String> labels = new ArrayList<>(right);
    for (Thing thing : Thing.values()) {
      if (labels.size() < TOP && !labels.contains(thing.noun().singular())) {
        labels.add(thing.noun().singular());
      }
    }
    List<DemoHit> hits =
        sensorium.classify(sample.request(), labels).stream()
            .map(
                label ->
                    new DemoHit(
                        Optional.empty(),
                        label.label(),
                        label.probability(),
                        right.contains(label.label())))
            .toList();
    queries.add(
        new DemoQuery(
            "Labels that were named only now", "", List.of(sample), hits, sample.truth()));
  }
}
