package io.sensorium.host.bench.hotplug;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What became of bad plug-ins.
 *
 * @param rounds each kind was brought this often, twice each: as an update and beside
 * @param outcomes by kind
 * @param requests sent meanwhile, of both modalities
 * @param failedRequests of them
 * @param mixedVersionRequests answers that no single version gives
 * @param problems the first few
 */
public record BadFigures(
    int rounds,
    Map<BadPlugIn, Outcome> outcomes,
    long requests,
    long failedRequests,
    long mixedVersionRequests,
    List<String> problems) {

  /**
   * What became of one kind.
   *
   * @param attempts made
   * @param refused of them, with an error
   * @param told of the refusals, with a reason that names what is bad
   * @param served attempts after which the one that works served in its version
   * @param limitSeconds that it is given, where nothing but a limit of time ends it; otherwise 0
   * @param slowestSeconds from the attempt, or from that limit on, to its refusal
   * @param reason the last
   */
  public record Outcome(
      int attempts,
      int refused,
      int told,
      int served,
      double limitSeconds,
      double slowestSeconds,
      String reason) {
    Outcome plus(Outcome other) {
      return new Outcome(
          attempts + other.attempts,
          refused + other.refused,
          told + other.told,
          served + other.served,
          Math.max(limitSeconds, other.limitSeconds),
          Math.max(slowestSeconds, other.slowestSeconds),
          other.reason.isBlank() ? reason : other.reason);
    }

    private boolean isAsPromised() {
      return refused == attempts && told == attempts && served == attempts;
    }
  }

  public BadFigures {
    outcomes = Map.copyOf(outcomes);
    problems = List.copyOf(problems);
  }

  /** These and those of other kinds that were brought so often to another host. */
  BadFigures plus(BadFigures others) {
    Map<BadPlugIn, Outcome> all = new EnumMap<>(outcomes);
    all.putAll(others.outcomes);
    List<String> every = new ArrayList<>(problems);
    every.addAll(others.problems);
    return new BadFigures(
        rounds,
        all,
        requests + others.requests,
        failedRequests + others.failedRequests,
        mixedVersionRequests + others.mixedVersionRequests,
        every);
  }

  /** The promises that were broken, one line each. */
  public List<String> broken() {
    List<String> broken = new ArrayList<>();
    if (failedRequests > 0) {
      broken.add("%d requests failed: %s".formatted(failedRequests, problems));
    }
    if (mixedVersionRequests > 0) {
      broken.add("%d answers were of mixed versions: %s".formatted(mixedVersionRequests, problems));
    }
    for (BadPlugIn kind : BadPlugIn.values()) {
      Outcome outcome = outcomes.get(kind);
      if (outcome != null && !outcome.isAsPromised()) {
        broken.add(
            "%s must be refused with its reason while the old version serves; %s"
                .formatted(name(kind), outcome));
      }
    }
    return broken;
  }

  /**
   * The longest that it took to refuse and remove a bad plug-in.
   *
   * @param hanging whether of those that nothing but a limit of time ends, from that limit on, or
   *     of the others
   */
  public double slowestSeconds(boolean hanging) {
    return outcomes.values().stream()
        .filter(each -> each.limitSeconds() > 0 == hanging)
        .mapToDouble(Outcome::slowestSeconds)
        .max()
        .orElse(0);
  }

  /** For JSON. */
  public Map<String, Object> describe() {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("kinds", outcomes.size());
    figures.put("rounds", rounds);
    figures.put("requests", requests);
    figures.put("failedRequests", failedRequests);
    figures.put("mixedVersionRequests", mixedVersionRequests);
    figures.put("rollbackSecondsSlowest", slowestSeconds(false));
    figures.put("rollbackSecondsSlowestFromLimitOn", slowestSeconds(true));
    for (BadPlugIn kind : BadPlugIn.values()) {
      Outcome outcome = outcomes.get(kind);
      if (outcome != null) {
        figures.put(
            name(kind),
            Map.of(
                "attempts", outcome.attempts(),
                "refused", outcome.refused(),
                "served", outcome.served(),
                "limitSeconds", outcome.limitSeconds(),
                "slowestSeconds", outcome.slowestSeconds(),
                "reason", outcome.reason()));
      }
    }
    return figures;
  }

  private static String name(BadPlugIn kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
