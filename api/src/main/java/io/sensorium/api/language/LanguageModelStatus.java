package io.sensorium.api.language;

import java.util.Objects;

/**
 * One language model in service as it stands now. Immutable.
 *
 * @param model the package's id
 * @param modelVersion the package's version
 * @param open whether it is on its device; if not, the next request opens it
 * @param load what it has to do at this moment
 * @param work what it has done so far, whenever it was open
 */
public record LanguageModelStatus(
    String model, String modelVersion, boolean open, Load load, Work work) {
  public LanguageModelStatus {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(modelVersion, "modelVersion");
    Objects.requireNonNull(load, "load");
    Objects.requireNonNull(work, "work");
  }

  /**
   * What a model has to do.
   *
   * @param sequences places that it is open for; 0 while it is not
   * @param taken places that running requests have
   * @param kept finished sequences that stay in free places, for prompts that begin as they do
   * @param running requests that have places
   * @param waiting requests that have none yet
   * @param promptBacklog tokens of running requests' prompts that are still to be read
   * @param tokensPerSecond of answers, averaged over about the last ten seconds
   */
  public record Load(
      int sequences,
      int taken,
      int kept,
      int running,
      int waiting,
      long promptBacklog,
      double tokensPerSecond) {}

  /**
   * What a model has done.
   *
   * @param requests that were answered or failed
   * @param runs of the model, however many requests shared them
   * @param promptTokens that were read
   * @param rememberedTokens of prompts that need not be read, because a sequence was kept
   * @param prefixHits requests with such tokens
   * @param answerTokens that were made
   */
  public record Work(
      long requests,
      long runs,
      long promptTokens,
      long rememberedTokens,
      long prefixHits,
      long answerTokens) {}
}
