package io.sensorium.models.graphs;

import java.util.Optional;

/**
 * The part that the vision towers of image-text models share: patches, positions and pre-norm
 * blocks, up to the norm that the families place differently.
 *
 * @param patches the convolution that embeds patches
 * @param biasedPatches whether it has a bias
 * @param classToken {@code [d]}, put before the patches
 * @param positions the table, {@code [classToken + patches, d]}
 * @param firstNorm over patches and positions, before the blocks
 * @param blocks prefix of the blocks' names, before their number
 * @param parts what the family calls the parts of a block
 */
record VisionTrunk(
    String patches,
    boolean biasedPatches,
    Optional<String> classToken,
    String positions,
    Optional<String> firstNorm,
    String blocks,
    BlockNames parts) {

  /**
   * Writes the input {@code pixel_values [n, c, rows, columns]} and the blocks.
   *
   * @param kept how many of the first tokens are wanted, 0 for all
   */
  PreNormEncoder.States write(Draft draft, EncoderShape shape, PatchGrid grid, long kept) {
    Value tokens = tokens(draft, shape.width(), grid);
    Value normed =
        firstNorm
            .map(norm -> draft.layers().layerNorm(norm, tokens, shape.epsilon()))
            .orElse(tokens);
    return new PreNormEncoder(shape, parts, true).states(draft, normed, blocks, kept);
  }

  private Value tokens(Draft draft, int width, PatchGrid grid) {
    Value embedded = grid.patches(draft, patches, width, biasedPatches);
    PositionTable table =
        grid.positions(classToken.isPresent() ? 1 : 0, PositionTable.Filter.BICUBIC);
    Value places = table.write(draft, positions, grid.cells(), table.rows(), width);
    return classToken
        .map(name -> draft.operators().reshape(name, draft.weights().get(name, width), 1, 1, width))
        .map(token -> draft.withSpecialTokens(positions, token, embedded, places))
        .orElseGet(() -> draft.operators().add(positions, embedded, places));
  }
}
