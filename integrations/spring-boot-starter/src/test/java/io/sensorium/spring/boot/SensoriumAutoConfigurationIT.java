package io.sensorium.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.search.RequiredSearch;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sensorium.api.Modality;
import io.sensorium.api.language.DecodingOptions;
import io.sensorium.api.language.GenerationRequest;
import io.sensorium.api.language.Prompt;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.host.api.IndexProgress;
import io.sensorium.host.api.SearchRequest;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.api.SensoriumOptions;
import io.sensorium.spring.ai.SensoriumEmbeddingModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Applications around the packaged host. */
@Timeout(300)
class SensoriumAutoConfigurationIT {
  @TempDir private static Path folder;

  private final ApplicationContextRunner application =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  SensoriumAutoConfiguration.class,
                  SensoriumHealthAutoConfiguration.class,
                  SensoriumMetricsAutoConfiguration.class,
                  SensoriumSpringAiAutoConfiguration.class,
                  MetricsAutoConfiguration.class,
                  SimpleMetricsExportAutoConfiguration.class))
          .withPropertyValues(
              "sensorium.home=" + folder.resolve("home"), "sensorium.request-timeout=50s");

  @Test
  void anApplicationHasOneHostThatAnswersIsUpIsMeasuredAndEndsWithIt() {
    for (int round = 0; round < 2; round++) {
      Sensorium[] seen = new Sensorium[1];
      application.run(
          context -> {
            Sensorium sensorium = context.getBean(Sensorium.class);
            seen[0] = sensorium;
            assertThat(sensorium.options().requestTimeout()).isEqualTo(Duration.ofSeconds(50));
            assertThat(sensorium.embed(EncodeRequest.text("a bell")).dimension()).isEqualTo(128);
            index(sensorium);
            assertUp(context.getBean("sensoriumHealthIndicator", HealthIndicator.class));
            MeterRegistry registry = context.getBean(MeterRegistry.class);
            assertThat(registry.get("sensorium.index.items").gauge().value()).isEqualTo(2);
            assertThat(registry.get("sensorium.index.writable").gauge().value()).isEqualTo(1);
            assertThat(
                    registry
                        .get("sensorium.encoder.state")
                        .tags("modality", "text", "space", "world@1", "state", "ready")
                        .gauge()
                        .value())
                .isEqualTo(1);
          });
      assertThatThrownBy(seen[0]::bundles).isInstanceOf(IllegalStateException.class);
    }
  }

  private static void index(Sensorium sensorium) throws IOException {
    Path media = Files.createDirectories(folder.resolve("media"));
    Files.writeString(media.resolve("bells.txt"), "three red bells");
    Files.writeString(media.resolve("drum.txt"), "a large blue drum");
    sensorium.index(List.of(media), IndexProgress.NONE);
    assertThat(sensorium.search(SearchRequest.text("three bells in red")).getFirst().entry().path())
        .endsWith("bells.txt");
  }

  private static void assertUp(HealthIndicator indicator) {
    Health health = indicator.health();
    assertThat(health.getStatus()).isEqualTo(Status.UP);
    assertThat(health.getDetails()).containsEntry("space", "world");
    assertThat(health.getDetails().get("encoders"))
        .isEqualTo(Map.of("idle", 0, "starting", 0, "ready", 3, "draining", 0, "quarantined", 0));
    assertThat(health.getDetails().get("index").toString()).contains("items=2", "writable=true");
  }

  @Test
  void metersFollowTheEncodersAndLeaveWithTheHost() throws InterruptedException {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    try (Sensorium sensorium = Sensorium.start(SensoriumOptions.at(folder.resolve("home")));
        SensoriumMetrics metrics = new SensoriumMetrics(sensorium, Duration.ofMillis(5))) {
      metrics.bindTo(registry);
      sensorium.embed(EncodeRequest.text("a bell"));
      sensorium.embed(EncodeRequest.text("a drum"));
      await(() -> requests(registry) >= 2);
      assertThat(
              registry.get("sensorium.encoder.batch.mean").tag("modality", "text").gauge().value())
          .isGreaterThanOrEqualTo(1);

      sensorium.uninstallBundle("sensorium-encoder-text");
      await(
          () ->
              registry
                  .find("sensorium.encoder.requests")
                  .tag("modality", "text")
                  .functionCounters()
                  .isEmpty());
      assertThat(registry.get("sensorium.encoder.requests").functionCounters()).hasSize(2);
      assertThat(sensorium.encoders()).noneMatch(e -> e.modality().equals(Modality.TEXT));
      Health health = new SensoriumHealthIndicator(sensorium).health();
      assertThat(health.getDetails().get("encoders").toString()).contains("ready=2");
    }
    assertThat(registry.getMeters()).isEmpty();
  }

  @Test
  void languageModelsAreMeasured() throws InterruptedException {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    try (Sensorium sensorium = Sensorium.start(SensoriumOptions.at(folder.resolve("home")));
        SensoriumMetrics metrics = new SensoriumMetrics(sensorium, Duration.ofMillis(5))) {
      metrics.bindTo(registry);
      Prompt prompt = Prompt.question("How many bells are there, and what colour are they?");
      GenerationRequest request =
          new GenerationRequest("lm-default", prompt, DecodingOptions.greedy(12));
      int made = sensorium.generate(request, piece -> {}).tokenIds().size();
      made += sensorium.generate(request, piece -> {}).tokenIds().size();
      int all = made;
      await(() -> language(registry, "tokens.answer").functionCounter().count() == all);
      assertThat(language(registry, "requests").functionCounter().count()).isEqualTo(2);
      assertThat(language(registry, "prefix.hits").functionCounter().count()).isEqualTo(1);
      assertThat(language(registry, "tokens.remembered").functionCounter().count())
          .isGreaterThanOrEqualTo(8);
      assertThat(language(registry, "sequences").gauge().value()).isPositive();
      assertThat(language(registry, "kept").gauge().value()).isPositive();
      assertThat(language(registry, "tokens.rate").gauge().value()).isPositive();
      await(() -> language(registry, "running").gauge().value() == 0);
    }
    assertThat(registry.getMeters()).isEmpty();
  }

  private static RequiredSearch language(MeterRegistry registry, String name) {
    return registry.get("sensorium.language." + name).tag("model", "lm-default");
  }

  private static double requests(MeterRegistry registry) {
    return registry
        .get("sensorium.encoder.requests")
        .tag("modality", "text")
        .functionCounter()
        .count();
  }

  private static void await(java.util.function.BooleanSupplier condition)
      throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time until the meters follow").isLessThan(deadline);
      Thread.sleep(5);
    }
  }

  @Test
  void aClosedHostIsDown() {
    Sensorium sensorium =
        Sensorium.start(SensoriumOptions.at(folder.resolve("home")).withoutAwaitingEncoders());
    sensorium.close();
    Health health = new SensoriumHealthIndicator(sensorium).health();
    assertThat(health.getStatus()).isEqualTo(Status.DOWN);
    assertThat(health.getDetails().get("error").toString()).contains("the host is closed");
  }

  @Test
  void springAiEmbedsWithTheHostUnlessAnotherModelIsChosen() {
    application.run(
        context -> {
          EmbeddingModel model = context.getBean(EmbeddingModel.class);
          assertThat(model).isInstanceOf(SensoriumEmbeddingModel.class);
          assertThat(model.embed("a bell")).hasSize(128);
        });
    application
        .withPropertyValues("spring.ai.model.embedding=openai")
        .run(context -> assertThat(context).doesNotHaveBean(EmbeddingModel.class));
  }

  @Test
  void withoutTheOtherLibrariesThereIsTheHostAlone() {
    application
        .withClassLoader(
            new FilteredClassLoader(
                "io.micrometer", "org.springframework.boot.health", "org.springframework.ai"))
        .run(
            context -> {
              assertThat(context).hasSingleBean(Sensorium.class);
              assertThat(context).doesNotHaveBean(SensoriumHealthIndicator.class);
              assertThat(context).doesNotHaveBean("sensoriumMetrics");
              assertThat(context).doesNotHaveBean("sensoriumEmbeddingModel");
            });
  }

  @Test
  void theApplicationsOwnHostOrOptionsComeFirst() {
    application
        .withUserConfiguration(OwnHost.class)
        .run(
            context -> {
              assertThat(context).hasSingleBean(Sensorium.class);
              assertThat(context).hasBean("own").doesNotHaveBean(SensoriumOptions.class);
            });
    application
        .withUserConfiguration(OwnOptions.class)
        .run(
            context ->
                assertThat(context.getBean(Sensorium.class).options().requestTimeout())
                    .isEqualTo(Duration.ofSeconds(7)));
  }

  @Test
  void nothingIsStartedWhenDisabledAndWrongValuesAreNamed() {
    application
        .withPropertyValues("sensorium.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(Sensorium.class).hasNotFailed());
    application
        .withPropertyValues("sensorium.device=tpu")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessageContaining("a device must be cpu, cuda, cuda:n or auto; got 'tpu'"));
  }

  @Test
  void editorsKnowTheProperties() throws IOException {
    try (InputStream in =
        SensoriumProperties.class.getResourceAsStream(
            "/META-INF/spring-configuration-metadata.json")) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
          .contains(
              "sensorium.enabled",
              "sensorium.home",
              "sensorium.device",
              "sensorium.space",
              "sensorium.start-timeout",
              "sensorium.request-timeout",
              "sensorium.bundles",
              "How long one request may take.");
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class OwnHost {
    @Bean(destroyMethod = "close")
    Sensorium own() {
      return Sensorium.start(SensoriumOptions.at(folder.resolve("home")).withoutAwaitingEncoders());
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class OwnOptions {
    @Bean
    SensoriumOptions ownOptions() {
      return SensoriumOptions.at(folder.resolve("home"))
          .withTimeouts(Duration.ofMinutes(2), Duration.ofSeconds(7));
    }
  }
}
