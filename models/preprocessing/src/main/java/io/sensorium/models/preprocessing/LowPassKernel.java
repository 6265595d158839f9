package io.sensorium.models.preprocessing;

/** What a sample spreads to when the rate changes, over time in samples of the lower rate. */
interface LowPassKernel {
  /** The kernel is zero from here on. */
  double reach();

  /** Answers whether results are scaled so that a constant stays what it is. */
  boolean keepsConstants();

  /** The kernel's value; symmetric. */
  double at(double time);
}
