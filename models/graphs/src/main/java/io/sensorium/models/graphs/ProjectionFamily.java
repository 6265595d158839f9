package io.sensorium.models.graphs;

import io.sensorium.models.checkpoints.CheckpointFolder;
import java.util.List;
import java.util.Optional;

/**
 * Projection adapters, {@code projection}: from what an encoder says of an item to rows that stand
 * where a frozen language model's tokens would.
 *
 * <p>{@code linear} and {@code mlp} project every feature by itself (Liu et al., "Improved
 * Baselines with Visual Instruction Tuning", arXiv:2310.03744); {@code one_token} is a linear layer
 * over the embedding (Wu et al., "NExT-GPT", arXiv:2309.05519); in {@code query} learned queries
 * attend to the features (after Li et al., "BLIP-2", arXiv:2301.12597). The graph reads {@code
 * token_states [n, tokens, width]} and {@code embedding [n, width]} as far as it needs them, and
 * gives {@code media_embeds [n, rows, width]}. {@code zero_gated} gives none: see {@link
 * ZeroGatedGraph}.
 */
final class ProjectionFamily implements Family {
  @Override
  public String modelType() {
    return "projection";
  }

  @Override
  public List<TowerAuthor> towers(CheckpointFolder checkpoint) {
    return List.of(new TowerAuthor("projection", ProjectionFamily::write));
  }

  private static Draft.Tower write(Draft draft) {
    if (draft.config().text("kind", "").equals(ZeroGatedGraph.KIND)) {
      ZeroGatedGraph.read(draft).write();
    } else {
      new ProjectionGraph(draft, ProjectionShape.read(draft.config()), "").write();
    }
    return new Draft.Tower(
        Optional.empty(), ProjectionShape.declaration(draft.config()), java.util.Map.of());
  }
}
