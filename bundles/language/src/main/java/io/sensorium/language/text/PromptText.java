package io.sensorium.language.text;

import io.sensorium.api.language.PromptPart;
import io.sensorium.api.model.ModelPackage;

/** Writes the parts of a prompt. Thread-safe. */
record PromptText(
    ModelPackage model,
    TokenizerVocabulary vocabulary,
    TextTokenizer tokenizer,
    PromptLimits limits) {
  /** Appends a part. */
  void write(PromptPart part, PromptWriter writer) {
    switch (part) {
      case PromptPart.Text text -> write(text.text(), writer);
      case PromptPart.Tokens tokens -> writer.tokens(tokens.ids());
      case PromptPart.Media media -> writer.media(media.sense(), media.rows());
    }
  }

  /** Appends a text's tokens. */
  void write(String text, PromptWriter writer) {
    long longest = (long) limits.contextLength() * vocabulary.longestToken();
    if (text.length() > longest) {
      throw limits.tooLong(
          "%d characters, more than %d tokens stand for"
              .formatted(text.length(), limits.contextLength()));
    }
    writer.tokens(tokenizer.encode(wellFormed(text, model)));
  }

  /**
   * Answers a text.
   *
   * @throws IllegalArgumentException if it has half a surrogate pair
   */
  static String wellFormed(String text, ModelPackage model) {
    int place = 0;
    while (place < text.length()) {
      int point = text.codePointAt(place);
      if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
        throw new IllegalArgumentException(
            "text must be well-formed Unicode; found the unpaired surrogate U+%04X at %d (model %s)"
                .formatted(point, place, model));
      }
      place += Character.charCount(point);
    }
    return text;
  }
}
