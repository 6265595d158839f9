package io.sensorium.space;

import static io.sensorium.space.EngineFixture.NUMBERS;
import static io.sensorium.space.EngineFixture.numbers;
import static io.sensorium.space.EngineFixture.soon;
import static io.sensorium.space.EngineFixture.versionOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.Modality;
import io.sensorium.api.ServiceGoneException;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.api.space.EncoderStatus;
import io.sensorium.api.space.SpaceId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SpacesTest {
  private static final Modality MOTION = new Modality("motion");

  @Test
  void packagesOfOneModalityServeSideBySideInTheirSpaces() {
    try (EngineFixture fixture = new EngineFixture()) {
      fixture.ready();
      fixture.add(FakeModel.of(NUMBERS, "other", 7));
      Embedding usual = fixture.engine.embed(numbers("5"), soon());
      Embedding other = fixture.engine.embed(numbers("5").in("other"), soon());
      Embedding exact = fixture.engine.embed(numbers("5").in("other@1"), soon());
      assertThat(usual.space()).isEqualTo(new SpaceId("world", "1"));
      assertThat(other.space()).isEqualTo(new SpaceId("other", "1"));
      assertThat(exact).isEqualTo(other);
      assertThat(versionOf(usual, 1)).isEqualTo(1);
      assertThat(versionOf(other, 1)).isEqualTo(7);
      assertThat(fixture.engine.encoders()).hasSize(2);
    }
  }

  @Test
  void whatIsOutsideTheDefaultSpaceIsOpenedByItsFirstRequest() {
    try (EngineFixture fixture = new EngineFixture(EngineFixture.impatient())) {
      fixture.ready();
      long other = fixture.add(FakeModel.of(NUMBERS, "other", 7));
      int leases = fixture.runtime.openLeases.get();
      EncoderStatus idle = fixture.engine.encoders().getLast();
      assertThat(idle.state()).isEqualTo(EncoderStatus.State.IDLE);
      assertThat(idle.dimension()).isEqualTo(FakeModel.DIMENSION);
      assertThat(idle.model()).isEqualTo("other-numbers");
      assertThatThrownBy(() -> fixture.engine.embed(numbers("5").in("moon"), soon()))
          .hasMessageContaining("numbers in other@1 by other-numbers 7 (IDLE)");

      assertThat(versionOf(fixture.engine.embed(numbers("5").in("other"), soon()), 1)).isEqualTo(7);
      assertThat(fixture.runtime.openLeases.get()).isEqualTo(leases + 1);
      fixture.awaitReady("7");

      long newer = fixture.add(FakeModel.of(NUMBERS, "other", 8));
      fixture.awaitReady("8");
      fixture.engine.registry().removePackage(other);
      fixture.engine.registry().removePackage(newer);
      fixture.add(FakeModel.of(NUMBERS, "other", 9));
      assertThat(fixture.engine.encoders().getLast().state()).isEqualTo(EncoderStatus.State.IDLE);
    }
  }

  @Test
  void anUnknownSpaceOrModalityIsRefusedWithWhatThereIs() {
    try (EngineFixture fixture = new EngineFixture(EngineFixture.impatient())) {
      fixture.ready();
      assertThatThrownBy(() -> fixture.engine.embed(numbers("5").in("moon"), soon()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "no such space: 'moon'; installed: numbers in world@1 by world-numbers 1 (READY)");
      EncodeRequest motion = EncodeRequest.of(MOTION, MediaInput.ofText("5"));
      assertThatThrownBy(() -> fixture.engine.embed(motion, soon()))
          .isInstanceOf(ServiceGoneException.class)
          .hasMessageContaining("no encoder for motion in space 'world'; installed: numbers");
    }
  }

  @Test
  void aSpaceWhoseEncoderHasLeftIsGoneAndNotUnknown() {
    try (EngineFixture fixture = new EngineFixture(EngineFixture.impatient())) {
      fixture.ready();
      long other = fixture.add(FakeModel.of(NUMBERS, "other", 7));
      fixture.engine.embed(numbers("5").in("other"), soon());
      fixture.engine.registry().removePackage(other);
      assertThatThrownBy(() -> fixture.engine.embed(numbers("5").in("other"), soon()))
          .isInstanceOf(ServiceGoneException.class)
          .hasMessageContaining("no encoder for numbers in space 'other'");
    }
  }

  @Test
  void theStrongestClaimDecidesTheModality() {
    try (EngineFixture fixture = new EngineFixture()) {
      fixture.add(new FakeEncoder(), Modality.IMAGE, "image/*");
      fixture.add(new FakeEncoder(), Modality.AUDIO, "audio/*");
      fixture.add(new FakeEncoder(), Modality.TEXT, "text/*");
      fixture.add(new FakeEncoder(), MOTION, "*.motion.csv", "*.imu");
      fixture.add(new FakeEncoder(), new Modality("table"), "*.csv");
      assertThat(modality(fixture, "a.txt", "hello")).contains(Modality.TEXT);
      assertThat(modality(fixture, "walk.motion.csv", "1,2")).contains(MOTION);
      assertThat(modality(fixture, "folder.motion/WALK.Motion.CSV", "1,2")).contains(MOTION);
      assertThat(modality(fixture, "sums.csv", "1,2")).contains(new Modality("table"));
      assertThat(modality(fixture, "mislabelled.png", "WAV")).contains(Modality.AUDIO);
      assertThat(modality(fixture, "photo", "PNG")).contains(Modality.IMAGE);
      assertThat(modality(fixture, "binary.imu", "?")).contains(MOTION);
      assertThat(modality(fixture, "binary.bin", "?")).isEmpty();
    }
  }

  @Test
  void anItemOfAnIdentifiedKindNeedsAnEncoder() {
    try (EngineFixture fixture = new EngineFixture()) {
      assertThat(modality(fixture, "a.txt", "hello")).isEmpty();
      fixture.add(new FakeEncoder(), Modality.TEXT);
      assertThat(modality(fixture, "a.txt", "hello")).contains(Modality.TEXT);
    }
  }

  private static Optional<Modality> modality(EngineFixture fixture, String name, String content) {
    ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
    return fixture.engine.modalityOf(new MediaInput(name, bytes));
  }
}
