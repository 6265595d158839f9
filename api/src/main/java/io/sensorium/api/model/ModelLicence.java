package io.sensorium.api.model;

import java.util.Objects;

/**
 * The terms a package comes under.
 *
 * @param name an SPDX identifier where there is one
 * @param commercialUse whether commercial use is allowed
 */
public record ModelLicence(String name, CommercialUse commercialUse) {
  /** Nobody said. */
  public static final ModelLicence UNKNOWN = new ModelLicence("unknown", CommercialUse.UNKNOWN);

  public ModelLicence {
    Objects.requireNonNull(commercialUse, "commercialUse");
    if (name.isBlank()) {
      throw new IllegalArgumentException("a licence needs a name");
    }
  }

  /**
   * A licence whose terms are known.
   *
   * @param commercialUse whether commercial use is allowed
   */
  public ModelLicence(String name, boolean commercialUse) {
    this(name, commercialUse ? CommercialUse.ALLOWED : CommercialUse.FORBIDDEN);
  }

  /** Whether a licence allows commercial use. */
  public enum CommercialUse {
    /** It does. */
    ALLOWED,

    /** It does not; the user must accept that before the model is installed. */
    FORBIDDEN,

    /** The terms are not known here; the user must read them. */
    UNKNOWN
  }
}
