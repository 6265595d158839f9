package io.sensorium.language;

import io.sensorium.api.language.LanguageModel;
import io.sensorium.api.language.Prompt;
import io.sensorium.api.language.PromptPart;
import io.sensorium.language.scheduling.OpenedModel;
import io.sensorium.language.schema.SchemaConstraints;
import io.sensorium.language.text.ModelText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A model that is open, and its side towards text. The latter is thread-safe. */
final class OpenLanguage implements OpenedModel {
  private static final String TOKENIZER = "tokenizer.json";

  private final LanguageModel model;
  private final int sequences;
  private final Optional<ModelText> text;

  // Guarded by this: it takes a while, and few ask for it.
  private Optional<SchemaConstraints> schemas = Optional.empty();

  private OpenLanguage(LanguageModel model, int sequences, Optional<ModelText> text) {
    this.model = model;
    this.sequences = sequences;
    this.text = text;
  }

  /** Takes over the model, which is closed if its files cannot be read. */
  static OpenLanguage of(LanguageModel model, int sequences) {
    try {
      boolean hasTokenizer =
          model.model().manifest().files().stream().anyMatch(file -> file.path().equals(TOKENIZER));
      return new OpenLanguage(
          model,
          sequences,
          hasTokenizer
              ? Optional.of(ModelText.open(model.model(), model.vocabularySize()))
              : Optional.empty());
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /** Runs on the thread that opened it. */
  @Override
  public LanguageModel model() {
    return model;
  }

  @Override
  public int sequences() {
    return sequences;
  }

  /** Empty for a package without a tokenizer, which reads and makes ids alone. */
  Optional<ModelText> text() {
    return text;
  }

  /** What JSON schemas leave of the model's vocabulary; it must have a tokenizer. */
  synchronized SchemaConstraints schemas() {
    if (schemas.isEmpty()) {
      schemas = Optional.of(new SchemaConstraints(text.orElseThrow().vocabulary()));
    }
    return schemas.get();
  }

  /**
   * Reads a prompt without a tokenizer.
   *
   * @throws IllegalArgumentException if it has words, or nothing, or other ids than the model's
   */
  List<Integer> ids(Prompt prompt) {
    if (!(prompt instanceof Prompt.Raw(List<PromptPart> parts))) {
      throw wordless();
    }
    List<Integer> ids = new ArrayList<>();
    for (PromptPart part : parts) {
      if (!(part instanceof PromptPart.Tokens(List<Integer> some))) {
        throw wordless();
      }
      ids.addAll(some);
    }
    for (int id : ids) {
      if (id < 0 || id >= model.vocabularySize()) {
        throw new IllegalArgumentException(
            "a prompt's token ids must be in 0..%d; found %d (model %s)"
                .formatted(model.vocabularySize() - 1, id, model.model()));
      }
    }
    if (ids.isEmpty()) {
      throw new IllegalArgumentException(
          "a prompt must have at least one token; got none (model %s)".formatted(model.model()));
    }
    return ids;
  }

  private IllegalArgumentException wordless() {
    return new IllegalArgumentException(
        "model %s has no tokenizer: give token ids instead of words".formatted(model.model()));
  }

  @Override
  public void close() {
    text.ifPresent(ModelText::close);
    model.close();
  }
}
