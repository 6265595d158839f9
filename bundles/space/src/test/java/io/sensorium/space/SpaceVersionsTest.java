package io.sensorium.space;

import static io.sensorium.space.EngineFixture.NUMBERS;
import static io.sensorium.space.EngineFixture.numbers;
import static io.sensorium.space.EngineFixture.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.Modality;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.api.space.SpaceId;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Two versions of one space in service at once. */
class SpaceVersionsTest {
  private static final Modality WORDS = new Modality("words");

  @Test
  void bothVersionsAnswerByNameAndTheWholeOneAnswersTheRest() {
    try (EngineFixture fixture = new EngineFixture()) {
      fixture.ready();
      fixture.add(new FakeEncoder(), WORDS);
      fixture.add(FakeModel.of(WORDS, "world", 1));
      ready(fixture, WORDS, "world@1");

      long newNumbers = fixture.add(in("2", FakeModel.of(NUMBERS, "world", 2)));
      ready(fixture, NUMBERS, "world@2");
      assertThat(space(fixture, NUMBERS, "world")).isEqualTo("world@1");
      assertThat(space(fixture, NUMBERS, "world@2")).isEqualTo("world@2");

      fixture.add(in("2", FakeModel.of(WORDS, "world", 2)));
      ready(fixture, WORDS, "world@2");
      assertThat(space(fixture, NUMBERS, "world")).isEqualTo("world@2");
      assertThat(space(fixture, WORDS, "world")).isEqualTo("world@2");
      assertThat(space(fixture, WORDS, "world@1")).isEqualTo("world@1");
      assertThat(fixture.engine.embed(numbers("5"), soon()).space())
          .isEqualTo(new SpaceId("world", "2"));

      fixture.engine.registry().removePackage(newNumbers);
      assertThat(space(fixture, NUMBERS, "world")).isEqualTo("world@1");
      assertThat(space(fixture, WORDS, "world")).isEqualTo("world@1");
    }
  }

  @Test
  void anOlderVersionThatComesLaterDoesNotTakeOver() {
    try (EngineFixture fixture = new EngineFixture()) {
      fixture.add(new FakeEncoder(), NUMBERS);
      fixture.add(in("10", FakeModel.of(NUMBERS, "world", 10)));
      ready(fixture, NUMBERS, "world@10");
      fixture.add(in("9", FakeModel.of(NUMBERS, "world", 9)));
      ready(fixture, NUMBERS, "world@9");
      assertThat(space(fixture, NUMBERS, "world")).isEqualTo("world@10");
    }
  }

  private static void ready(EngineFixture fixture, Modality modality, String space) {
    assertThat(space(fixture, modality, space)).isEqualTo(space);
  }

  private static String space(EngineFixture fixture, Modality modality, String space) {
    EncodeRequest request = EncodeRequest.of(modality, MediaInput.ofText("5")).in(space);
    return fixture.engine.embed(request, soon()).space().toString();
  }

  private static ModelPackage in(String spaceVersion, ModelPackage model) {
    ModelManifest manifest = model.manifest();
    return new ModelPackage(
        new ModelManifest(
            manifest.id(),
            manifest.version(),
            manifest.task(),
            manifest.architecture(),
            Optional.of(new SpaceId("world", spaceVersion)),
            manifest.licence(),
            manifest.graphs(),
            manifest.calibration(),
            manifest.files()),
        model.folder());
  }
}
