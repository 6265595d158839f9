package io.sensorium.models.hub;

import java.util.List;
import java.util.Optional;

/**
 * What the hub tells of a revision.
 *
 * @param commit 40 hexadecimal digits
 * @param licence as the card names it
 * @param files every file of the repository
 */
record HubListing(String commit, Optional<String> licence, List<HubFile> files) {
  HubListing {
    files = List.copyOf(files);
  }
}
