package io.sensorium.models.world.sounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sensorium.models.world.Seeds;
import io.sensorium.models.world.Thing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StrikesTest {

  @ParameterizedTest
  @EnumSource(Thing.class)
  void aStrikeIsShortPeaksAtOneAndEndsInSilence(Thing thing) {
    for (double pitch : new double[] {0.46, 0.5, 1, 2, 2.14}) {
      float[] strike = Strikes.of(thing).render(pitch, Seeds.generator(61));
      double seconds = strike.length / (double) Strike.SAMPLE_RATE;
      assertThat(seconds).isBetween(0.2, Strike.MAXIMUM_SECONDS);
      float peak = 0;
      for (float sample : strike) {
        assertThat(Float.isFinite(sample)).isTrue();
        peak = Math.max(peak, Math.abs(sample));
      }
      assertThat(peak).isCloseTo(1, within(1e-6f));
      assertThat(strike[0]).isZero();
      assertThat(strike[strike.length - 1]).isZero();
    }
  }

  @Test
  void theSineTableAgreesWithMath() {
    for (double turns = 0; turns < 5; turns += 0.000_37) {
      assertThat(Oscillator.sine(turns)).isCloseTo(Math.sin(2 * Math.PI * turns), within(4e-7));
    }
  }

  @Test
  void aBandPassLetsItsCentreThroughAndHoldsTheRestBack() {
    assertThat(gain(Biquad.bandPass(1000, 2), 1000)).isCloseTo(1, within(0.02));
    assertThat(gain(Biquad.bandPass(1000, 2), 100)).isLessThan(0.1);
    assertThat(gain(Biquad.lowPass(500, 0.7), 4000)).isLessThan(0.03);
    assertThat(gain(Biquad.highPass(4000, 0.7), 500)).isLessThan(0.03);
    assertThat(gain(Biquad.highPass(500, 0.7), 4000)).isCloseTo(1, within(0.02));
  }

  private static double gain(Biquad filter, double hertz) {
    double peak = 0;
    for (int index = 0; index < 8_000; index++) {
      double output = filter.filter(Math.sin(2 * Math.PI * hertz * index / Strike.SAMPLE_RATE));
      peak = index > 4_000 ? Math.max(peak, Math.abs(output)) : peak;
    }
    return peak;
  }
}
