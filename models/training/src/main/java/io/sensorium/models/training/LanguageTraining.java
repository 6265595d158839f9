package io.sensorium.models.training;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * The recipe of the default language models: one corpus, one vocabulary, any {@link
 * LanguageArchitecture}. Resumable like every training here; every so many steps the model answers
 * questions about scenes that were held out. One thread at a time.
 */
final class LanguageTraining {
  /** Tokens of the vocabulary. */
  static final int VOCABULARY = 1_280;

  /** The model that the defaults carry. */
  static final LlamaArchitecture LLAMA = new LlamaArchitecture(VOCABULARY, 192, 512, 6, 6, 2, 32);

  private static final int EXAMINATION_STEPS = 1_000;
  private static final int QUESTIONS = 48;

  private final String name;
  private final LanguageArchitecture architecture;
  private final ConversationTokens tokens;
  private final Consumer<String> log;

  LanguageTraining(
      String name,
      LanguageArchitecture architecture,
      ConversationTokens tokens,
      Consumer<String> log) {
    this.name = name;
    this.architecture = architecture;
    this.tokens = tokens;
    this.log = log;
  }

  /**
   * Trains to the end of the schedule.
   *
   * @param schedule its batch is the rows of 128 places that a step is worth
   * @param resume whether to go on from {@code stateFile} where there is one
   */
  StateFile run(Path stateFile, Schedule schedule, boolean resume) {
    var batches = new ConversationBatches(tokens, schedule.seed());
    var training = new ResumableTraining(name, stateFile, schedule, batches, log);
    byte[] script = LanguageScript.step(architecture, true);
    List<Parameter> initial = architecture.initialise(schedule.seed());
    StateFile state = training.run(script, initial, resume, 0);
    while (state.step() < schedule.steps()) {
      int goal = (state.step() / EXAMINATION_STEPS + 1) * EXAMINATION_STEPS;
      state = training.run(script, initial, true, goal);
      report(state);
    }
    return state;
  }

  private void report(StateFile state) {
    LanguageEvaluation.Result result =
        new LanguageEvaluation(architecture, tokens).evaluate(state.parameters(), QUESTIONS);
    var line = new StringBuilder();
    line.append(
        String.format(
            Locale.ROOT, "%s: after step %d loss %.4f", name, state.step(), result.loss()));
    result
        .percentages()
        .forEach(
            (figure, value) -> line.append(String.format(Locale.ROOT, ", %s %.1f", figure, value)));
    log.accept(line.toString());
  }
}
