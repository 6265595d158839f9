package io.sensorium.models.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sensorium.api.model.ModelLicence;
import io.sensorium.api.model.ModelLicence.CommercialUse;
import io.sensorium.api.model.Precision;
import io.sensorium.models.checkpoints.ModelCard;
import io.sensorium.models.graphs.GraphAuthor;
import io.sensorium.models.hub.HubReference;
import java.util.List;
import java.util.Locale;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CatalogueTest {
  private static final Catalogue CATALOGUE = Catalogue.read();

  static List<CatalogueEntry> entries() {
    return CATALOGUE.entries();
  }

  @Test
  void everyNameIsThereOnce() {
    assertThat(CATALOGUE.entries()).extracting(CatalogueEntry::name).doesNotHaveDuplicates();
    assertThat(CATALOGUE.find("clip-vit-b-32")).isPresent();
    assertThat(CATALOGUE.find(HubReference.parse("hf:openai/clip-vit-base-patch32@main")))
        .map(CatalogueEntry::name)
        .contains("clip-vit-b-32");
    assertThat(CATALOGUE.find("nothing")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("entries")
  void graphsCanBeWrittenForTheFamily(CatalogueEntry entry) {
    assertThat(GraphAuthor.families()).contains(entry.family());
  }

  /**
   * Matrices and vectors of the layers by the closed formula, tables as listed: the rest, such as
   * projections, poolers and a last norm, is at most four in a hundred.
   */
  @ParameterizedTest
  @MethodSource("entries")
  void parametersAgreeWithTheFormula(CatalogueEntry entry) {
    for (Tower tower : entry.towers()) {
      long matrices = tower.stages().stream().mapToLong(Stage::matrices).sum();
      long vectors = tower.stages().stream().mapToLong(CatalogueTest::vectors).sum();
      assertThat(matrices)
          .as("matrices of %s", tower.modality())
          .isLessThanOrEqualTo(tower.matrices())
          .isCloseTo(tower.matrices(), Percentage.withPercentage(10));
      assertThat(tower.tables() + tower.matrices() + vectors)
          .as("parameters of %s", tower.modality())
          .isCloseTo(tower.parameters(), Percentage.withPercentage(0.5));
    }
  }

  @ParameterizedTest
  @MethodSource("entries")
  void aPinnedRevisionIsACommitAndNamesItsSource(CatalogueEntry entry) {
    entry
        .reference()
        .ifPresent(
            reference -> {
              assertThat(entry.isPinned()).isEqualTo(!reference.revision().equals("main"));
              assertThat(entry.revisionSource().orElseThrow())
                  .contains(entry.isPinned() ? " at " : "not pinned");
            });
  }

  @ParameterizedTest
  @MethodSource("entries")
  void theTermsAreWhatTheLicencesNameMeans(CatalogueEntry entry) {
    String named = entry.licence().name().toLowerCase(Locale.ROOT);

    ModelLicence known = ModelCard.licenceNamed(named);

    assertThat(known.commercialUse()).isEqualTo(entry.licence().commercialUse());
    assertThat(entry.importCommand().contains("--accept-licence"))
        .isEqualTo(entry.licence().commercialUse() == CommercialUse.FORBIDDEN);
  }

  @ParameterizedTest
  @MethodSource("entries")
  void lowerPrecisionNeedsLessMemory(CatalogueEntry entry) {
    long fp32 = entry.memoryBytes(Precision.FLOAT32);
    long fp16 = entry.memoryBytes(Precision.FLOAT16);
    long int8 = entry.memoryBytes(Precision.INT8);

    assertThat(int8).isLessThan(fp16);
    assertThat(fp16).isLessThan(fp32);
    assertThat(fp32).isGreaterThan(4 * entry.parameters());
    assertThat(fp32 - fp16).isCloseTo(2 * entry.parameters(), Percentage.withPercentage(1));
  }

  /** Stored in four bytes or two; decoders that stay behind are fetched too. */
  @ParameterizedTest
  @MethodSource("entries")
  void aDownloadIsAtLeastWhatIsImported(CatalogueEntry entry) {
    boolean half = entry.name().startsWith("whisper-large-v3");
    assertThat(entry.downloadBytes()).isGreaterThan((half ? 2 : 4) * entry.parameters() * 99 / 100);
    if (!entry.family().equals("whisper")) {
      assertThat(entry.downloadBytes() - 4 * entry.parameters()).isLessThan(50_000_000);
    }
  }

  /** Counted by the reference implementation from its own configuration. */
  @ParameterizedTest
  @CsvSource({
    "clip-vit-b-32, 151277312",
    "clip-vit-l-14, 427616512",
    "openclip-vit-h-14, 986109440",
    "siglip-so400m-384, 877960496",
    "siglip2-base-224, 375187968",
    "dinov2-giant, 1136480768",
    "clap-unfused, 153492888",
    "clap-larger-general, 193913880",
    "minilm-l6, 22713216",
    "mpnet-base, 109486464",
    "bge-m3, 567754752",
    "imagebind-huge, 1200781056"
  })
  void parametersAreThoseOfTheReferenceWithoutItsScalars(String name, long parameters) {
    assertThat(CATALOGUE.find(name).orElseThrow().parameters()).isEqualTo(parameters);
  }

  @Test
  void anotherPlaceThanTheHubIsNamed() {
    CatalogueEntry entry = CATALOGUE.find("imagebind-huge").orElseThrow();

    assertThat(entry.reference()).isEmpty();
    assertThat(entry.address().orElseThrow().getPath()).endsWith("imagebind_huge.pth");
    assertThat(entry.importCommand())
        .isEqualTo("sensorium models import DIR --to imagebind-huge --accept-licence");
  }

  @Test
  void oneLayerOfTheWorkedExampleHasItsMatrices() {
    Stage stage = new Stage(1, 768, 3072, 12, 512, false);

    assertThat(stage.matrices()).isEqualTo(4L * 768 * 768 + 2L * 768 * 3072);
    assertThat((double) stage.workingBytes()).isCloseTo(33e6, within(2e6));
  }

  /** Biases of attention and feed-forward, and two norms of two vectors each. */
  private static long vectors(Stage stage) {
    return stage.layers()
        * (4L * stage.width() + stage.width() + stage.feedForward() + 4L * stage.width());
  }
}
