package io.sensorium.api.language;

import io.sensorium.api.RequestContext;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.runtime.Reclaimable;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * An open model and the sequences in it, whose memory stays on the device. One thread at a time,
 * but for {@link #exchangedBytes()}.
 */
@ConsumerType
public interface LanguageModel extends AutoCloseable {
  /** The package. */
  ModelPackage model();

  /** How many token ids there are; logits have as many components. */
  int vocabularySize();

  /** Tokens that a sequence may have. */
  int contextLength();

  /** Components of a row that may stand where a token would; 0 if the model takes none. */
  int mediaWidth();

  /** Components of a token's hidden state; 0 if the model gives none. */
  int hiddenWidth();

  /**
   * Begins an empty sequence. The caller closes it.
   *
   * @throws io.sensorium.api.ResourceExhaustedException if as many live as the model was opened for
   */
  Sequence begin();

  /** Answers whether sequences may have additions: the model was opened for it. */
  default boolean isAdaptable() {
    return false;
  }

  /**
   * Begins an empty sequence that has additions. The caller closes it.
   *
   * @throws IllegalStateException if the model was not opened for additions
   * @throws IllegalArgumentException if the adapter is not this model's, or vectors of another size
   *     came
   * @throws io.sensorium.api.ResourceExhaustedException if as many live as the model was opened for
   */
  default Sequence begin(SequenceAdditions additions) {
    if (additions.isNone()) {
      return begin();
    }
    throw new IllegalStateException(
        "%s must be opened as adaptable to have additions".formatted(model()));
  }

  /**
   * Puts a low-rank adapter beside the model. Sequences with different adapters and with none share
   * runs; each of them pays for all adapters that are loaded. The caller closes it.
   *
   * @param adapter borrowed until return
   * @throws IllegalStateException if the model was not opened for additions
   * @throws IllegalArgumentException with the figures, if it does not fit the model
   * @throws io.sensorium.api.ResourceExhaustedException if the memory or the places for it are used
   *     up
   */
  default LoadedAdapter load(LowRankAdapter adapter, RequestContext context) {
    throw new IllegalStateException(
        "%s must be opened as adaptable to load adapter %s".formatted(model(), adapter.name()));
  }

  /**
   * Appends tokens to sequences, each of which may come once, and answers what may follow. Where
   * the model can, all of them share a run. If it throws, no sequence has grown.
   *
   * @return what follows each sequence's last token, in the order of the extensions; the caller's
   * @throws IllegalArgumentException if a sequence would outgrow the context, or is not this
   *     model's, or a token is not in the vocabulary, or hidden states are wanted of a model that
   *     gives none
   * @throws io.sensorium.api.InferenceException if the run fails
   * @throws io.sensorium.api.DeadlineExceededException before a run, or during it
   */
  List<Prediction> extend(List<Extension> extensions, RequestContext context);

  /**
   * Lets others ask for the model's memory when theirs is short, or when it has been idle for long.
   * Without this call it is never asked for.
   *
   * @param holder who can close the model; forgotten when it is closed
   */
  default void reclaimableBy(Reclaimable holder) {}

  /** Bytes that crossed between Java and the device's sessions in all runs so far. */
  long exchangedBytes();

  /** Ends every sequence and gives the memory back. Idempotent. */
  @Override
  void close();
}
