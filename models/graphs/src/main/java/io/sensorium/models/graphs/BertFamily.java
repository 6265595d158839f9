package io.sensorium.models.graphs;

import io.sensorium.api.Modality;
import io.sensorium.models.checkpoints.CheckpointFolder;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A plain checkpoint of {@link BertTrunk}'s kinds, which says nothing about sentences. The graph
 * gives {@code sentence_embedding}, the mean over the tokens as Sentence-Transformers takes it for
 * such a checkpoint, then {@code last_hidden_state} and, if there is a pooler, {@code
 * pooler_output}.
 *
 * @param modelType the {@code model_type} of its configurations
 * @param variant which of the trunks it has
 */
record BertFamily(String modelType, BertVariant variant) implements Family {
  static final BertFamily BERT = new BertFamily("bert", BertVariant.BERT);
  static final BertFamily ROBERTA = new BertFamily("roberta", BertVariant.ROBERTA);
  static final BertFamily XLM_ROBERTA = new BertFamily("xlm-roberta", BertVariant.ROBERTA);
  static final BertFamily CAMEMBERT = new BertFamily("camembert", BertVariant.ROBERTA);
  static final BertFamily DISTILBERT = new BertFamily("distilbert", BertVariant.DISTILBERT);
  static final BertFamily MPNET = new BertFamily("mpnet", BertVariant.MPNET);

  /** Every one of them. */
  static final List<BertFamily> ALL =
      List.of(BERT, ROBERTA, XLM_ROBERTA, CAMEMBERT, DISTILBERT, MPNET);

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
            .prefixOf(
                "embeddings.word_embeddings.weight",
                "",
                "bert.",
                "roberta.",
                "model.",
                "distilbert.",
                "mpnet.");
    return new BertTrunk(draft, prefix, variant);
  }
}
