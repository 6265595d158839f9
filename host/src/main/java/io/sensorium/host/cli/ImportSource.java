package io.sensorium.host.cli;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.model.ModelLicence;
import io.sensorium.api.model.ModelLicence.CommercialUse;
import io.sensorium.models.catalogue.Catalogue;
import io.sensorium.models.catalogue.CatalogueEntry;
import io.sensorium.models.checkpoints.ModelCard;
import io.sensorium.models.hub.HubClient;
import io.sensorium.models.hub.HubReference;
import io.sensorium.models.hub.HubSettings;
import io.sensorium.models.hub.HubSnapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Finds what {@code models import} is told to install, and fetches it if it is on the hub.
 *
 * <p>The command fetches in its own process, as the user who asked and with that user's token and
 * cache; a host that runs is only given the folder, and never fetches anything itself.
 */
final class ImportSource {
  private static final Duration UNHURRIED = Duration.ofDays(365);

  private final CommandContext context;

  ImportSource(CommandContext context) {
    this.context = context;
  }

  /**
   * Finds a folder or zip, a reference to the hub, or a name in the catalogue; what exists on disk
   * comes first.
   *
   * @param acceptNonCommercial whether terms that forbid commercial use are fine; where they are
   *     not, nothing is fetched
   */
  Found find(String source, boolean acceptNonCommercial) {
    if (HubReference.isReference(source)) {
      HubReference reference = HubReference.parse(source);
      Optional<CatalogueEntry> known = Catalogue.read().find(reference);
      return fetch(reference, reference.name(), known, acceptNonCommercial);
    }
    Path path = Path.of(source).toAbsolutePath().normalize();
    if (Files.exists(path)) {
      return new Found(path, Optional.empty(), Optional.empty(), Optional.empty());
    }
    CatalogueEntry entry =
        Catalogue.read()
            .find(source)
            .orElseThrow(
                () ->
                    new ModelLoadException(
                        "there is no folder or file %s, and no '%s' in the catalogue (see"
                                .formatted(path, source)
                            + " 'sensorium models list --available')"));
    HubReference reference =
        entry
            .reference()
            .orElseThrow(
                () ->
                    new ModelLoadException(
                        "%s is not on the hub: download %s into a folder DIR, then run '%s'"
                            .formatted(
                                source, entry.address().orElseThrow(), entry.importCommand())));
    return fetch(reference, entry.name(), Optional.of(entry), acceptNonCommercial);
  }

  private Found fetch(
      HubReference reference,
      String id,
      Optional<CatalogueEntry> known,
      boolean acceptNonCommercial) {
    RequestContext request = RequestContext.within(UNHURRIED);
    context.onInterruption(request::cancel);
    try (HubClient hub = new HubClient(settings())) {
      HubSnapshot snapshot = hub.look(reference, request);
      snapshot
          .notAsked()
          .ifPresent(
              why ->
                  context.warn(
                      "%s: taking commit %s from the cache, because %s"
                          .formatted(reference, snapshot.commit(), why)));
      requireLicence(snapshot, known, acceptNonCommercial);
      DownloadLine line = new DownloadLine(context.err(), context.isTerminal());
      try {
        Path folder = hub.fetch(snapshot, line::show, request);
        return new Found(folder, Optional.of(id), Optional.of(snapshot), known);
      } finally {
        line.clear();
      }
    }
  }

  private HubSettings settings() {
    return HubSettings.fromEnvironment(
        context.environment(), Path.of(System.getProperty("user.home")));
  }

  /** The host will say the same, but only after gigabytes. */
  private static void requireLicence(
      HubSnapshot snapshot, Optional<CatalogueEntry> known, boolean acceptNonCommercial) {
    ModelLicence licence =
        snapshot
            .licence()
            .map(ModelCard::licenceNamed)
            .or(() -> known.map(CatalogueEntry::licence))
            .orElse(ModelLicence.UNKNOWN);
    if (licence.commercialUse() == CommercialUse.FORBIDDEN && !acceptNonCommercial) {
      throw new ModelLoadException(
          ("%s comes under the licence '%s', which does not allow commercial use; accept it to"
                  + " fetch and install it (--accept-licence)")
              .formatted(snapshot.reference(), licence.name()));
    }
  }

  /**
   * Where it is now.
   *
   * @param path a folder or a zip, absolute
   * @param id what to call it unless the user says; empty for the folder's name
   * @param snapshot what the hub said of it; empty if it did not come from there
   * @param known what the catalogue says of it; empty if it is not in there
   */
  record Found(
      Path path,
      Optional<String> id,
      Optional<HubSnapshot> snapshot,
      Optional<CatalogueEntry> known) {
    /** The terms where the card has none; null to go by the card. */
    String licence() {
      boolean silent = snapshot.flatMap(HubSnapshot::licence).isEmpty();
      return silent ? known.map(entry -> entry.licence().name()).orElse(null) : null;
    }
  }
}
