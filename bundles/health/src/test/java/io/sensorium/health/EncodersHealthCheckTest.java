package io.sensorium.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.Modality;
import io.sensorium.api.RequestContext;
import io.sensorium.api.lifecycle.Step;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.EmbeddingService;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.api.space.EncoderStatus;
import io.sensorium.api.space.EncoderStatus.State;
import io.sensorium.api.space.SpaceId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.felix.hc.api.Result;
import org.apache.felix.hc.api.Result.Status;
import org.junit.jupiter.api.Test;

class EncodersHealthCheckTest {
  @Test
  void isOkWhileAnEncoderOfTheDefaultSpaceIsReadyOrOpensWhenAsked() {
    assertThat(check(encoder("world", State.READY, "")).getStatus()).isEqualTo(Status.OK);
    assertThat(check(encoder("world", State.IDLE, "")).getStatus()).isEqualTo(Status.OK);
  }

  @Test
  void isCriticalWhileTheDefaultSpaceHasNoEncoderThatAnswers() {
    assertThat(check().getStatus()).isEqualTo(Status.CRITICAL);

    Result result =
        check(encoder("world", State.STARTING, ""), encoder("elsewhere", State.READY, ""));

    assertThat(result.getStatus()).isEqualTo(Status.CRITICAL);
    assertThat(result.toString()).contains("no encoder of the space 'world' is ready");
  }

  @Test
  void warnsOfAnEncoderInQuarantineAndSaysWhy() {
    Result result =
        check(
            encoder("world", State.READY, ""),
            encoder("world", State.QUARANTINED, "it answers 12 numbers"));

    assertThat(result.getStatus()).isEqualTo(Status.WARN);
    assertThat(result.toString())
        .contains("the encoder of eyes is in quarantine: it answers 12 numbers");
  }

  private static Result check(EncoderStatus... encoders) {
    return new EncodersHealthCheck(new KnownEncoders(List.of(encoders)), "world").execute();
  }

  private static EncoderStatus encoder(String space, State state, String reason) {
    return new EncoderStatus(
        Modality.IMAGE,
        new SpaceId(space, "1"),
        8,
        "eyes",
        "1",
        state,
        "CPUExecutionProvider",
        0,
        0,
        Step.READY,
        Optional.empty(),
        reason,
        7);
  }

  /** Knows encoders, and embeds nothing. */
  private record KnownEncoders(List<EncoderStatus> encoders) implements EmbeddingService {
    @Override
    public CompletableFuture<Embedding> embedAsync(EncodeRequest request, RequestContext context) {
      throw new UnsupportedOperationException("a health check embeds nothing");
    }

    @Override
    public Embedding embed(EncodeRequest request, RequestContext context) {
      throw new UnsupportedOperationException("a health check embeds nothing");
    }

    @Override
    public Optional<Modality> modalityOf(MediaInput input) {
      return Optional.empty();
    }
  }
}
