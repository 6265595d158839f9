package io.sensorium.health;

import io.sensorium.api.space.EmbeddingService;
import io.sensorium.api.space.EncoderStatus;
import io.sensorium.api.space.EncoderStatus.State;
import java.util.List;
import java.util.Optional;
import org.apache.felix.hc.api.FormattingResultLog;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** CRITICAL while no encoder of the default space answers, WARN while one is in quarantine. */
@Component(
    service = HealthCheck.class,
    property = {"hc.name=encoders", "hc.tags=sensorium", "hc.tags=readiness"})
public final class EncodersHealthCheck implements HealthCheck {
  private static final String DEFAULT_SPACE = "world";

  private final EmbeddingService embeddings;
  private final String space;

  /** Started by Declarative Services. */
  @Activate
  public EncodersHealthCheck(BundleContext context, @Reference EmbeddingService embeddings) {
    this(
        embeddings,
        Optional.ofNullable(context.getProperty("sensorium.space"))
            .filter(name -> !name.isBlank())
            .orElse(DEFAULT_SPACE));
  }

  EncodersHealthCheck(EmbeddingService embeddings, String space) {
    this.embeddings = embeddings;
    this.space = space;
  }

  @Override
  public Result execute() {
    List<EncoderStatus> encoders = embeddings.encoders();
    FormattingResultLog log = new FormattingResultLog();
    long ready = encoders.stream().filter(EncodersHealthCheck::canAnswer).count();
    log.info("{} of {} encoders are ready", ready, encoders.size());
    if (encoders.stream()
        .noneMatch(encoder -> canAnswer(encoder) && encoder.space().name().equals(space))) {
      log.critical("no encoder of the space '{}' is ready", space);
    }
    encoders.stream()
        .filter(encoder -> encoder.state() == State.QUARANTINED)
        .forEach(
            encoder ->
                log.warn(
                    "the encoder of {} is in quarantine: {}", encoder.model(), encoder.reason()));
    return new Result(log);
  }

  /** What is idle opens for the next request. */
  private static boolean canAnswer(EncoderStatus encoder) {
    return encoder.state() == State.READY || encoder.state() == State.IDLE;
  }
}
