package io.sensorium.host.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;

/**
 * An adapter that shall be trained. Immutable.
 *
 * @param data the samples' file
 * @param encoder a package's id
 * @param model a language model's package's id
 * @param id what the adapter's package shall be called
 * @param folder where checkpoint, curve and state go
 * @param steps instead of epochs; null for epochs
 * @param patience looks without a gain after which it ends; 0 for never
 */
record TrainingOrder(
    Path data,
    String encoder,
    String model,
    String kind,
    String id,
    Path folder,
    int epochs,
    Integer steps,
    int batch,
    double rate,
    int patience,
    boolean resume) {

  TrainingOrder {
    if (batch < 2 || epochs < 1 || (steps != null && steps < 1)) {
      throw new IllegalArgumentException(
          "epochs and steps must be at least 1, a batch at least 2; got %d, %s and %d"
              .formatted(epochs, steps, batch));
    }
  }

  /**
   * What became of it: {@code adapter train --json}.
   *
   * @param exactMatch the share of held-out answers that are given word for word
   * @param checkpoint what was imported
   * @param curve the learning curve's picture; its numbers are beside it
   */
  record Outcome(
      String adapter,
      String kind,
      String encoder,
      String model,
      int rows,
      int samples,
      int steps,
      double validationLoss,
      double exactMatch,
      double seconds,
      String checkpoint,
      String curve) {
    void print(PrintWriter out) {
      out.println(
          String.format(
              Locale.ROOT,
              "%s is installed: %.1f %% of the held-out answers word for word after %d steps (%.0f"
                  + " s)",
              adapter,
              100 * exactMatch,
              steps,
              seconds));
      out.println("checkpoint " + checkpoint);
      out.println("curve      " + curve);
    }
  }
}
