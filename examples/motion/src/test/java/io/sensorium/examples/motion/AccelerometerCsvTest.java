package io.sensorium.examples.motion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sensorium.api.UnsupportedInputException;
import io.sensorium.api.media.MediaInput;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccelerometerCsvTest {
  private static final int RATE = 100;
  private static final int SAMPLES = 414;

  private static Acceleration read(String content) {
    return new AccelerometerCsv(RATE, SAMPLES).read(MediaInput.ofText(content));
  }

  /** Rows whose axes are a function of time, its double and its triple. */
  private static String rows(
      String header, int count, double rate, double timeUnit, DoubleUnaryOperator axis) {
    var text = new StringBuilder(header).append('\n');
    for (int i = 0; i < count; i++) {
      double value = axis.applyAsDouble(i / rate);
      text.append(
          String.format(
              Locale.ROOT,
              "%.9f,%.9f,%.9f,%.9f\n",
              i / rate / timeUnit,
              value,
              2 * value,
              3 * value));
    }
    return text.toString();
  }

  @Test
  void samplesAtTheModelsRateAreTakenAsTheyAre() {
    Acceleration read = read(rows("t,x,y,z", 57, RATE, 1, Math::sin));
    assertThat(read.samples()).isEqualTo(57);
    for (int i = 0; i < 57; i++) {
      assertThat(read.x()[i]).isCloseTo(Math.sin(i / 100.0), within(1e-8));
      assertThat(read.z()[i]).isCloseTo(3 * Math.sin(i / 100.0), within(1e-8));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'t,x,y,z',1,1",
    "'Time (s),ax (m/s^2),ay (m/s²),az (m/s2)',1,1",
    "'\uFEFFtimestamp[ms],x[g],y[g],z[g]',0.001,9.80665",
    "'\"t [us]\",\"x [mg]\",\"y [mg]\",\"z [mg]\"',0.000001,0.00980665",
    "'seconds,ACC_X,Acc_Y,accel_z',1,1"
  })
  void headersNameColumnsAndUnits(String header, double timeUnit, double unit) {
    String content = rows(header, 40, 50, timeUnit, t -> (1 + t) / unit);
    Acceleration read = read(content);
    assertThat(read.samples()).isEqualTo(79);
    assertThat(read.y()[78]).isCloseTo(2 * 1.78, within(1e-6));
  }

  @Test
  void slowSamplesAreJoinedByLinesAndFastOnesAveraged() {
    Acceleration slow = read(rows("t,x,y,z", 31, 30, 1, t -> 5 * t));
    assertThat(slow.x()[50]).isCloseTo(2.5, within(1e-6));
    // 400 Hz, sampled at 1,000 Hz: taken at every tenth sample it would look like standing still.
    Acceleration fast =
        read(rows("t,x,y,z", 2_000, 1_000, 1, t -> 1 + Math.cos(2 * Math.PI * 400 * t)));
    assertThat(fast.samples()).isEqualTo(200);
    for (int i = 1; i < 199; i++) {
      assertThat(fast.x()[i]).isCloseTo(1, within(0.02));
    }
  }

  @Test
  void emptyLinesCommentsAndOtherLineEndsArePassedOver() {
    Acceleration read = read("# by hand\r\n\r\nx,y,z,t,mood\r\n1,2,3,0,ok\r\n\r\n1,2,5,.01,ok");
    assertThat(read.z()).containsExactly(3, 5);
    assertThat(read.x()).containsExactly(1, 1);
  }

  @Test
  void nothingIsReadBeyondWhatIsNeeded() {
    String enough = rows("t,x,y,z", 500, RATE, 1, t -> 1);
    assertThat(read(enough + "garbage,,,\n").samples()).isEqualTo(SAMPLES);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|a header that names the columns t, x, y and z is required",
        "'1,2,3,4\n'|a header that names the columns",
        "'t,x,y\n0,1,2\n'|got 't,x,y' (line 1 of",
        "'t,x,y,z,x\n'|columns must be named once; got again 'x' (line 1 of",
        "'t,x [feet],y,z\n'|one of [g, m/s2, m/s^2, m/s², mg]; got 'feet' (line 1 of",
        "'t,x,y,z\n0,1,2,3\n0.01,1,2\n'|4 values are required as in the header; got '0.01,1,2' (line 3",
        "'t,x,y,z\n0,1,2,3\n0.01,1,2,3,4\n'|4 values are required",
        "'t,x,y,z\n0,1,NaN,3\n'|a finite number is required; got 'NaN' (line 2",
        "'t,x,y,z\n0,1,1e999,3\n'|got '1e999'",
        "'t,x,y,z\n0,1,0x10,3\n'|got '0x10'",
        "'t,x,y,z\n0,1,,3\n'|got ''",
        "'t,x,y,z\n0,1,2,3\n0,1,2,3\n'|times must increase; got a step of 0.0 s (line 3",
        "'t,x,y,z\n0,1,2,3\n0.5,1,2,3\n'|at most 0.25 s apart are required; got a gap of 0.500 s",
        "'t,x,y,z\n0,1,2,30000\n'|accelerations of at most 2000 m/s²",
        "'t,x,y,z\n0,1,2,3\n'|at least 2 samples are required"
      })
  void whatIsNoRecordingIsRefusedWithItsLine(String content, String message) {
    assertThatThrownBy(() -> read(content))
        .isInstanceOf(UnsupportedInputException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("'text'");
  }

  @Test
  void hugeLinesAndHugeRatesAreRefusedEarly() {
    assertThatThrownBy(() -> read("t,x,y,z\n" + "9".repeat(5_000)))
        .hasMessage("a line has at most 4096 bytes (line 2 of 'text')");
    String dense = rows("t,x,y,z", 200_010, 100_000, 1, t -> 1);
    assertThatThrownBy(() -> read(dense)).hasMessageContaining("at most 200000 samples");
    assertThatThrownBy(() -> read("\0".repeat(80) + "\nt,x,y,z"))
        .hasMessageContaining("got '" + "?".repeat(60) + "...'");
  }
}
