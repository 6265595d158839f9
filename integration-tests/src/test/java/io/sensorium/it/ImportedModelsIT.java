package io.sensorium.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.RequestContext;
import io.sensorium.api.index.Hit;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.host.api.IndexProgress;
import io.sensorium.host.api.IndexingReport;
import io.sensorium.host.api.SearchRequest;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.api.SensoriumOptions;
import io.sensorium.host.operations.Arguments.ImportArguments;
import io.sensorium.host.operations.Arguments.Item;
import io.sensorium.host.operations.Arguments.Items;
import io.sensorium.host.operations.Arguments.Name;
import io.sensorium.host.operations.Arguments.SpaceChoice;
import io.sensorium.host.operations.Arguments.VerifyArguments;
import io.sensorium.host.operations.Call;
import io.sensorium.host.operations.LocalOperations;
import io.sensorium.host.operations.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checkpoints as other people publish them, imported into a host that has models of its own. */
class ImportedModelsIT {
  private static final Path REFERENCE = Path.of("..", "models", "reference");
  private static final String CLIP = "clip-legacy";

  @TempDir static Path folder;
  private static Sensorium sensorium;
  private static LocalOperations operations;

  @BeforeAll
  static void start() {
    sensorium = Sensorium.start(SensoriumOptions.at(folder.resolve("home")));
    operations = new LocalOperations(sensorium);
  }

  @AfterAll
  static void stop() {
    operations.close();
  }

  static List<String> cases() throws IOException {
    try (Stream<Path> cases = Files.list(REFERENCE)) {
      return cases
          .filter(path -> Files.exists(path.resolve("checkpoint/golden.safetensors")))
          .map(path -> path.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyReferenceCheckpointIsImportedAndAgreesWithItsRecording(String name) {
    String id = "case-" + name;
    importCase(name, id);
    Path golden = checkpoint(name).resolve("golden.safetensors");
    Results.Verification verification =
        operations.verifyModel(new VerifyArguments(id, golden.toString()), call());
    assertThat(verification.passed()).as(verification.toString()).isTrue();
    assertThat(verification.skipped()).isEmpty();
    assertThat(verification.outputs())
        .allSatisfy(o -> assertThat(o.cosine()).isGreaterThan(0.9999));
    operations.removeModel(new Name(id), call());
  }

  @Test
  void twoSpacesAnswerSideBySideAndAreNotMixed() throws IOException {
    importCase(CLIP, "clip");
    Path media = folder.resolve("media");
    new WorldFiles(7, 0).pictures(media, 9);

    assertThat(sensorium.index(List.of(media), IndexProgress.NONE).indexed()).isEqualTo(9);
    IndexingReport second =
        sensorium.index(
            List.of(media),
            "clip",
            IndexProgress.NONE,
            RequestContext.within(Duration.ofMinutes(1)));
    assertThat(second.indexed()).isEqualTo(9);

    EncodeRequest words = EncodeRequest.text("a bell");
    List<Hit> world = sensorium.search(SearchRequest.of(words));
    List<Hit> clip = sensorium.search(SearchRequest.of(words.in("clip")));
    assertThat(world).hasSize(9).allSatisfy(hit -> assertThat(spaceOf(hit)).isEqualTo("world"));
    assertThat(clip).hasSize(9).allSatisfy(hit -> assertThat(spaceOf(hit)).isEqualTo("clip"));

    Items sentence = new Items(List.of(Item.text("a bell")), new SpaceChoice(null, "clip"));
    assertThat(operations.embed(sentence, call()).space()).isEqualTo("clip");
    Embedding here = sensorium.embed(words);
    Embedding there = sensorium.embed(words.in("clip"));
    assertThatThrownBy(() -> here.cosine(there)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                operations.embed(
                    new Items(sentence.items(), new SpaceChoice("nowhere", null)), call()))
        .hasMessageContaining("no such space: 'nowhere'; there are [clip");
    assertThatThrownBy(
            () ->
                operations.embed(
                    new Items(sentence.items(), new SpaceChoice("world", "clip")), call()))
        .hasMessage("model clip embeds into space 'clip', not 'world'");
  }

  @Test
  void anotherModelUnderTheSameIdHasANewSpaceAndOtherLengthsAreKeptOut() {
    Results.Model first = importCase(CLIP, "changing");
    assertThat(importCase(CLIP, "changing").version()).isEqualTo(first.version());
    Results.Model second = importCase("siglip-unigram", "changing");
    assertThat(first.space()).isEqualTo("changing@1");
    assertThat(second.space()).isEqualTo("changing@2");

    ImportArguments intoWorld =
        new ImportArguments(
            checkpoint(CLIP).toString(), "stranger", "world", true, null, null, null, null);
    assertThatThrownBy(() -> operations.importModel(intoWorld, call()))
        .hasMessageContaining("in space world@1 must have the 128 components")
        .hasMessageContaining("of stranger gives 24");
    operations.removeModel(new Name("changing"), call());
  }

  private static String spaceOf(Hit hit) {
    return hit.entry().embedding().space().name();
  }

  /** Some of the cases are published for research alone. */
  private static Results.Model importCase(String name, String id) {
    ImportArguments arguments =
        new ImportArguments(checkpoint(name).toString(), id, null, true, null, null, null, null);
    Results.Model model = operations.importModel(arguments, call());
    assertThat(sensorium.encoders())
        .filteredOn(encoder -> encoder.model().equals(id))
        .extracting(encoder -> encoder.modality().name())
        .containsExactlyInAnyOrderElementsOf(withEncoder(model.modalities()));
    return model;
  }

  /** Tensors of other modalities wait for a bundle that makes them. */
  private static List<String> withEncoder(List<String> modalities) {
    return modalities.stream().filter(Set.of("image", "audio", "text")::contains).toList();
  }

  private static Path checkpoint(String name) {
    return REFERENCE.resolve(name).resolve("checkpoint").toAbsolutePath().normalize();
  }

  private static Call call() {
    return Call.within(Duration.ofMinutes(1));
  }
}
