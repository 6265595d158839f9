package io.sensorium.models.graphs;

import java.util.function.Function;

/**
 * Writes one tower of a checkpoint.
 *
 * @param name the graph's name in the package, for instance {@code vision}
 * @param write adds the tower to an empty draft
 * @param variant whether it is another form of the tower before it, over the same weights, that
 *     runs in its place
 */
record TowerAuthor(String name, Function<Draft, Draft.Tower> write, boolean variant) {
  /** A tower of its own. */
  TowerAuthor(String name, Function<Draft, Draft.Tower> write) {
    this(name, write, false);
  }
}
