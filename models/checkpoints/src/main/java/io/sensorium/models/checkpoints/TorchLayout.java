package io.sensorium.models.checkpoints;

/** What a file of {@code torch.save} holds. */
interface TorchLayout {
  /** What was saved, as {@link PickleMachine} makes it. */
  Object root();

  /**
   * Where a storage begins, counted from the start of the file. All of it lies in the file.
   *
   * @throws io.sensorium.api.ModelLoadException if the file does not hold it
   */
  long offset(TorchStorage storage);
}
