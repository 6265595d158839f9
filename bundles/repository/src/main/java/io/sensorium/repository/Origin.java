package io.sensorium.repository;

import org.osgi.framework.Bundle;

/**
 * Who brings a package. Immutable.
 *
 * @param name as receipts say it: {@link Receipt#USER}, or a bundle's symbolic name behind {@code
 *     bundle:}
 * @param bundleId tells apart bundles of one name; 0 for the user
 */
record Origin(String name, long bundleId) {
  static final String BUNDLE = "bundle:";
  static final Origin USER = new Origin(Receipt.USER, 0);

  static Origin of(Bundle bundle) {
    return new Origin(BUNDLE + bundle.getSymbolicName(), bundle.getBundleId());
  }

  boolean isUser() {
    return bundleId == 0;
  }
}
