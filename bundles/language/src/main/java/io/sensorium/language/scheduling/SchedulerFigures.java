package io.sensorium.language.scheduling;

/**
 * What has places in an open model. Immutable.
 *
 * @param sequences places that there are
 * @param taken places that requests have
 * @param kept finished sequences in the others
 * @param running requests that have places
 * @param promptBacklog tokens of their prompts that are still to be read
 */
record SchedulerFigures(int sequences, int taken, int kept, int running, long promptBacklog) {
  /** Of a model that is not open. */
  static final SchedulerFigures CLOSED = new SchedulerFigures(0, 0, 0, 0, 0);
}
