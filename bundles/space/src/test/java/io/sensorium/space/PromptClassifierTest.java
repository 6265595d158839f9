package io.sensorium.space;

import static io.sensorium.space.EngineFixture.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sensorium.api.Modality;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.ServiceGoneException;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.api.space.ZeroShotClassifier.LabelProbability;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PromptClassifierTest {
  private static final EncodeRequest ITEM =
      EncodeRequest.of(Modality.IMAGE, MediaInput.ofText("5"));

  private static EngineFixture fixture(
      Map<String, Object> imageCalibration, Map<String, Object> textCalibration) {
    EngineFixture fixture = new EngineFixture();
    fixture.add(new FakeEncoder(), Modality.IMAGE);
    fixture.add(new FakeEncoder(), Modality.TEXT);
    fixture.add(FakeModel.of(Modality.IMAGE, "world", 1, imageCalibration));
    fixture.add(FakeModel.of(Modality.TEXT, "world", 1, textCalibration));
    return fixture;
  }

  @Test
  void theLabelWhoseEmbeddingIsNearestIsMostProbable() {
    try (EngineFixture fixture =
        fixture(Map.of("temperature", 0.1, "prompts", List.of("{}")), Map.of())) {
      PromptClassifier classifier = new PromptClassifier(fixture.engine);
      List<LabelProbability> answer = classifier.classify(ITEM, List.of("1", "5", "50"), soon());
      assertThat(answer).extracting(LabelProbability::label).containsExactly("5", "50", "1");
      assertThat(answer.stream().mapToDouble(LabelProbability::probability).sum())
          .isCloseTo(1, within(1e-9));
      // The fake encodes a number x as (x, 1, 1): the cosine of 5 and 50 is 252 / (sqrt(27) 50.02).
      double cosine = (5 * 50 + 2) / Math.sqrt(27.0 * 2502);
      assertThat(answer.get(1).probability() / answer.get(0).probability())
          .isCloseTo(Math.exp((cosine - 1) / 0.1), within(1e-4));
    }
  }

  @Test
  void eachLabelHasAProbabilityOfItsOwnWhereTheModelSaysSo() {
    Map<String, Object> sigmoid =
        Map.of(
            "temperature", 0.1, "probability", "sigmoid", "bias", -9.5, "prompts", List.of("{}"));
    try (EngineFixture fixture = fixture(sigmoid, Map.of())) {
      PromptClassifier classifier = new PromptClassifier(fixture.engine);
      List<LabelProbability> answer = classifier.classify(ITEM, List.of("5", "50"), soon());
      double cosine = (5 * 50 + 2) / Math.sqrt(27.0 * 2502);
      assertThat(answer.get(0).probability()).isCloseTo(1 / (1 + Math.exp(-0.5)), within(1e-4));
      assertThat(answer.get(1).probability())
          .isCloseTo(1 / (1 + Math.exp(9.5 - cosine / 0.1)), within(1e-4));
    }
  }

  @Test
  void aLabelIsTheMeanDirectionOfItsPrompts() {
    // "5" and "45" point to (5,1,1) and (45,1,1); their mean direction lies between.
    try (EngineFixture fixture =
        fixture(Map.of("temperature", 1), Map.of("prompts", List.of("{}", "4{}")))) {
      PromptClassifier classifier = new PromptClassifier(fixture.engine);
      List<LabelProbability> answer = classifier.classify(ITEM, List.of("5", "6"), soon());
      double five = meanCosine(5, 45);
      double six = meanCosine(6, 46);
      assertThat(answer.getFirst().label()).isEqualTo("5");
      assertThat(answer.getFirst().probability())
          .isCloseTo(1 / (1 + Math.exp(six - five)), within(1e-5));
    }
  }

  private static double meanCosine(double first, double second) {
    double a = Math.sqrt(first * first + 2);
    double b = Math.sqrt(second * second + 2);
    double x = first / a + second / b;
    double y = 1 / a + 1 / b;
    return (5 * x + 2 * y) / Math.sqrt(27 * (x * x + 2 * y * y));
  }

  @Test
  void labelsAreEmbeddedOnceAndManyOfThemFit() {
    try (EngineFixture fixture = fixture(Map.of("prompts", List.of("{}")), Map.of())) {
      PromptClassifier classifier = new PromptClassifier(fixture.engine);
      List<String> labels = IntStream.rangeClosed(1, 1_000).mapToObj(Integer::toString).toList();
      assertThat(classifier.classify(ITEM, labels, soon())).hasSize(1_000);
      assertThat(classifier.classify(ITEM, labels, soon())).hasSize(1_000);
      assertThat(fixture.engine.encoders())
          .filteredOn(status -> status.modality().equals(Modality.TEXT))
          .allSatisfy(status -> assertThat(status.requests()).isBetween(1_000L, 1_001L));
    }
  }

  @Test
  void promptsOfTheModalityAreUsedWhereNoModelDeclaresAny() {
    assertThat(PromptTemplates.of(Modality.IMAGE).fill("bell"))
        .containsExactly("bell", "a bell", "a picture of a bell");
    assertThat(PromptTemplates.of(Modality.AUDIO).fill("bell")).contains("the sound of a bell");
  }

  @Test
  void labelsMustBeTwoOrMoreAndDistinct() {
    try (EngineFixture fixture = fixture(Map.of(), Map.of())) {
      PromptClassifier classifier = new PromptClassifier(fixture.engine);
      for (List<String> bad :
          List.of(List.of("1"), List.of("1", "1"), List.of("1", " "), List.<String>of())) {
        assertThatThrownBy(() -> classifier.classify(ITEM, bad, soon()))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  @Test
  void calibrationThatMakesNoSenseIsNamed() {
    try (EngineFixture fixture = fixture(Map.of("prompts", List.of("a picture")), Map.of())) {
      PromptClassifier classifier = new PromptClassifier(fixture.engine);
      assertThatThrownBy(() -> classifier.classify(ITEM, List.of("1", "2"), soon()))
          .isInstanceOf(ModelLoadException.class)
          .hasMessageContaining("templates with {}; got [a picture]");
    }
    try (EngineFixture fixture = fixture(Map.of("probability", "maybe"), Map.of())) {
      PromptClassifier classifier = new PromptClassifier(fixture.engine);
      assertThatThrownBy(() -> classifier.classify(ITEM, List.of("1", "2"), soon()))
          .isInstanceOf(ModelLoadException.class)
          .hasMessage("calibration.probability must be softmax or sigmoid; got 'maybe'");
    }
  }

  @Test
  void withoutATextEncoderInTheSpaceThereIsNothingToCompareWith() {
    try (EngineFixture fixture = new EngineFixture(EngineFixture.impatient())) {
      fixture.add(new FakeEncoder(), Modality.IMAGE);
      fixture.add(FakeModel.of(Modality.IMAGE, "world", 1));
      PromptClassifier classifier = new PromptClassifier(fixture.engine);
      assertThatThrownBy(() -> classifier.classify(ITEM, List.of("1", "2"), soon()))
          .isInstanceOf(ServiceGoneException.class)
          .hasMessageContaining("no encoder for text in space 'world@1'");
    }
  }
}
