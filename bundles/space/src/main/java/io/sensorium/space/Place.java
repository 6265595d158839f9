package io.sensorium.space;

import io.sensorium.api.Modality;
import io.sensorium.api.space.SpaceId;

/** Where one generation at a time serves: a modality in one version of one space. Immutable. */
record Place(Modality modality, SpaceId space) {
  /**
   * Answers whether a request for this modality and space may be served here.
   *
   * @param wantedSpace a space's name, or name and version as in {@code world@1}
   */
  boolean serves(Modality wantedModality, String wantedSpace) {
    return modality.equals(wantedModality) && isIn(wantedSpace);
  }

  boolean isIn(String wantedSpace) {
    return wantedSpace.equals(space.name()) || wantedSpace.equals(space.toString());
  }

  @Override
  public String toString() {
    return modality + " in " + space;
  }
}
