package io.sensorium.models.preprocessing;

/** Torchaudio's default: six zero crossings of a sinc under a Hann window. Immutable. */
final class HannSincKernel implements LowPassKernel {
  private static final double ZERO_CROSSINGS = 6;
  private static final double ROLL_OFF = 0.99;

  @Override
  public double reach() {
    return ZERO_CROSSINGS / ROLL_OFF;
  }

  @Override
  public boolean keepsConstants() {
    return false;
  }

  @Override
  public double at(double time) {
    double position = ROLL_OFF * time;
    if (Math.abs(position) >= ZERO_CROSSINGS) {
      return 0;
    }
    double cosine = StrictMath.cos(Math.PI * position / ZERO_CROSSINGS / 2);
    double angle = Math.PI * position;
    double sinc = angle == 0 ? 1 : StrictMath.sin(angle) / angle;
    return ROLL_OFF * sinc * cosine * cosine;
  }
}
