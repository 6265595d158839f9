package io.sensorium.language.text;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.language.Prompt;
import io.sensorium.api.language.PromptPart;
import io.sensorium.api.model.ModelPackage;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A language model's side towards text: its tokenizer, its vocabulary, the tokens that begin and
 * end texts, and its chat template, as the package's files say. Thread-safe; the caller closes it,
 * which waits for calls in progress.
 */
public final class ModelText implements AutoCloseable {
  private final ModelPackage model;
  private final TokenizerVocabulary vocabulary;
  private final TextTokenizer tokenizer;
  private final SpecialTokens special;
  private final List<Integer> begin;
  private final Optional<ChatTemplate> template;

  private ModelText(ModelPackage model, TokenizerVocabulary vocabulary, TextTokenizer tokenizer) {
    this.model = model;
    this.vocabulary = vocabulary;
    this.tokenizer = tokenizer;
    this.special = SpecialTokens.of(model, vocabulary);
    this.begin = special.begin(tokenizer.before());
    this.template = ChatTemplate.of(model, special);
  }

  /**
   * Opens a package's tokenizer. Takes seconds for a large vocabulary.
   *
   * @param vocabularySize how many ids the model has logits for
   * @throws ModelLoadException if the package has no tokenizer, if that has more ids than the model
   *     has logits, or fewer than padding explains, or if a file that belongs to it cannot be read
   */
  public static ModelText open(ModelPackage model, int vocabularySize) {
    TokenizerVocabulary vocabulary = TokenizerVocabulary.read(model, vocabularySize);
    TextTokenizer tokenizer = new TextTokenizer(model);
    try {
      return new ModelText(model, vocabulary, tokenizer);
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  /** The model's tokens. */
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  /** The tokens with which the model ends a text; none if its files name none. */
  public Set<Integer> endTokens() {
    return special.end();
  }

  /**
   * Ids that the model has logits for and the tokenizer does not know, mostly because the model's
   * table was padded to a round number of rows. They stand for nothing.
   */
  public Set<Integer> unknownTokens() {
    return vocabulary.unknown();
  }

  /** Begins a text of the model's tokens. */
  public TextPieces pieces() {
    return new TextPieces(vocabulary, false);
  }

  /**
   * Begins the text of an answer. After a raw prompt it goes on within the prompt's text, so that
   * the space before its first word is told; in a chat it stands for itself.
   *
   * @param healing what was done to the prompt's end
   * @param stops texts before which it ends, none empty
   */
  public AnswerText answer(Prompt prompt, Optional<TokenHealing> healing, List<String> stops) {
    boolean goesOn = prompt instanceof Prompt.Raw || healing.isPresent();
    int repeated = healing.map(healed -> healed.removed().length()).orElse(0);
    return new AnswerText(new TextPieces(vocabulary, goesOn), repeated, stops);
  }

  /**
   * Cuts a text into tokens, without those that begin or end texts.
   *
   * @throws IllegalArgumentException if the text is no well-formed Unicode
   */
  public List<Integer> encode(String text) {
    return tokenizer.encode(PromptText.wellFormed(text, model));
  }

  /**
   * Writes a prompt as tokens and rows of media. A raw prompt begins with the tokens that the
   * tokenizer puts before every text, unless it begins with ids; a chat is written by the model's
   * chat template, which names them itself.
   *
   * @param contextLength places that the prompt may take
   * @param mediaWidth components of a row of media, 0 if the model reads none
   * @throws IllegalArgumentException if the prompt is empty, longer than the context or malformed,
   *     or if the model has no chat template, or one that does not take the conversation
   */
  public PromptTokens encode(Prompt prompt, int contextLength, int mediaWidth) {
    PromptLimits limits =
        new PromptLimits(model.toString(), vocabulary.size(), contextLength, mediaWidth);
    PromptText text = new PromptText(model, vocabulary, tokenizer, limits);
    PromptWriter writer = new PromptWriter(limits);
    switch (prompt) {
      case Prompt.Raw(List<PromptPart> parts) -> {
        boolean hasContent = !parts.isEmpty() && !parts.equals(List.of(new PromptPart.Text("")));
        if (hasContent && !(parts.getFirst() instanceof PromptPart.Tokens)) {
          writer.tokens(begin);
        }
        parts.forEach(part -> text.write(part, writer));
      }
      case Prompt.Chat chat -> requireTemplate().write(chat, text, writer);
    }
    return writer.prompt();
  }

  private ChatTemplate requireTemplate() {
    return template.orElseThrow(
        () ->
            new IllegalArgumentException(
                "model %s has no chat template; give a raw prompt".formatted(model)));
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
