package io.sensorium.encoder.text;

import io.sensorium.api.encoder.ModalityEncoder;
import io.sensorium.api.encoder.Preprocessor;
import io.sensorium.api.media.MediaDecoder;
import io.sensorium.api.model.ModelGraph;
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
    TokenInputs inputs = TokenInputs.of(graph);
    int maxTokens = TokenLimit.of(graph);
    boolean lowerCase = graph.manifest().preprocessing().flag("do_lower_case", false);
    return new TextPreprocessor(
        decoder, new ModelTokenizer(graph.model(), maxTokens, lowerCase), inputs);
  }
}
