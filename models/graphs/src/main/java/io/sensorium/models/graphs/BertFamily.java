package io.sensorium.models.graphs;

import io.sensorium.api.Modality;
import io.sensorium.models.checkpoints.CheckpointFolder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * A plain checkpoint of {@link BertTrunk}'s kinds, which says nothing about sentences. The graph
 * gives {@code sentence_embedding}, the mean over the tokens as Sentence-Transformers takes it for
 * such a checkpoint, then {@code last_hidden_state} and, if there is a pooler, {@code
 * pooler_output}.
 *
 * @param modelType the {@code model_type} of its configurations
 * @param countsFromPadding whether position embeddings begin behind the padding id
 * @param trunk writes the trunk behind a prefix of tensor names
 */
record BertFamily(
    String modelType, boolean countsFromPadding, BiFunction<Draft, String, BertTrunk> trunk)
    implements Family {
  static final BertFamily BERT = new BertFamily("bert", false, BertTrunk::bert);
  static final BertFamily ROBERTA = new BertFamily("roberta", true, BertTrunk::roberta);
  static final BertFamily XLM_ROBERTA = new BertFamily("xlm-roberta", true, BertTrunk::roberta);
  static final BertFamily CAMEMBERT = new BertFamily("camembert", true, BertTrunk::roberta);

  /** Every one of them. */
  static final List<BertFamily> ALL = List.of(BERT, ROBERTA, XLM_ROBERTA, CAMEMBERT);

  @Override
  public List<TowerAuthor> towers(CheckpointFolder checkpoint) {
    return List.of(new TowerAuthor("text", this::write));
  }

  private Draft.Tower write(Draft draft) {
    BertTrunk written = openTrunk(draft);
    Value states = written.states(0);
    Value mean = new TokenPooling(draft.graph(), written.mask()).mean("pooling", states);
    draft.graph().output("sentence_embedding", mean);
    draft.graph().output("last_hidden_state", states);
    if (written.hasPooler()) {
      draft.graph().output("pooler_output", written.pooled(states));
    }
    return new Draft.Tower(
        Optional.of(Modality.TEXT), Map.of("max_length", written.longestSequence()), Map.of());
  }

  /** The trunk, whichever prefix its tensors have. */
  BertTrunk openTrunk(Draft draft) {
    String prefix =
        draft
            .weights()
            .prefixOf("embeddings.word_embeddings.weight", "", "bert.", "roberta.", "model.");
    return trunk.apply(draft, prefix);
  }
}
