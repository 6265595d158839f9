package io.sensorium.host.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.sensorium.api.Modality;
import io.sensorium.api.model.ModelLicence.CommercialUse;
import io.sensorium.api.model.Precision;
import io.sensorium.models.catalogue.Catalogue;
import io.sensorium.models.catalogue.CatalogueEntry;
import io.sensorium.models.hub.HubReference;
import java.io.PrintWriter;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The catalogue for people and as JSON. Stateless. */
final class CatalogueTable {
  private CatalogueTable() {}

  static void print(Catalogue catalogue, PrintWriter out) {
    Tables.print(
        out,
        List.of(
            "name", "reads", "params", "download", "memory fp32", "int8", "licence", "good for"),
        catalogue.entries().stream()
            .map(
                entry ->
                    List.of(
                        entry.name(),
                        String.join(",", modalities(entry)),
                        String.format(Locale.ROOT, "%.0fM", entry.parameters() / 1e6),
                        Tables.bytes(entry.downloadBytes()),
                        Tables.bytes(entry.memoryBytes(Precision.FLOAT32)),
                        Tables.bytes(entry.memoryBytes(Precision.INT8)),
                        entry.licence().name() + (commercialUse(entry) ? "" : " (!)"),
                        entry.purpose()))
            .toList());
    out.println();
    out.println(
        "Import one with 'sensorium models import NAME'. Download and memory are estimates.");
    out.println("(!) no commercial use: needs --accept-licence. Details: --json.");
  }

  static Available json(Catalogue catalogue) {
    return new Available(catalogue.entries().stream().map(CatalogueTable::view).toList());
  }

  private static AvailableModel view(CatalogueEntry entry) {
    Map<String, Long> memory = new LinkedHashMap<>();
    for (Precision precision : Precision.values()) {
      memory.put(precision.label(), entry.memoryBytes(precision));
    }
    return new AvailableModel(
        entry.name(),
        entry.reference().map(HubReference::repository).orElse(null),
        entry.reference().map(HubReference::revision).orElse(null),
        entry.revisionSource().orElse(null),
        entry.address().map(URI::toString).orElse(null),
        entry.family(),
        modalities(entry),
        entry.licence().name(),
        commercialUse(entry),
        entry.licenceSource(),
        entry.dimension(),
        entry.parameters(),
        entry.downloadBytes(),
        memory,
        entry.purpose(),
        entry.importCommand());
  }

  private static boolean commercialUse(CatalogueEntry entry) {
    return entry.licence().commercialUse() == CommercialUse.ALLOWED;
  }

  private static List<String> modalities(CatalogueEntry entry) {
    return entry.modalities().stream().map(Modality::name).toList();
  }

  /** {@code models list --available --json}. */
  record Available(List<AvailableModel> models) {}

  /**
   * One of the catalogue.
   *
   * @param revision a commit, or {@code main} where none is pinned
   * @param revisionSource where the commit was read
   * @param address where it is, if not on the hub
   * @param memoryBytes by precision: weights, and activations of one item
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record AvailableModel(
      String name,
      String repository,
      String revision,
      String revisionSource,
      String address,
      String family,
      List<String> modalities,
      String licence,
      boolean commercialUse,
      String licenceSource,
      int dimension,
      long parameters,
      long downloadBytes,
      Map<String, Long> memoryBytes,
      String purpose,
      String command) {}
}
