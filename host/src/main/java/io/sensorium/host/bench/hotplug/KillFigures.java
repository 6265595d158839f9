package io.sensorium.host.bench.hotplug;

import io.sensorium.host.bench.hotplug.KilledChange.Change;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What became of homes whose host was killed.
 *
 * @param rounds each step was tried this often
 * @param steps of all changes together
 * @param tried of them in a round
 * @param outcomes one a kill
 */
public record KillFigures(int rounds, int steps, int tried, List<Outcome> outcomes) {
  /**
   * What became of one home.
   *
   * @param step its number
   * @param name its plug-in's kind and the step that was about to begin
   * @param killed whether the process died there
   * @param version that the next host answered with; 0 for none, -1 for a mixture or a failure
   * @param good whether that is the version from before or from after
   * @param filesLeft more than before the kill, once the old state was brought back
   * @param startSeconds of the next host
   */
  public record Outcome(
      Change change,
      int step,
      String name,
      boolean killed,
      int version,
      boolean good,
      long filesLeft,
      double startSeconds) {}

  public KillFigures {
    outcomes = List.copyOf(outcomes);
  }

  /** The promises that were broken, one line each. */
  public List<String> broken() {
    List<String> broken = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      if (!outcome.good()) {
        broken.add("the version from before or after must serve; " + outcome);
      }
      if (outcome.filesLeft() > 0) {
        broken.add("no file may be left over; " + outcome);
      }
    }
    long killed = outcomes.stream().filter(Outcome::killed).count();
    if (killed * 10 < outcomes.size() * 9L) {
      broken.add("%d of %d processes died where they should".formatted(killed, outcomes.size()));
    }
    return broken;
  }

  /** For JSON. */
  public Map<String, Object> describe() {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("steps", steps);
    figures.put("stepsTried", tried);
    figures.put("rounds", rounds);
    figures.put("kills", outcomes.stream().filter(Outcome::killed).count());
    figures.put("wrongVersions", outcomes.stream().filter(each -> !each.good()).count());
    figures.put("filesLeft", outcomes.stream().mapToLong(Outcome::filesLeft).max().orElse(0));
    figures.put(
        "slowestStartSeconds",
        outcomes.stream().mapToDouble(Outcome::startSeconds).max().orElse(0));
    figures.put(
        "served",
        outcomes.stream()
            .collect(
                Collectors.groupingBy(
                    each -> each.change().toString(),
                    LinkedHashMap::new,
                    Collectors.groupingBy(
                        each -> "version " + each.version(), Collectors.counting()))));
    return figures;
  }
}
