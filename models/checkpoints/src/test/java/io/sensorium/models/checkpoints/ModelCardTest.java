package io.sensorium.models.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.model.ModelLicence;
import io.sensorium.api.model.ModelLicence.CommercialUse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelCardTest {
  @TempDir Path checkpoint;

  @Test
  void theCardsFrontMatterNamesTheLicence() throws IOException {
    card("---\ntags:\n- vision\nlicense: \"apache-2.0\"\n---\n# A model\nlicense: mit\n");

    assertThat(licence()).isEqualTo(new ModelLicence("Apache-2.0", CommercialUse.ALLOWED));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "# A model\nlicense: mit\n", "---\ntags: [a]\n---\n", "---\nlicense:\n---"})
  void aSilentCardLeavesTheLicenceUnknown(String text) throws IOException {
    card(text);

    assertThat(licence()).isEqualTo(ModelLicence.UNKNOWN);
  }

  @Test
  void aCheckpointWithoutACardHasAnUnknownLicence() {
    assertThat(licence()).isEqualTo(ModelLicence.UNKNOWN);
  }

  @ParameterizedTest
  @CsvSource({
    "MIT, MIT, ALLOWED",
    "cc-by-4.0, CC-BY-4.0, ALLOWED",
    "cc-by-nc-4.0, cc-by-nc-4.0, FORBIDDEN",
    "CC-BY-NC-SA-4.0, CC-BY-NC-SA-4.0, FORBIDDEN",
    "fair-noncommercial-research-license, fair-noncommercial-research-license, FORBIDDEN",
    "apple-amlr, apple-amlr, FORBIDDEN",
    "other, other, UNKNOWN",
    "gemma, gemma, UNKNOWN",
    "openrail++, openrail++, UNKNOWN",
    "nconf, nconf, UNKNOWN"
  })
  void namesAreReadAsTermsWhereTheyAreKnown(String named, String name, CommercialUse use) {
    assertThat(ModelCard.licenceNamed(named)).isEqualTo(new ModelLicence(name, use));
  }

  private void card(String text) throws IOException {
    Files.writeString(checkpoint.resolve("README.md"), text);
  }

  private ModelLicence licence() {
    try (CheckpointFolder folder = CheckpointFolder.open(checkpoint)) {
      return ModelCard.licence(folder);
    }
  }
}
