package io.sensorium.models.world.looks;

/** What a layer is filled with. */
public enum Ink {
  /** The colour of the group. */
  MAIN,
  /** Nearly black. */
  DARK,
  /** Nearly white. */
  LIGHT
}
