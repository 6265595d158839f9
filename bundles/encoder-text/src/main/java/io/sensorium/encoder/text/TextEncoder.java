package io.sensorium.encoder.text;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.encoder.ModalityEncoder;
import io.sensorium.api.encoder.Preprocessor;
import io.sensorium.api.media.MediaDecoder;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.model.Settings;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Reads text for every package that brings its {@code tokenizer.json}. */
@Component(property = {ModalityEncoder.MODALITY + "=text", ModalityEncoder.ACCEPTS + "=text/*"})
public final class TextEncoder implements ModalityEncoder {
  private final MediaDecoder decoder;

  @Activate
  public TextEncoder(@Reference MediaDecoder decoder) {
    this.decoder = decoder;
  }

  @Override
  public Preprocessor open(ModelGraph graph) {
    TokenInputs.check(graph);
    Settings settings = graph.manifest().preprocessing();
    String prompt = defaultPrompt(graph, settings);
    requireRightTruncation(graph);
    int maxTokens = TokenLimit.of(graph);
    ModelTokenizer tokenizer =
        new ModelTokenizer(graph.model(), maxTokens, TextCleaning.of(settings));
    try {
      TokenPadding padding = TokenPadding.of(graph, maxTokens, tokenizer);
      TokenInputs inputs = TokenInputs.of(graph, padding, tokenizer.lengthOf(prompt));
      return new TextPreprocessor(decoder, tokenizer, inputs, prompt);
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  /** The prompt that {@code default_prompt_name} chooses among {@code prompts}, or none. */
  private static String defaultPrompt(ModelGraph graph, Settings settings) {
    Optional<Object> name = settings.find("default_prompt_name");
    if (name.isEmpty()) {
      return "";
    }
    if (settings.find("prompts").orElse(null) instanceof Map<?, ?> prompts
        && prompts.get(name.get()) instanceof String prompt) {
      return prompt;
    }
    throw new ModelLoadException(
        "default_prompt_name must be one of prompts; got '%s' (model %s)"
            .formatted(name.get(), graph));
  }

  private static void requireRightTruncation(ModelGraph graph) {
    String side =
        PackageJson.value(graph.model(), "tokenizer_config.json", "truncation_side")
            .asText("right");
    if (!side.equals("right")) {
      throw new ModelLoadException(
          "truncation_side must be right; got '%s' (model %s)".formatted(side, graph));
    }
  }
}
