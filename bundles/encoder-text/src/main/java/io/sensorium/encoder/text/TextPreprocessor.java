package io.sensorium.encoder.text;

import io.sensorium.api.encoder.Preprocessor;
import io.sensorium.api.media.MediaDecoder;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.media.MediaLimits;
import io.sensorium.api.tensor.Tensor;
import java.util.Map;

/** Bytes to text to tokens to tensors. Thread-safe. */
final class TextPreprocessor implements Preprocessor {
  private final MediaDecoder decoder;
  private final ModelTokenizer tokenizer;
  private final TokenInputs inputs;
  private final String prompt;

  /**
   * @param tokenizer closed with this
   * @param prompt put before every text
   */
  TextPreprocessor(
      MediaDecoder decoder, ModelTokenizer tokenizer, TokenInputs inputs, String prompt) {
    this.decoder = decoder;
    this.tokenizer = tokenizer;
    this.inputs = inputs;
    this.prompt = prompt;
  }

  @Override
  public Map<String, Tensor> prepare(MediaInput input) {
    String text = decoder.decodeText(input, MediaLimits.DEFAULT);
    return inputs.tensors(tokenizer.encode(prompt + text, input.name()));
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
