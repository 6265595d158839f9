package io.sensorium.spring.boot;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.sensorium.api.language.LanguageModelStatus;
import io.sensorium.spring.boot.FollowedMeters.Kind;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What is measured of language models. Stateless. */
final class LanguageMeters {
  private static final List<Kind<LanguageModelStatus>> KINDS =
      List.of(
          gauge("sequences", "Places that it is open for", model -> model.load().sequences()),
          gauge("taken", "Places that requests have", model -> model.load().taken()),
          gauge("kept", "Finished sequences in free places", model -> model.load().kept()),
          gauge("running", "Requests that have places", model -> model.load().running()),
          gauge("waiting", "Requests that wait for places", model -> model.load().waiting()),
          gauge("backlog", "Prompt tokens to be read", model -> model.load().promptBacklog()),
          gauge(
              "tokens.rate",
              "Tokens of answers a second, lately",
              model -> model.load().tokensPerSecond()),
          counter("requests", "Requests answered or failed", model -> model.work().requests()),
          counter("runs", "Runs, shared or not", model -> model.work().runs()),
          counter("tokens.prompt", "Prompt tokens read", model -> model.work().promptTokens()),
          counter(
              "tokens.remembered",
              "Prompt tokens that need not be read",
              model -> model.work().rememberedTokens()),
          counter(
              "prefix.hits",
              "Requests whose prompt began like a kept sequence",
              model -> model.work().prefixHits()),
          counter("tokens.answer", "Tokens of answers", model -> model.work().answerTokens()));

  private LanguageMeters() {}

  static FollowedMeters<LanguageModelStatus> in(MeterRegistry registry) {
    return new FollowedMeters<>(
        registry, model -> Tags.of("model", model.model(), "version", model.modelVersion()), KINDS);
  }

  private static Kind<LanguageModelStatus> gauge(
      String name, String description, ToDoubleFunction<LanguageModelStatus> value) {
    return (registry, tags, model) ->
        Gauge.builder("sensorium.language." + name, model, each -> each.read(value))
            .description(description)
            .tags(tags)
            .register(registry);
  }

  private static Kind<LanguageModelStatus> counter(
      String name, String description, ToDoubleFunction<LanguageModelStatus> value) {
    return (registry, tags, model) ->
        FunctionCounter.builder("sensorium.language." + name, model, each -> each.read(value))
            .description(description)
            .tags(tags)
            .register(registry);
  }
}
