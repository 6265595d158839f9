package io.sensorium.models.graphs;

import java.util.function.Function;

/**
 * Writes one tower of a checkpoint.
 *
 * @param name the graph's name in the package, for instance {@code vision}
 * @param write adds the tower to an empty draft
 */
record TowerAuthor(String name, Function<Draft, Draft.Tower> write) {}
