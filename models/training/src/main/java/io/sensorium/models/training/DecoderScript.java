package io.sensorium.models.training;

/**
 * Writes a decoder's mathematics as TorchScript text: {@code hidden(self, p: List[Tensor], x:
 * Tensor) -> Tensor} from embedded tokens {@code [n, t, hidden]} to the last layer's normalised
 * states, each from the tokens up to its own; {@code head(self, p, h) -> Tensor} from any such
 * states {@code [.., hidden]} to logits.
 */
public final class DecoderScript {
  private static final String LINEAR_FLOAT =
      """
        def linear(self: __torch__.%1$s, x: Tensor, w: Tensor) -> Tensor:
          return torch.linear(x, w)
        def gated(self: __torch__.%1$s, x: Tensor, gate: Tensor, up: Tensor, down: Tensor) -> Tensor:
          return torch.linear(torch.mul(torch.silu(torch.linear(x, gate)), torch.linear(x, up)), down)
      """;

  private static final String LINEAR_BFLOAT16 =
      """
        def linear(self: __torch__.%1$s, x: Tensor, w: Tensor) -> Tensor:
          return torch.to(torch.linear(torch.to(x, 15), torch.to(w, 15)), 6)
        def gated(self: __torch__.%1$s, x: Tensor, gate: Tensor, up: Tensor, down: Tensor) -> Tensor:
          y = torch.to(x, 15)
          z = torch.mul(torch.silu(torch.linear(y, torch.to(gate, 15))), torch.linear(y, torch.to(up, 15)))
          return torch.to(torch.linear(z, torch.to(down, 15)), 6)
      """;

  private static final String BODY =
      """
        def norm(self: __torch__.%1$s, x: Tensor, w: Tensor) -> Tensor:
          scale = torch.rsqrt(torch.add(torch.mean(torch.mul(x, x), [-1], True), %2$s))
          return torch.mul(torch.mul(x, scale), w)
        def rotate(self: __torch__.%1$s, x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
          left = torch.slice(x, -1, 0, %3$d)
          right = torch.slice(x, -1, %3$d, %4$d)
          turned = torch.cat([torch.neg(right), left], -1)
          return torch.add(torch.mul(x, cosine), torch.mul(turned, sine))
        def heads(self: __torch__.%1$s, x: Tensor, count: int) -> Tensor:
          return torch.permute(torch.reshape(x, [torch.size(x, 0), torch.size(x, 1), count, %4$d]), [0, 2, 1, 3])
        def grouped(self: __torch__.%1$s, x: Tensor) -> Tensor:
          n = torch.size(x, 0)
          t = torch.size(x, 2)
          return torch.reshape(torch.expand(torch.unsqueeze(x, 2), [n, %6$d, %7$d, t, %4$d]), [n, %5$d, t, %4$d])
        def hidden(self: __torch__.%1$s, p: List[Tensor], x: Tensor%18$s) -> Tensor:
          n = torch.size(x, 0)
          t = torch.size(x, 1)
          places = torch.to(torch.arange(t), 6)
          powers = torch.div(torch.mul(torch.to(torch.arange(%3$d), 6), -2.0), %4$d.0)
          angles = torch.mul(torch.unsqueeze(places, 1), torch.unsqueeze(torch.pow(%8$s, powers), 0))
          both = torch.cat([angles, angles], -1)
          cosine = torch.cos(both)
          sine = torch.sin(both)
          h = x
          for i in range(%9$d):
            o = 1 + i * %13$d
            a = self.norm(h, p[o])
            qkv = %14$s
            q = self.rotate(%15$s, cosine, sine)
            k = self.rotate(%16$s, cosine, sine)
            v = self.heads(torch.slice(qkv, -1, %11$d, %12$d), %6$d)
            s = torch.scaled_dot_product_attention(q, self.grouped(k), self.grouped(v), None, 0.0, True)
            s1 = torch.reshape(torch.permute(s, [0, 2, 1, 3]), [n, t, %10$d])
            h = torch.add(h, self.linear(%19$s, p[o + 4]))
            m = self.norm(h, p[o + 5])
            h = torch.add(h, self.gated(m, p[o + 6], p[o + 7], p[o + 8]))
          return self.norm(h, p[1 + %9$d * %13$d])
        def head(self: __torch__.%1$s, p: List[Tensor], h: Tensor) -> Tensor:
          return torch.linear(h, p[%17$s])
      """;

  private DecoderScript() {}

  /**
   * The methods, for a class that has none of these names.
   *
   * @param module the TorchScript class they become part of
   * @param bfloat16 whether products may be computed in bfloat16
   */
  public static String text(DecoderShape shape, String module, boolean bfloat16) {
    return text(shape, module, bfloat16, false);
  }

  /**
   * As {@link #text(DecoderShape, String, boolean)}, where {@code hidden} may take a further
   * argument, {@code added: Tensor [n, layers, heads * head size]}: what is added to every token's
   * attention before its output projection.
   *
   * @param adds whether it does
   */
  public static String text(DecoderShape shape, String module, boolean bfloat16, boolean adds) {
    int queries = shape.queries();
    int keys = shape.keys();
    String projected = "self.linear(a, torch.cat([p[o + 1], p[o + 2], p[o + 3]], 0))";
    if (shape.biasedQueries()) {
      projected =
          "torch.add(%s, torch.cat([p[o + 9], p[o + 10], p[o + 11]], 0))".formatted(projected);
    }
    int norms = shape.biasedQueries() ? 12 : 9;
    int size = shape.headSize();
    return (bfloat16 ? LINEAR_BFLOAT16 : LINEAR_FLOAT).formatted(module)
        + BODY.formatted(
            module,
            shape.epsilon(),
            size / 2,
            size,
            shape.heads(),
            shape.keyValueHeads(),
            shape.heads() / shape.keyValueHeads(),
            shape.rotaryBase(),
            shape.layers(),
            queries,
            queries + keys,
            queries + 2 * keys,
            shape.layerParameters(),
            projected,
            heads(shape, "0", queries, shape.heads(), norms),
            heads(
                shape, Integer.toString(queries), queries + keys, shape.keyValueHeads(), norms + 1),
            shape.tied() ? "0" : Integer.toString(2 + shape.layers() * shape.layerParameters()),
            adds ? ", added: Tensor" : "",
            adds ? "torch.add(s1, torch.unsqueeze(torch.select(added, 1, i), 1))" : "s1");
  }

  private static String heads(DecoderShape shape, String from, int to, int count, int norm) {
    String heads = "self.heads(torch.slice(qkv, -1, %s, %d), %d)".formatted(from, to, count);
    return shape.normedQueries() ? "self.norm(%s, p[o + %d])".formatted(heads, norm) : heads;
  }
}
