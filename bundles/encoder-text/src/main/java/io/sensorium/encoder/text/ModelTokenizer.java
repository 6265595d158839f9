package io.sensorium.encoder.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.UnsupportedInputException;
import io.sensorium.api.model.ModelPackage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A package's {@code tokenizer.json}, with truncation to the model's length and without padding,
 * whatever the file says of either. Thread-safe; closing waits for calls in progress, since the
 * native tokenizer must not be freed under them.
 */
final class ModelTokenizer implements AutoCloseable {
  private static final String FILE = "tokenizer.json";

  /** Far more than words need: what is behind would be truncated after it was tokenized. */
  private static final int MAX_CHARACTERS_PER_TOKEN = 64;

  private final String model;
  private final int maxTokens;
  private final boolean lowerCase;
  private final HuggingFaceTokenizer tokenizer;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  /**
   * @param maxTokens special tokens included
   * @param lowerCase whether text is lower-cased before the tokenizer sees it
   * @throws ModelLoadException if the file is missing or not a tokenizer
   */
  ModelTokenizer(ModelPackage model, int maxTokens, boolean lowerCase) {
    this.model = model.manifest().id();
    this.maxTokens = maxTokens;
    this.lowerCase = lowerCase;
    Path file = model.file(FILE);
    try {
      tokenizer =
          HuggingFaceTokenizer.builder()
              .optTokenizerPath(file)
              .optAddSpecialTokens(true)
              .optTruncation(true)
              .optMaxLength(maxTokens)
              .optPadding(false)
              .build();
    } catch (IOException | RuntimeException e) {
      throw new ModelLoadException(
          "cannot read %s of model %s: %s".formatted(FILE, this.model, e.getMessage()), e);
    }
  }

  /**
   * The text's tokens with the special ones.
   *
   * @param name of the text, for messages
   * @throws UnsupportedInputException if the tokenizer cannot read it
   */
  Encoding encode(String text, String name) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the tokenizer of model " + model + " is closed");
      }
      String beginning = beginning(text);
      Encoding tokens =
          tokenizer.encode(lowerCase ? beginning.toLowerCase(Locale.ROOT) : beginning, true, false);
      if (tokens.getIds().length == 0) {
        throw new UnsupportedInputException(
            "text with at least one token is required; '%s' has none (model %s)"
                .formatted(name, model));
      }
      return tokens;
    } finally {
      lock.readLock().unlock();
    }
  }

  private String beginning(String text) {
    int limit = maxTokens * MAX_CHARACTERS_PER_TOKEN;
    if (text.length() <= limit) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(limit - 1)) ? limit - 1 : limit;
    return text.substring(0, end);
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        tokenizer.close();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
