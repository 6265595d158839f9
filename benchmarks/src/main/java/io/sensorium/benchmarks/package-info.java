/** Checks and measurements over the embedding API, run by hand and by the scripts beside. */
package io.sensorium.benchmarks;
