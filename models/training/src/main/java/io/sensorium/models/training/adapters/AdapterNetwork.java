package io.sensorium.models.training.adapters;

import io.sensorium.models.training.Parameter;
import java.util.List;
import java.util.random.RandomGenerator;

/** An adapter's parameters and its mathematics as TorchScript text. Immutable. */
sealed interface AdapterNetwork permits Projection, GatedLayers {
  /** The network of a shape before a language model. */
  static AdapterNetwork of(ProjectionShape shape, FrozenDecoder decoder) {
    return shape.addsToLayers()
        ? new GatedLayers(shape, decoder.shape())
        : new Projection(shape, decoder.embeddingScale());
  }

  /** Fresh parameters under their names in the checkpoint. */
  List<Parameter> initialise(RandomGenerator random);

  /**
   * Its methods, for a class whose other methods have other names.
   *
   * @param bfloat16 whether products may be computed in bfloat16
   */
  String script(String module, boolean bfloat16);
}
