package io.sensorium.it.inside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.Modality;
import io.sensorium.api.RequestContext;
import io.sensorium.api.SensoriumException;
import io.sensorium.api.ServiceGoneException;
import io.sensorium.api.lifecycle.LifecycleEvent;
import io.sensorium.api.lifecycle.LifecycleListener;
import io.sensorium.api.lifecycle.PlugIn;
import io.sensorium.api.lifecycle.Step;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.model.ModelRepository;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.EmbeddingService;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.api.space.EncoderStatus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceRegistration;

/** The life of a sense, by the framework's own means. */
public class ProtocolInside {
  /** Framework property: where the bundles lie. */
  public static final String BUNDLES = "sensorium.it.bundles";

  private static final Modality NUMBERS = new Modality("numbers");

  private final List<LifecycleEvent> events = new CopyOnWriteArrayList<>();
  private final List<Bundle> installed = new CopyOnWriteArrayList<>();
  private ServiceRegistration<LifecycleListener> listening;

  @BeforeEach
  void listen() {
    listening = Inside.context().registerService(LifecycleListener.class, events::add, null);
  }

  @AfterEach
  void uninstall() throws BundleException {
    for (Bundle bundle : installed) {
      if (bundle.getState() != Bundle.UNINSTALLED) {
        bundle.uninstall();
      }
    }
    listening.unregister();
    Inside.await("a clean house", () -> encoder().isEmpty());
  }

  @Test
  void aSenseComesIsReplacedAndGoes() throws Exception {
    Bundle bundle = install("numbers-1.jar");
    Embedding first = embed("1");
    assertThat(embed("1")).isEqualTo(first);
    assertOrdered(steps(PlugIn.Kind.ENCODER, "1"), Step.LOAD, Step.READY);

    try (InputStream second = Files.newInputStream(bundles().resolve("numbers-2.jar"))) {
      bundle.update(second);
    }
    Embedding other = embed("2");
    assertThat(other.cosine(first)).isLessThan(0.9);
    assertOrdered(steps(PlugIn.Kind.ENCODER, "2"), Step.LOAD, Step.READY);

    bundle.uninstall();
    Inside.await("the encoder's end", () -> encoder().isEmpty());
    assertThatThrownBy(this::request)
        .isInstanceOfAny(ServiceGoneException.class, IllegalArgumentException.class)
        .hasMessageContaining(NUMBERS.name());
    assertThat(models().find(NUMBERS.name())).isEmpty();
    Inside.await("the last step", () -> steps(PlugIn.Kind.ENCODER, "2").contains(Step.GONE));
  }

  @Test
  void aPackageThatFailsItsSelfTestLeavesTheOldOneInService() throws Exception {
    install("numbers-1.jar");
    Embedding before = embed("1");
    install("drifting.jar");
    Inside.await(
        "the quarantine",
        () -> events.stream().anyMatch(event -> event.step() == Step.QUARANTINED));
    assertThat(embed("1")).isEqualTo(before);
    assertThat(events)
        .filteredOn(event -> event.step() == Step.QUARANTINED)
        .allSatisfy(event -> assertThat(event.reason()).isNotBlank());
  }

  @Test
  void anEncoderThatCannotOpenIsQuarantinedAndItsReplacementServes() throws Exception {
    Bundle bundle = install("refusing.jar");
    Inside.await(
        "the quarantine",
        () -> {
          ask();
          return encoder()
              .map(EncoderStatus::state)
              .equals(Optional.of(EncoderStatus.State.QUARANTINED));
        });
    assertThat(events)
        .filteredOn(event -> event.step() == Step.QUARANTINED)
        .extracting(LifecycleEvent::reason)
        .anyMatch(reason -> reason.contains("to be refused"));
    try (InputStream good = Files.newInputStream(bundles().resolve("numbers-2.jar"))) {
      bundle.update(good);
    }
    assertThat(embed("2").dimension()).isEqualTo(13);
  }

  private Bundle install(String jar) throws BundleException, IOException {
    Bundle bundle = Inside.context().installBundle(bundles().resolve(jar).toUri().toString());
    installed.add(bundle);
    bundle.start();
    return bundle;
  }

  private static Path bundles() {
    return Path.of(Inside.context().getProperty(BUNDLES));
  }

  /** An answer of that version of the model; waits until it serves. */
  private Embedding embed(String version) {
    Inside.await(
        "version " + version,
        () -> {
          ask();
          return encoder()
              .filter(encoder -> encoder.state() == EncoderStatus.State.READY)
              .filter(encoder -> encoder.modelVersion().equals(version))
              .isPresent();
        });
    return request();
  }

  /** The first request opens an encoder outside the default space; before, nobody knows it. */
  private void ask() {
    try {
      request();
    } catch (SensoriumException | IllegalArgumentException e) {
      assertThat(e).hasMessageContaining(NUMBERS.name());
    }
  }

  private Embedding request() {
    EncodeRequest item = EncodeRequest.of(NUMBERS, MediaInput.ofText("1 2 3 4 5"));
    return Inside.service(EmbeddingService.class)
        .embed(item.in(NUMBERS.name()), RequestContext.within(Duration.ofSeconds(30)));
  }

  private static Optional<EncoderStatus> encoder() {
    return Inside.service(EmbeddingService.class).encoders().stream()
        .filter(encoder -> encoder.modality().equals(NUMBERS))
        .findFirst();
  }

  private static ModelRepository models() {
    return Inside.service(ModelRepository.class);
  }

  private List<Step> steps(PlugIn.Kind kind, String version) {
    return events.stream()
        .filter(event -> event.plugIn().kind() == kind)
        .filter(event -> event.plugIn().name().contains(NUMBERS.name()))
        .filter(event -> event.plugIn().version().equals(version))
        .map(LifecycleEvent::step)
        .toList();
  }

  private static void assertOrdered(List<Step> steps, Step... wanted) {
    assertThat(steps).containsSubsequence(wanted).isSorted();
  }
}
