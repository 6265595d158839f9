/**
 * What choosing a token costs beside the model's run, measured with JMH: {@code
 * benchmarks/choosing}.
 */
package io.sensorium.benchmarks.choosing;
