package io.sensorium.api.runtime;

/**
 * One open session.
 *
 * @param model the package's id
 * @param version the package's version
 * @param graph which of its graphs
 * @param executionProvider what really runs it
 * @param leases how many are lent now
 * @param runs how many runs it has finished
 * @param weightBytes the size of the graph and of the files of weights that it reads
 */
public record SessionStatus(
    String model,
    String version,
    String graph,
    String executionProvider,
    int leases,
    long runs,
    long weightBytes) {}
