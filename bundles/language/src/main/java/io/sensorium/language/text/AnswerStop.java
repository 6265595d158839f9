package io.sensorium.language.text;

import io.sensorium.language.decoding.StopCondition;

/** Ends an answer with the token that completes a stop text. One thread at a time. */
final class AnswerStop implements StopCondition {
  private final AnswerText answer;

  /** Takes over an answer without tokens. */
  AnswerStop(AnswerText answer) {
    this.answer = answer;
  }

  @Override
  public boolean accept(int token) {
    answer.accept(token);
    return answer.stopped();
  }

  @Override
  public StopCondition fork() {
    return new AnswerStop(answer.fork());
  }
}
