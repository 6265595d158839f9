package io.sensorium.models.training;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Takes the steps of one schedule, keeping its state in a file. Stopped at any moment it goes on
 * from the last save with the same data, and so to the same result, bit by bit.
 *
 * <p>One thread at a time.
 */
final class ResumableTraining {
  private static final int LOG_STEPS = 50;
  private static final int SAVE_STEPS = 250;

  /** Where a step's data come from. */
  @FunctionalInterface
  interface BatchSource {
    /** The loss's inputs for a step; the arrays belong to the caller. */
    List<NDArray> batch(TorchModule module, int step);
  }

  private final String name;
  private final Path stateFile;
  private final Schedule schedule;
  private final BatchSource batches;
  private final Consumer<String> log;

  /**
   * @param name what the log calls this training
   * @param stateFile where the state is kept; its folder is made where it is missing
   * @param log receives a line now and then
   */
  ResumableTraining(
      String name, Path stateFile, Schedule schedule, BatchSource batches, Consumer<String> log) {
    this.name = name;
    this.stateFile = stateFile;
    this.schedule = schedule;
    this.batches = batches;
    this.log = log;
  }

  /**
   * Trains to the end of the schedule, or to {@code lastStep} if that comes first.
   *
   * @param script the step, made by {@link TowerScript}
   * @param initial what to begin with
   * @param resume whether to go on from the state file where there is one
   * @return the state reached, which the file then holds
   */
  StateFile run(byte[] script, List<Parameter> initial, boolean resume, int lastStep) {
    try (var module = new TorchModule(script)) {
      Files.createDirectories(stateFile.toAbsolutePath().getParent());
      var state = new TrainingState(module, initial);
      if (resume && Files.exists(stateFile)) {
        StateFile saved = StateFile.read(stateFile);
        state.restore(saved.tensors(), saved.step());
        log.accept("%s: resuming after step %d".formatted(name, saved.step()));
      }
      takeSteps(module, state, Math.min(lastStep, schedule.steps()));
      return save(state);
    } catch (IOException e) {
      throw new UncheckedIOException("no folder could be made for " + stateFile, e);
    }
  }

  private void takeSteps(TorchModule module, TrainingState state, int end) {
    long began = System.nanoTime();
    int firstStep = state.step();
    while (state.step() < end) {
      int step = state.step();
      float[] figures =
          state.advance(batches.batch(module, step), schedule.rate(step), schedule.weightDecay());
      requireFinite(figures, step);
      if (state.step() % LOG_STEPS == 0) {
        double seconds = (System.nanoTime() - began) / 1e9;
        log.accept(line(state.step(), figures, (state.step() - firstStep) / seconds));
      }
      if (state.step() % SAVE_STEPS == 0) {
        save(state);
      }
    }
  }

  private StateFile save(TrainingState state) {
    var saved = new StateFile(state.step(), state.everything());
    saved.write(stateFile);
    return saved;
  }

  private void requireFinite(float[] figures, int step) {
    for (float figure : figures) {
      if (!Float.isFinite(figure)) {
        throw new IllegalStateException(
            "%s: losses must be finite; step %d gave %s".formatted(name, step, figure));
      }
    }
  }

  private String line(int step, float[] figures, double stepsPerSecond) {
    var line = new StringBuilder();
    line.append(String.format(Locale.ROOT, "%s: step %d of %d", name, step, schedule.steps()));
    for (int i = 0; i < figures.length - 1; i++) {
      line.append(String.format(Locale.ROOT, ", loss %.3f", figures[i]));
    }
    return line.append(
            String.format(
                Locale.ROOT,
                ", gradient %.2f, %.0f pairs/s",
                figures[figures.length - 1],
                stepsPerSecond * schedule.batch()))
        .toString();
  }
}
