package io.sensorium.examples.motion;

import io.sensorium.api.UnsupportedInputException;
import io.sensorium.api.media.MediaInput;

/**
 * Reads what an accelerometer recorded: a header that names the columns, a row per sample. What
 * lies beyond the seconds that are needed is not read. Immutable and thread-safe.
 *
 * @param rate samples per second to deliver
 * @param samples how many to deliver at most
 */
record AccelerometerCsv(int rate, int samples) {
  private static final int MAX_ROWS = 200_000;
  private static final double LONGEST_GAP_SECONDS = 0.25;
  private static final double MOST_ACCELERATION = 2_000;

  /**
   * The beginning of a recording, at this rate.
   *
   * @throws UnsupportedInputException naming the line, if it is no such recording
   */
  Acceleration read(MediaInput media) {
    var lines = new CsvLines(media);
    Columns columns = Columns.named(lines);
    var recorded = new RecordedSamples();
    double needed = (samples + 1.0) / rate;
    double first = 0;
    while (lines.next() && recorded.lastSecond() < needed) {
      double[] row = columns.row(lines);
      if (recorded.size() == 0) {
        first = row[0];
      }
      row[0] -= first;
      check(row, recorded, lines);
      recorded.add(row);
    }
    if (recorded.size() < 2) {
      throw new UnsupportedInputException(
          "at least 2 samples are required; '%s' has %d".formatted(media.name(), recorded.size()));
    }
    return recorded.at(rate, samples);
  }

  private static void check(double[] row, RecordedSamples recorded, CsvLines lines) {
    if (recorded.size() >= MAX_ROWS) {
      throw lines.wrong("at most " + MAX_ROWS + " samples are read of the seconds needed");
    }
    if (recorded.size() > 0) {
      double step = row[0] - recorded.lastSecond();
      if (!(step > 0)) {
        throw lines.wrong("times must increase; got a step of " + step + " s");
      }
      if (step > LONGEST_GAP_SECONDS) {
        throw lines.wrong(
            "samples at most %s s apart are required; got a gap of %.3f s"
                .formatted(LONGEST_GAP_SECONDS, step));
      }
    }
    for (int axis = 1; axis < row.length; axis++) {
      if (Math.abs(row[axis]) > MOST_ACCELERATION) {
        throw lines.wrong(
            "accelerations of at most %.0f m/s² are read; got %s"
                .formatted(MOST_ACCELERATION, row[axis]));
      }
    }
  }
}
