package io.sensorium.models.training;

/**
 * Writes the TorchScript text of the towers: losses for {@link StepScript}, and one encoding pass.
 *
 * <p>Parameters arrive as a list in the order of {@link TowerParameters}.
 */
final class TowerScript {
  private static final String LINEAR_FLOAT =
      """
        def mlp(self: __torch__.%1$s, x: Tensor, w: Tensor, b: Tensor, w1: Tensor, b1: Tensor) -> Tensor:
          return torch.linear(torch.gelu(torch.linear(x, w, b)), w1, b1)
        def linear(self: __torch__.%1$s, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
          return torch.linear(x, w, b)
      """;

  /** Only the products run in bf16: fused attention's bf16 backward pass is slow on processors. */
  private static final String LINEAR_BFLOAT16 =
      """
        def mlp(self: __torch__.%1$s, x: Tensor, w: Tensor, b: Tensor, w1: Tensor, b1: Tensor) -> Tensor:
          y = torch.gelu(torch.linear(torch.to(x, 15), torch.to(w, 15), torch.to(b, 15)))
          return torch.to(torch.linear(y, torch.to(w1, 15), torch.to(b1, 15)), 6)
        def linear(self: __torch__.%1$s, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
          y = torch.linear(torch.to(x, 15), torch.to(w, 15), torch.to(b, 15))
          return torch.to(y, 6)
      """;

  private static final String TOWER =
      """
        def blocks(self: __torch__.%1$s, p: List[Tensor], x: Tensor, count: int) -> Tensor:
          n = torch.size(x, 0)
          x0 = torch.reshape(x, [n, %2$d, %3$d, %5$d, %4$d, %5$d])
          x1 = torch.reshape(torch.permute(x0, [0, 2, 4, 1, 3, 5]), [n, %6$d, %7$d])
          x2 = self.linear(x1, torch.reshape(p[%8$d], [%9$d, %7$d]), p[%8$d + 1])
          special = annotate(List[Tensor], [])
          for i in range(%10$d):
            special = torch.append(special, torch.expand(p[i], [n, 1, %9$d]))
          h = torch.add(torch.cat(torch.append(special, x2), 1), p[%10$d])
          for i in range(count):
            h = self.block(p, h, %8$d + 2 + i * 16)
          return h
        def block(self: __torch__.%1$s, p: List[Tensor], x: Tensor, o: int) -> Tensor:
          n = torch.size(x, 0)
          a = torch.layer_norm(x, [%9$d], p[o + 12], p[o + 13], 1e-12)
          w = torch.cat([p[o], p[o + 2], p[o + 4]], 0)
          b = torch.cat([p[o + 1], p[o + 3], p[o + 5]], 0)
          qkv = torch.reshape(self.linear(a, w, b), [n, -1, 3, %12$d, %13$d])
          qkv1 = torch.permute(qkv, [2, 0, 3, 1, 4])
          s = torch.scaled_dot_product_attention(torch.select(qkv1, 0, 0), torch.select(qkv1, 0, 1), torch.select(qkv1, 0, 2))
          s1 = torch.reshape(torch.permute(s, [0, 2, 1, 3]), [n, -1, %9$d])
          h = torch.add(x, self.linear(s1, p[o + 6], p[o + 7]))
          m = torch.layer_norm(h, [%9$d], p[o + 14], p[o + 15], 1e-12)
          return torch.add(h, self.mlp(m, p[o + 8], p[o + 9], p[o + 10], p[o + 11]))
        def tower(self: __torch__.%1$s, p: List[Tensor], x: Tensor) -> Tensor:
          return self.pool(p, self.blocks(p, x, %11$d))
        def pool(self: __torch__.%1$s, p: List[Tensor], h: Tensor) -> Tensor:
          f = %8$d + 2 + %11$d * 16
          head = torch.slice(h, 1, 0, %10$d)
          return torch.mean(torch.layer_norm(head, [%9$d], p[f], p[f + 1], 1e-12), [1])
        def project(self: __torch__.%1$s, p: List[Tensor], pooled: Tensor) -> Tensor:
          y = torch.linear(pooled, p[%8$d + 4 + %11$d * 16])
          return self.unit(y)
        def unit(self: __torch__.%1$s, y: Tensor) -> Tensor:
          return torch.div(y, torch.clamp_min(torch.norm(y, 2, [1], True), 1e-12))
      """;

  private static final String CONTRAST =
      """
        def contrast(self: __torch__.%1$s, left: Tensor, right: Tensor, match: Tensor, scale: Tensor) -> Tensor:
          logits = torch.mul(torch.matmul(left, torch.t(right)), torch.exp(torch.clamp_max(scale, 4.6051702)))
          rows = torch.div(match, torch.sum(match, [1], True))
          columns = torch.div(match, torch.sum(match, [0], True))
          l0 = torch.sum(torch.mul(rows, torch.log_softmax(logits, 1)))
          l1 = torch.sum(torch.mul(columns, torch.log_softmax(logits, 0)))
          return torch.mul(torch.add(l0, l1), -0.5 / torch.size(match, 0))
      """;

  private static final String IMAGE_LOSS =
      """
        def text(self: __torch__.%1$s, p: List[Tensor], s: Tensor) -> Tensor:
          h = torch.gelu(torch.linear(s, p[%2$d], p[%2$d + 1]))
          return self.unit(torch.linear(h, p[%2$d + 2], p[%2$d + 3]))
        def loss(self: __torch__.%1$s, p: List[Tensor], batch: List[Tensor]) -> Tensor:
          pixels = torch.sub(torch.div(torch.to(batch[0], 6), 127.5), 1.0)
          pooled = self.tower(p, pixels)
          c = self.contrast(self.text(p, batch[1]), self.project(p, pooled), batch[2], p[%2$d + 4])
          logits = torch.linear(pooled, p[%2$d + 5], p[%2$d + 6])
          bounds = %3$s
          a = torch.mul(c, 0.0)
          for i in range(torch.len(bounds) - 1):
            l = torch.log_softmax(torch.slice(logits, 1, bounds[i], bounds[i + 1]), 1)
            a = torch.sub(a, torch.sum(torch.mul(l, torch.slice(batch[3], 1, bounds[i], bounds[i + 1]))))
          return torch.stack([c, torch.div(a, torch.size(logits, 0))])
      """;

  private static final String AUDIO_LOSS =
      """
        def loss(self: __torch__.%1$s, p: List[Tensor], batch: List[Tensor]) -> Tensor:
          clips = self.project(p, self.tower(p, batch[0]))
          c = self.contrast(clips, batch[1], batch[2], p[%2$d])
          return torch.stack([c])
      """;

  private static final String SCALE =
      """
        def scaled(self: __torch__.%1$s, x: Tensor) -> Tensor:
          y = x
          if torch.eq(torch.dim(x), 4):
            y = torch.sub(torch.div(torch.to(x, 6), 127.5), 1.0)
          else:
            y = x
          return y
      """;

  private static final String ENCODE =
      """
        def forward(self: __torch__.%1$s, p: List[Tensor], x: Tensor) -> Tensor:
          return self.project(p, self.tower(p, self.scaled(x)))
      """;

  private static final String FEATURES =
      """
        def forward(self: __torch__.%1$s, p: List[Tensor], x: Tensor) -> Tensor:
          n = torch.size(x, 0)
          before = self.blocks(p, self.scaled(x), %3$d)
          after = self.block(p, before, %2$d + 2 + %3$d * 16)
          unit = self.project(p, self.pool(p, after))
          return torch.cat([torch.reshape(before, [n, -1]), unit], 1)
      """;

  private TowerScript() {}

  /**
   * A step of the image tower and the text head against each other.
   *
   * @param attributeBounds where each attribute's classes begin in the attribute logits, and the
   *     end
   */
  static byte[] imageStep(TowerShape shape, int[] attributeBounds, boolean bfloat16) {
    String name = "ImageStep";
    String loss =
        IMAGE_LOSS.formatted(
            name, TowerParameters.count(shape), java.util.Arrays.toString(attributeBounds));
    return StepScript.pack(
        name, base(name, shape, bfloat16) + CONTRAST.formatted(name) + loss, true);
  }

  /** A step of the audio tower against given image embeddings. */
  static byte[] audioStep(TowerShape shape, boolean bfloat16) {
    String name = "AudioStep";
    String loss = AUDIO_LOSS.formatted(name, TowerParameters.count(shape));
    return StepScript.pack(
        name, base(name, shape, bfloat16) + CONTRAST.formatted(name) + loss, true);
  }

  /** Encodes a batch into unit rows of the shared space, in float32. */
  static byte[] encoder(TowerShape shape) {
    String name = "Encoder";
    String body = base(name, shape, false) + SCALE.formatted(name) + ENCODE.formatted(name);
    return StepScript.pack(name, body, false);
  }

  /**
   * Gives for each item of a batch what the last block reads, {@code tokens x hidden}, and then the
   * unit row of the shared space, in float32.
   */
  static byte[] features(TowerShape shape) {
    String name = "Features";
    int first = shape.specialTokens() + 1;
    String body =
        base(name, shape, false)
            + SCALE.formatted(name)
            + FEATURES.formatted(name, first, shape.layers() - 1);
    return StepScript.pack(name, body, false);
  }

  private static String base(String name, TowerShape shape, boolean bfloat16) {
    int positions = shape.specialTokens();
    return (bfloat16 ? LINEAR_BFLOAT16 : LINEAR_FLOAT).formatted(name)
        + TOWER.formatted(
            name,
            shape.channels(),
            shape.patchRows(),
            shape.patchColumns(),
            shape.patch(),
            shape.patchRows() * shape.patchColumns(),
            shape.patchElements(),
            positions + 1,
            shape.hidden(),
            positions,
            shape.layers(),
            shape.heads(),
            shape.hidden() / shape.heads());
  }
}
