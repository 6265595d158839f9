package io.sensorium.models.catalogue;

import io.sensorium.api.Modality;
import io.sensorium.api.model.ModelLicence;
import io.sensorium.api.model.ModelLicence.CommercialUse;
import io.sensorium.api.model.Precision;
import io.sensorium.models.hub.HubReference;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A well-known checkpoint. Immutable.
 *
 * @param name what it is called here and, unless the user says otherwise, once imported
 * @param reference where the hub has it; empty if it is published elsewhere
 * @param revisionSource where the revision was read; empty without a reference
 * @param address where it is published; empty if that is the hub
 * @param family its model type, as graphs are written for it
 * @param licence its terms
 * @param licenceSource where they were read
 * @param purpose what it is good for
 * @param dimension of its embeddings
 * @param downloadBytes about how much is fetched
 * @param towers one for each modality
 */
public record CatalogueEntry(
    String name,
    Optional<HubReference> reference,
    Optional<String> revisionSource,
    Optional<URI> address,
    String family,
    ModelLicence licence,
    String licenceSource,
    String purpose,
    int dimension,
    long downloadBytes,
    List<Tower> towers) {
  public CatalogueEntry {
    Objects.requireNonNull(family, "family");
    Objects.requireNonNull(licence, "licence");
    towers = List.copyOf(towers);
    if (!name.matches("[a-z0-9][a-z0-9.-]{0,63}")) {
      throw new IllegalArgumentException(
          "a name in the catalogue has small letters, digits, '.' and '-'; got '" + name + "'");
    }
    if (reference.isPresent() == address.isPresent()
        || reference.isPresent() != revisionSource.isPresent()) {
      throw new IllegalArgumentException(
          name + " must be either on the hub, at a revision, or at an address");
    }
    if (purpose.isBlank() || licenceSource.isBlank() || dimension < 1 || downloadBytes < 1) {
      throw new IllegalArgumentException(name + " lacks a purpose, a source or a size");
    }
    if (towers.isEmpty()
        || towers.stream().map(Tower::modality).distinct().count() != towers.size()) {
      throw new IllegalArgumentException(name + " needs one tower for each modality");
    }
  }

  /** What it reads. */
  public List<Modality> modalities() {
    return towers.stream().map(Tower::modality).toList();
  }

  /** Every number that is imported; a decoder that stays behind does not count. */
  public long parameters() {
    return towers.stream().mapToLong(Tower::parameters).sum();
  }

  /** Whether its revision is a commit, so that every import gives the same model. */
  public boolean isPinned() {
    return reference.filter(HubReference::isCommit).isPresent();
  }

  /**
   * Bytes of memory that it needs with every tower loaded and one item in the largest one: weights
   * and activations, without what the runtime itself takes.
   */
  public long memoryBytes(Precision precision) {
    long weights = towers.stream().mapToLong(tower -> tower.weightBytes(precision)).sum();
    return weights + towers.stream().mapToLong(Tower::workingBytes).max().orElseThrow();
  }

  /** The command that imports it; {@code DIR} stands for where the user puts a download. */
  public String importCommand() {
    String flag = licence.commercialUse() == CommercialUse.FORBIDDEN ? " --accept-licence" : "";
    return address.isPresent()
        ? "sensorium models import DIR --to " + name + flag
        : "sensorium models import " + name + flag;
  }
}
