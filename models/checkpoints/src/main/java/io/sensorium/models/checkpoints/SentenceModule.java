package io.sensorium.models.checkpoints;

/**
 * One step of a Sentence-Transformers model, as {@code modules.json} lists it. Immutable.
 *
 * @param kind the last part of its type: {@code Transformer}, {@code Pooling}, {@code Dense},
 *     {@code Normalize}, ...
 * @param folder where its files are, relative to the checkpoint's folder; empty for the folder
 *     itself
 */
public record SentenceModule(String kind, String folder) {
  /** A file of this module, relative to the checkpoint's folder. */
  public String file(String name) {
    return folder.isEmpty() ? name : folder + "/" + name;
  }
}
