package io.sensorium.language.scheduling;

import io.sensorium.language.scheduling.Course.Growth;
import java.util.ArrayList;
import java.util.List;

/**
 * What runs in one step: a token of every extension that needs but one, and beside them a bounded
 * number of tokens of longer ones, whose requests take turns. So whoever writes gets a token in
 * every step, however long the prompts are that others bring, and a short prompt waits for one turn
 * of a long one at most. One thread.
 */
final class StepPlan {
  private final int prefillTokens;
  // Who reads a prompt, the one whose turn it is first.
  private final List<Course> readers = new ArrayList<>();

  /** A part of an extension that is run in a step. */
  record Piece(Growth growth, int tokens) {}

  /**
   * @param prefillTokens of longer extensions in a step
   */
  StepPlan(int prefillTokens) {
    this.prefillTokens = prefillTokens;
  }

  /** The next step of those who run. */
  List<Piece> next(List<Course> courses) {
    List<Piece> step = new ArrayList<>();
    readers.retainAll(courses);
    for (Course course : courses) {
      boolean reads = false;
      for (Growth growth : course.unfinished()) {
        if (growth.left() == 1) {
          step.add(new Piece(growth, 1));
        } else {
          reads = true;
        }
      }
      if (!reads) {
        readers.remove(course);
      } else if (!readers.contains(course)) {
        readers.add(course);
      }
    }
    addReading(step);
    return step;
  }

  private void addReading(List<Piece> step) {
    int budget = prefillTokens;
    for (Course course : List.copyOf(readers)) {
      for (Growth growth : course.unfinished()) {
        int tokens = Math.min(budget, growth.left());
        if (growth.left() > 1 && tokens > 0) {
          step.add(new Piece(growth, tokens));
          budget -= tokens;
        }
      }
      if (budget == 0) {
        // Who had the last of it has had its turn.
        readers.remove(course);
        readers.add(course);
        return;
      }
    }
  }
}
