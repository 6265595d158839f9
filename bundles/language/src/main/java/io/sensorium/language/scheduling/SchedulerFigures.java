package io.sensorium.language.scheduling;

/**
 * What a scheduler has done so far. Immutable.
 *
 * @param steps runs, shared or not
 * @param tokens that were run, of prompts and of texts
 * @param remembered tokens of prompts that need not be run, because a sequence was kept
 * @param requests that were answered or failed
 */
public record SchedulerFigures(long steps, long tokens, long remembered, long requests) {
  static final SchedulerFigures NONE = new SchedulerFigures(0, 0, 0, 0);
}
