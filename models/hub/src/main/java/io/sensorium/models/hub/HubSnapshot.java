package io.sensorium.models.hub;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A reference resolved to a commit, and what an import needs of it. Immutable.
 *
 * @param reference what was asked for
 * @param commit what it means, 40 hexadecimal digits
 * @param folder where its files are or will be, in the layout of a checkpoint
 * @param licence as the hub's card names it, for instance {@code apache-2.0}; empty if the card is
 *     silent, or the hub was not asked
 * @param files what an import needs, in the order of fetching; empty if the hub was not asked
 * @param missingBytes how many bytes the cache lacks
 * @param notAsked why the hub was not asked and the cache answers alone; empty if it was
 */
public record HubSnapshot(
    HubReference reference,
    String commit,
    Path folder,
    Optional<String> licence,
    List<HubFile> files,
    long missingBytes,
    Optional<String> notAsked) {
  public HubSnapshot {
    files = List.copyOf(files);
  }
}
