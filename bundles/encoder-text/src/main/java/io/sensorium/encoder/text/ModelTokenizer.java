package io.sensorium.encoder.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.UnsupportedInputException;
import io.sensorium.api.model.ModelPackage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A package's {@code tokenizer.json}, with truncation to the model's length that keeps the closing
 * special tokens, and without padding, whatever the file says of either. Thread-safe; closing waits
 * for calls in progress, since the native tokenizer must not be freed under them.
 */
final class ModelTokenizer implements AutoCloseable {
  private static final String FILE = "tokenizer.json";

  /** Far more than words need. What is behind would be truncated after it was tokenized. */
  private static final int CHARACTERS_PER_TOKEN = 64;

  /** So much is read of a text that holds next to nothing but white space: a second's work. */
  private static final int LEAST_LIMIT = 1 << 20;

  private final String model;
  private final int maxTokens;
  private final TextCleaning cleaning;
  private final HuggingFaceTokenizer tokenizer;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  /**
   * @param maxTokens special tokens included
   * @param cleaning what is done to text before the tokenizer sees it
   * @throws ModelLoadException if the file is missing or not a tokenizer
   */
  ModelTokenizer(ModelPackage model, int maxTokens, TextCleaning cleaning) {
    this.model = model.manifest().id();
    this.maxTokens = maxTokens;
    this.cleaning = cleaning;
    Path file = model.file(FILE);
    try {
      tokenizer = read(file, maxTokens);
    } catch (IOException | RuntimeException e) {
      throw new ModelLoadException(
          "cannot read %s of model %s: %s".formatted(FILE, this.model, e.getMessage()), e);
    }
  }

  private static HuggingFaceTokenizer read(Path file, int maxTokens) throws IOException {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    // DJL looks for its native library through the thread; it lies beside it.
    thread.setContextClassLoader(HuggingFaceTokenizer.class.getClassLoader());
    try {
      return HuggingFaceTokenizer.builder(Map.of("modelMaxLength", Integer.toString(maxTokens)))
          .optTokenizerPath(file)
          .optAddSpecialTokens(true)
          .optTruncation(true)
          .optMaxLength(maxTokens)
          .optPadding(false)
          .build();
    } finally {
      thread.setContextClassLoader(before);
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
      Encoding tokens = encodeBeginning(text);
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

  /** Tokenizes no more of a long text than its tokens come from. */
  private Encoding encodeBeginning(String text) {
    int expected = CHARACTERS_PER_TOKEN * maxTokens;
    int longest = Math.min(text.length(), Math.max(LEAST_LIMIT, expected));
    for (int end = Math.min(expected, longest); ; end = Math.min(2 * end, longest)) {
      Encoding tokens = tokenizer.encode(cleaning.clean(beginning(text, end)), true, false);
      if (end == longest || tokens.getIds().length >= maxTokens) {
        return tokens;
      }
    }
  }

  /** Not longer than the limit, and up to the end of a word where there is one. */
  private static String beginning(String text, int limit) {
    if (text.length() <= limit) {
      return text;
    }
    for (int end = limit; end > limit / 2; end--) {
      if (Character.isWhitespace(text.charAt(end))) {
        return text.substring(0, end);
      }
    }
    int end = Character.isHighSurrogate(text.charAt(limit - 1)) ? limit - 1 : limit;
    return text.substring(0, end);
  }

  /**
   * The id of a special token.
   *
   * @throws ModelLoadException if the tokenizer has no such token
   */
  long idOf(String token) {
    long[] ids = tokenizer.encode(token, false, false).getIds();
    if (ids.length != 1) {
      throw new ModelLoadException(
          "'%s' must be one token; got %s (model %s)"
              .formatted(token, Arrays.toString(ids), model));
    }
    return ids[0];
  }

  /** How many tokens come before the text behind a prompt, special ones included. */
  long lengthOf(String prompt) {
    if (prompt.isEmpty()) {
      return 0;
    }
    Encoding tokens = tokenizer.encode(cleaning.clean(prompt), true, false);
    long[] special = tokens.getSpecialTokenMask();
    return special.length - (special.length > 0 ? special[special.length - 1] : 0);
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
