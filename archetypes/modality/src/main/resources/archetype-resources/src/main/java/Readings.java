package ${package};

import io.sensorium.api.UnsupportedInputException;
import io.sensorium.api.media.MediaInput;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Readings in the order in which they were taken. Immutable.
 *
 * @param rows at least one, all of the same length
 */
record Readings(List<double[]> rows) {
  private static final int MAXIMUM_ROWS = 1_000_000;
  private static final double MAXIMUM_MAGNITUDE = 1e9;

  /**
   * Reads UTF-8 text: one reading a line, its numbers separated by commas. Empty lines and a first
   * line with names instead of numbers are passed over.
   *
   * @param columns how many numbers every line must have
   * @throws UnsupportedInputException naming the line that is not like that
   */
  static Readings parse(MediaInput item, int columns) {
    List<double[]> rows = new ArrayList<>();
    int line = 0;
    for (String text : text(item).lines().toList()) {
      line++;
      String[] cells = text.split(",", -1);
      if (!text.isBlank() && !(line == 1 && isHeading(cells))) {
        if (cells.length != columns || rows.size() == MAXIMUM_ROWS) {
          throw new UnsupportedInputException(
              "at most %d lines of %d numbers are required; line %d of '%s' has %d"
                  .formatted(MAXIMUM_ROWS, columns, line, item.name(), cells.length));
        }
        double[] row = new double[columns];
        for (int column = 0; column < columns; column++) {
          row[column] = number(cells[column], line, item);
        }
        rows.add(row);
      }
    }
    if (rows.isEmpty()) {
      throw new UnsupportedInputException(
          "at least one reading is required; '%s' has none".formatted(item.name()));
    }
    return new Readings(rows);
  }

  private static String text(MediaInput item) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(item.bytes()).toString();
    } catch (CharacterCodingException e) {
      throw new UnsupportedInputException("'%s' is no UTF-8 text".formatted(item.name()), e);
    }
  }

  private static boolean isHeading(String[] cells) {
    for (String cell : cells) {
      if (!cell.strip().matches("[A-Za-z_].*")) {
        return false;
      }
    }
    return true;
  }

  private static double number(String cell, int line, MediaInput item) {
    double value;
    try {
      value = Double.parseDouble(cell.strip());
    } catch (NumberFormatException e) {
      value = Double.NaN;
    }
    if (!(Math.abs(value) <= MAXIMUM_MAGNITUDE)) {
      throw new UnsupportedInputException(
          "numbers from -1e9 to 1e9 are required; line %d of '%s' has '%s'"
              .formatted(line, item.name(), cell.strip()));
    }
    return value;
  }

  /**
   * The same readings stretched or squeezed to a number of rows, by linear interpolation; the first
   * and the last stay.
   *
   * @return row after row
   */
  double[] resampled(int wanted) {
    int columns = rows.getFirst().length;
    double[] values = new double[wanted * columns];
    double step = wanted == 1 ? 0 : (rows.size() - 1.0) / (wanted - 1);
    for (int row = 0; row < wanted; row++) {
      double position = row * step;
      int before = Math.min((int) position, rows.size() - 1);
      int after = Math.min(before + 1, rows.size() - 1);
      double share = position - before;
      for (int column = 0; column < columns; column++) {
        values[row * columns + column] =
            (1 - share) * rows.get(before)[column] + share * rows.get(after)[column];
      }
    }
    return values;
  }
}
