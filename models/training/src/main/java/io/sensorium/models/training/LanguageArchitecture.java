package io.sensorium.models.training;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A kind of language model that the recipe can train: its parameters, its mathematics as
 * TorchScript text, and its configuration as Hugging Face writes it. Immutable.
 */
interface LanguageArchitecture {

  /** The number of tokens that the embedding table knows. */
  int vocabulary();

  /**
   * Fresh parameters under their names in the checkpoint. The first is the embedding table {@code
   * [vocabulary, hidden]}.
   */
  List<Parameter> initialise(long seed);

  /**
   * The method {@code logits(self, p: List[Tensor], x: Tensor) -> Tensor} from embedded tokens
   * {@code [n, t, hidden]} to {@code [n, t, vocabulary]}, each from the tokens up to its own, with
   * all methods that it calls.
   *
   * @param module the TorchScript class it becomes part of
   * @param bfloat16 whether products may be computed in bfloat16
   */
  String script(String module, boolean bfloat16);

  /**
   * What goes into {@code config.json}.
   *
   * @param contextLength the longest sequence that training showed
   */
  ObjectNode config(int contextLength);
}
