package io.sensorium.language.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.ModelPackage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Cuts text into a package's tokens. Thread-safe; closing waits for calls in progress, since the
 * native tokenizer must not be freed under them.
 */
final class TextTokenizer implements AutoCloseable {
  private final String model;
  private final HuggingFaceTokenizer tokenizer;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  /**
   * @throws ModelLoadException if the package's tokenizer is missing or cannot be read
   */
  TextTokenizer(ModelPackage model) {
    this.model = model.toString();
    Path file = model.file(TokenizerFile.NAME);
    try {
      tokenizer = read(file);
    } catch (IOException | RuntimeException e) {
      throw new ModelLoadException(
          "cannot read %s of model %s: %s".formatted(TokenizerFile.NAME, model, e.getMessage()), e);
    }
  }

  private static HuggingFaceTokenizer read(Path file) throws IOException {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    // DJL looks for its native library through the thread; it lies beside it.
    thread.setContextClassLoader(HuggingFaceTokenizer.class.getClassLoader());
    try {
      return HuggingFaceTokenizer.builder()
          .optTokenizerPath(file)
          .optAddSpecialTokens(false)
          .optTruncation(false)
          .optPadding(false)
          .build();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** The text's tokens, without those that the tokenizer would put around it. */
  List<Integer> encode(String text) {
    return text.isEmpty() ? List.of() : ids(encoding(text, false).getIds());
  }

  /** The tokens that the tokenizer puts before every text. */
  List<Integer> before() {
    Encoding letter = encoding("a", true);
    long[] special = letter.getSpecialTokenMask();
    int count = 0;
    while (count < special.length && special[count] == 1) {
      count++;
    }
    return ids(Arrays.copyOf(letter.getIds(), count));
  }

  private Encoding encoding(String text, boolean withSpecial) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the tokenizer of model " + model + " is closed");
      }
      return tokenizer.encode(text, withSpecial, false);
    } finally {
      lock.readLock().unlock();
    }
  }

  private static List<Integer> ids(long[] ids) {
    List<Integer> result = new ArrayList<>(ids.length);
    for (long id : ids) {
      result.add(Math.toIntExact(id));
    }
    return List.copyOf(result);
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
