package io.sensorium.models.graphs;

import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;

/**
 * Makes tokens of what ImageBind's trunks read: patches or windows, embedded, behind a class token,
 * with positions. One thread at a time.
 *
 * @param draft what the trunk is written to
 * @param trunk whose tokens they are
 * @param width of a token
 */
record ImageBindStem(Draft draft, ImageBindTrunk trunk, int width) {
  /** Torch's default, which the norms of the stems have. */
  private static final double EPSILON = 1e-5;

  private static final int USUAL_SIDE = 224;
  private static final int MAX_SIDE = 1 << 12;
  private static final int COLOURS = 3;
  private static final int IMU_CHANNELS = 6;

  /** A still picture stands for a film of this many frames, all the same. */
  private static final int FRAMES = 2;

  /** Tokens of pictures, and the pictures' size. */
  record Pictures(Value tokens, Extent size) {}

  /** From {@code [n, 3, rows, columns]}: three-dimensional patches of a film that stands still. */
  Pictures stills() {
    String name = trunk.preprocessor() + "rgbt_stem.proj.1";
    int depth = trunk.dimension(name + ".weight", 2);
    Extent kernel = kernel(name, 3);
    int learned = steps(draft.config().size("video_frames", FRAMES), depth);
    int steps = steps(FRAMES, depth);
    if (depth > FRAMES || (steps > 1 && steps != learned)) {
      draft.config().reject("video_frames", "2, with patches of 1 or 2 frames");
    }
    long patches = (trunk.dimension(positions(), 1) - 1L) / learned;
    Extent size = picture(kernel, patches);
    Extent grid = size.windows(kernel, kernel);
    Value picture = input(COLOURS, size);
    Value map = convolution(name, picture, new long[] {depth, kernel.rows(), kernel.columns()});
    Operators operators = draft.operators();
    Value flat = operators.reshape(name, map, 0, width, steps * grid.area());
    Value embedded = operators.transpose(name, flat, 0, 2, 1);
    return new Pictures(withPositions(embedded, learned * grid.area()), size);
  }

  /** How many steps of {@code depth} frames there are. */
  private static int steps(int frames, int depth) {
    return Math.max(Math.floorDiv(frames - depth, depth) + 1, 1);
  }

  private Value convolution(String name, Value picture, long[] kernel) {
    Operators operators = draft.operators();
    Value frame = operators.unsqueeze(name, picture, 2);
    Value film = operators.concat(name, 2, frame, frame);
    Value weight =
        draft.weights().get(name + ".weight", width, COLOURS, kernel[0], kernel[1], kernel[2]);
    return draft
        .graph()
        .node("Conv")
        .in(film, weight)
        .with("kernel_shape", kernel)
        .with("strides", kernel)
        .out(
            name,
            film.type(),
            Shape.of(
                Shape.DYNAMIC,
                width,
                steps(FRAMES, (int) kernel[0]),
                picture.shape().dimension(2) / kernel[1],
                picture.shape().dimension(3) / kernel[2]));
  }

  /** From {@code [n, 1, rows, columns]}, a map of one value a pixel. */
  Value map(String stem) {
    String name = trunk.preprocessor() + stem;
    Extent kernel = kernel(name + ".proj", 2);
    Extent size = picture(kernel, trunk.dimension(positions(), 1) - 1L);
    return plane(name, input(1, size), kernel, kernel);
  }

  /** From {@code [n, 1, bins, frames]}, with patches that overlap. */
  Value spectrogram(Value planes, int stride) {
    String name = trunk.preprocessor() + "rgbt_stem";
    Extent size = new Extent((int) planes.shape().dimension(2), (int) planes.shape().dimension(3));
    Extent kernel = kernel(name + ".proj", 2);
    if (!size.holds(kernel)) {
      draft.config().reject("audio_num_mel_bins", "no less than the patches' %s".formatted(kernel));
      return planes;
    }
    return plane(name, planes, kernel, new Extent(stride, stride));
  }

  private Value plane(String stem, Value planes, Extent kernel, Extent stride) {
    Layers layers = draft.layers();
    Value patches = layers.patches(stem + ".proj", planes, width, kernel, stride, false);
    Value normed = layers.layerNorm(stem + ".norm_layer", patches, EPSILON);
    return withPositions(normed, normed.shape().dimension(1));
  }

  /** From {@code [n, 6, samples]}: windows of all channels, channel by channel. */
  Value movements() {
    String name = trunk.preprocessor() + "imu_stem.proj";
    int window = Math.max(trunk.dimension(name + ".weight", 1) / IMU_CHANNELS, 1);
    int windows = Math.max(trunk.dimension(trunk.preprocessor() + "pos_embed", 1) - 1, 1);
    Operators operators = draft.operators();
    Value samples =
        draft
            .graph()
            .input(
                trunk.name(),
                ElementType.FLOAT32,
                Shape.DYNAMIC,
                IMU_CHANNELS,
                (long) windows * window);
    Value cut = operators.reshape(name, samples, 0, IMU_CHANNELS, windows, window);
    Value together = operators.transpose(name, cut, 0, 2, 1, 3);
    Value rows = operators.reshape(name, together, 0, windows, (long) IMU_CHANNELS * window);
    Value projected = draft.layers().linear(name, rows, width, false);
    Value normed =
        draft.layers().layerNorm(trunk.preprocessor() + "imu_stem.norm_layer", projected, EPSILON);
    return withPositions(normed, windows);
  }

  private Value input(int channels, Extent size) {
    return draft
        .graph()
        .input(
            trunk.name(),
            ElementType.FLOAT32,
            Shape.DYNAMIC,
            channels,
            size.rows(),
            size.columns());
  }

  /**
   * @param learned how many patches the table has places for; the first are taken, as the reference
   *     takes the first frame's
   */
  private Value withPositions(Value patches, long learned) {
    long tokens = 1 + patches.shape().dimension(1);
    Value table = draft.weights().get(positions(), 1, 1 + learned, width);
    Value places =
        tokens == 1 + learned ? table : draft.operators().firstTokens(positions(), table, tokens);
    Value classToken = draft.weights().get(trunk.preprocessor() + "cls_token", 1, 1, width);
    return draft.withSpecialTokens(positions(), classToken, patches, places);
  }

  private String positions() {
    return trunk.preprocessor()
        + (trunk.name().equals("imu") ? "pos_embed" : "pos_embedding_helper.pos_embed");
  }

  private Extent kernel(String convolution, int axis) {
    String weight = convolution + ".weight";
    return new Extent(
        Math.min(trunk.dimension(weight, axis), MAX_SIDE),
        Math.min(trunk.dimension(weight, axis + 1), MAX_SIDE));
  }

  /** The pictures that have so many patches: the reference's where it fits, else square grids. */
  private static Extent picture(Extent kernel, long patches) {
    Extent usual = new Extent(USUAL_SIDE, USUAL_SIDE);
    if (usual.holds(kernel) && usual.windows(kernel, kernel).area() == patches) {
      return usual;
    }
    int side = Math.clamp(Math.round(Math.sqrt((double) patches)), 1, MAX_SIDE);
    return new Extent(side * kernel.rows(), side * kernel.columns());
  }
}
