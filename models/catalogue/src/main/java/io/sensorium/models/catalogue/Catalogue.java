package io.sensorium.models.catalogue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sensorium.api.Modality;
import io.sensorium.api.model.ModelLicence;
import io.sensorium.models.hub.HubReference;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The checkpoints that {@code models list --available} shows, from {@code catalogue.json} beside
 * this class. Immutable.
 */
public final class Catalogue {
  private static final int FORMAT = 1;
  private static final String RESOURCE = "catalogue.json";

  private final List<CatalogueEntry> entries;

  private Catalogue(List<CatalogueEntry> entries) {
    this.entries = List.copyOf(entries);
  }

  /** Reads the catalogue that comes with this version. */
  public static Catalogue read() {
    ObjectMapper json = new ObjectMapper();
    try (InputStream resource = Catalogue.class.getResourceAsStream(RESOURCE)) {
      Document document = json.readValue(resource, new TypeReference<Document>() {});
      if (document.format() != FORMAT) {
        throw new IllegalStateException(
            "the catalogue's format must be %d; got %d".formatted(FORMAT, document.format()));
      }
      return new Catalogue(document.models().stream().map(Written::entry).toList());
    } catch (IOException e) {
      throw new IllegalStateException("the catalogue cannot be read: " + e.getMessage(), e);
    }
  }

  /** Every checkpoint, those of one family together. */
  public List<CatalogueEntry> entries() {
    return entries;
  }

  /** The checkpoint of that name. */
  public Optional<CatalogueEntry> find(String name) {
    return entries.stream().filter(entry -> entry.name().equals(name)).findFirst();
  }

  /** The checkpoint that the hub has under that name, at whatever revision. */
  public Optional<CatalogueEntry> find(HubReference reference) {
    return entries.stream()
        .filter(
            entry ->
                entry
                    .reference()
                    .map(HubReference::repository)
                    .equals(Optional.of(reference.repository())))
        .findFirst();
  }

  @Override
  public String toString() {
    return entries.stream().map(CatalogueEntry::name).collect(Collectors.joining(", "));
  }

  private record Document(int format, List<Written> models) {}

  private record Written(
      String name,
      String repository,
      String revision,
      String revisionSource,
      URI address,
      String family,
      WrittenLicence licence,
      String purpose,
      int dimension,
      long downloadBytes,
      List<WrittenTower> towers) {
    CatalogueEntry entry() {
      return new CatalogueEntry(
          name,
          Optional.ofNullable(repository).map(named -> new HubReference(named, revision)),
          Optional.ofNullable(revisionSource),
          Optional.ofNullable(address),
          family,
          new ModelLicence(licence.name(), licence.commercialUse()),
          licence.source(),
          purpose,
          dimension,
          downloadBytes,
          towers.stream().map(WrittenTower::tower).toList());
    }
  }

  private record WrittenLicence(String name, boolean commercialUse, String source) {}

  private record WrittenTower(
      String modality, long parameters, long matrices, long tables, List<WrittenStage> stages) {
    Tower tower() {
      return new Tower(
          new Modality(modality),
          parameters,
          matrices,
          tables,
          stages.stream().map(WrittenStage::stage).toList());
    }
  }

  private record WrittenStage(
      int layers, int width, int feedForward, int heads, int tokens, boolean gated) {
    Stage stage() {
      return new Stage(layers, width, feedForward, heads, tokens, gated);
    }
  }
}
