package io.sensorium.api.model;

/**
 * The terms a package comes under.
 *
 * @param name an SPDX identifier where there is one
 * @param commercialUse whether commercial use is allowed
 */
public record ModelLicence(String name, boolean commercialUse) {
  public ModelLicence {
    if (name.isBlank()) {
      throw new IllegalArgumentException("a licence needs a name");
    }
  }
}
