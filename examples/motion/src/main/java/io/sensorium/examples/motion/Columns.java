package io.sensorium.examples.motion;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where in a row time and axes stand, and in which units: {@code t,x,y,z} in seconds and m/s²
 * unless the header says otherwise, as in {@code time [ms], ax [g], ay [g], az [g]}. Other columns
 * are passed over.
 *
 * @param count columns of the file
 */
record Columns(int count, List<Column> columns) {
  private static final double GRAVITY = 9.80665;
  private static final Pattern NAMED =
      Pattern.compile("\"?([\\p{Alpha}_ ]+?)\\s*(?:[\\[(]([^\\])]+)[\\])])?\"?");
  private static final Map<String, Double> TIMES =
      Map.of("s", 1.0, "ms", 1e-3, "us", 1e-6, "µs", 1e-6, "ns", 1e-9);
  private static final Map<String, Double> ACCELERATIONS =
      Map.of("m/s^2", 1.0, "m/s2", 1.0, "m/s²", 1.0, "g", GRAVITY, "mg", GRAVITY / 1000);
  private static final List<List<String>> NAMES =
      List.of(
          List.of("t", "time", "timestamp", "seconds"),
          List.of("x", "ax", "acc_x", "accel_x"),
          List.of("y", "ay", "acc_y", "accel_y"),
          List.of("z", "az", "acc_z", "accel_z"));
  private static final String NUMBER =
      "[-+]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?";

  Columns {
    columns = List.copyOf(columns);
  }

  /**
   * One column.
   *
   * @param index from 0
   * @param factor from the file's unit to seconds or m/s²
   */
  record Column(int index, double factor) {}

  /** Reads the header, which is the first line. */
  static Columns named(CsvLines lines) {
    if (!lines.next()) {
      throw lines.wrong("a header that names the columns t, x, y and z is required; got nothing");
    }
    String[] cells = lines.text().split(",", -1);
    Column[] found = new Column[NAMES.size()];
    for (int index = 0; index < cells.length; index++) {
      Matcher named = NAMED.matcher(cells[index].strip());
      if (named.matches()) {
        int role = role(named.group(1));
        if (role >= 0 && found[role] != null) {
          throw lines.wrong(
              "columns must be named once; got again " + CsvLines.quoted(cells[index]));
        }
        if (role >= 0) {
          found[role] = new Column(index, factor(role, named.group(2), lines));
        }
      }
    }
    if (Arrays.asList(found).contains(null)) {
      throw lines.wrong(
          "a header that names the columns t, x, y and z, separated by commas, is required; got "
              + CsvLines.quoted(lines.text()));
    }
    return new Columns(cells.length, List.of(found));
  }

  private static int role(String name) {
    for (int role = 0; role < NAMES.size(); role++) {
      if (NAMES.get(role).contains(name.strip().toLowerCase(Locale.ROOT))) {
        return role;
      }
    }
    return -1;
  }

  private static double factor(int role, String unit, CsvLines lines) {
    if (unit == null) {
      return 1;
    }
    Map<String, Double> known = role == 0 ? TIMES : ACCELERATIONS;
    Double factor = known.get(unit.strip().toLowerCase(Locale.ROOT));
    if (factor == null) {
      throw lines.wrong(
          "a unit must be one of %s; got %s"
              .formatted(known.keySet().stream().sorted().toList(), CsvLines.quoted(unit)));
    }
    return factor;
  }

  /** Time in seconds and the three axes in m/s² of the line that was reached. */
  double[] row(CsvLines lines) {
    String[] cells = lines.text().split(",", count + 1);
    if (cells.length != count) {
      throw lines.wrong(
          "%d values are required as in the header; got %s"
              .formatted(count, CsvLines.quoted(lines.text())));
    }
    var row = new double[columns.size()];
    for (int i = 0; i < row.length; i++) {
      String cell = cells[columns.get(i).index()].strip();
      if (!cell.matches(NUMBER)) {
        throw lines.wrong("a finite number is required; got " + CsvLines.quoted(cell));
      }
      row[i] = Double.parseDouble(cell) * columns.get(i).factor();
      if (!Double.isFinite(row[i])) {
        throw lines.wrong("a finite number is required; got " + CsvLines.quoted(cell));
      }
    }
    return row;
  }
}
