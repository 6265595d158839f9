package io.sensorium.models.graphs;

import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
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
   * The sizes of a tower's pictures.
   *
   * @param learned the size that the position table is for
   * @param image the size that the graph takes
   * @param patch the patches that both are cut into
   */
  record Resolution(Extent learned, Extent image, Extent patch) {

    /** As {@code image_size} and {@code patch_size} and the checkpoint's processor say. */
    static Resolution of(Draft draft) {
      Extent learned = draft.config().extent("image_size");
      Extent image = ImageResolution.wanted(draft.checkpoint(), learned);
      return new Resolution(learned, image, draft.config().patch("patch_size", learned, image));
    }

    private Extent grid() {
      return image.windows(patch, patch);
    }

    private PositionTable table(int specialTokens) {
      return new PositionTable(
          specialTokens, learned.windows(patch, patch), PositionTable.Filter.BICUBIC);
    }
  }

  /**
   * Writes the input {@code pixel_values [n, c, rows, columns]} and the blocks.
   *
   * @param kept how many of the first tokens are wanted, 0 for all
   * @return {@code [n, tokens, d]}, not yet normalised
   */
  Value write(Draft draft, EncoderShape shape, Resolution resolution, long kept) {
    Value pixels =
        draft
            .graph()
            .input(
                "pixel_values",
                ElementType.FLOAT32,
                Shape.DYNAMIC,
                draft.config().size("num_channels", 3),
                resolution.image().rows(),
                resolution.image().columns());
    Value tokens = tokens(draft, shape.width(), resolution, pixels);
    Value normed =
        firstNorm
            .map(norm -> draft.layers().layerNorm(norm, tokens, shape.epsilon()))
            .orElse(tokens);
    return new PreNormEncoder(shape, parts, true).write(draft, normed, blocks, kept);
  }

  private Value tokens(Draft draft, int width, Resolution resolution, Value pixels) {
    Layers layers = draft.layers();
    Extent patch = resolution.patch();
    Value embedded = layers.patches(patches, pixels, width, patch, patch, biasedPatches);
    PositionTable table = resolution.table(classToken.isPresent() ? 1 : 0);
    Value places = table.write(draft, positions, resolution.grid(), table.rows(), width);
    return classToken
        .map(name -> draft.operators().reshape(name, draft.weights().get(name, width), 1, 1, width))
        .map(token -> draft.withSpecialTokens(positions, token, embedded, places))
        .orElseGet(() -> draft.operators().add(positions, embedded, places));
  }
}
