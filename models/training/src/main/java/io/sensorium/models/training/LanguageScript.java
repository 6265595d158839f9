package io.sensorium.models.training;

/**
 * Writes the TorchScript text of a language model's training step and of its examination.
 *
 * <p>A batch is four arrays: token ids {@code [n, s]}, what each place is made of {@code [n, t, s]}
 * as weights of those tokens' embeddings, the token that should follow each place {@code [n, t]},
 * and how much that matters {@code [n, t]}.
 */
final class LanguageScript {
  private static final String READ =
      """
        def read(self: __torch__.%1$s, p: List[Tensor], batch: List[Tensor]) -> Tensor:
          x = torch.matmul(batch[1], torch.embedding(p[0], torch.to(batch[0], 4)))
          return self.logits(p, x)
      """;

  private static final String LOSS =
      """
        def right(self: __torch__.%1$s, logits: Tensor, batch: List[Tensor]) -> Tensor:
          l = torch.log_softmax(logits, -1)
          return torch.mul(torch.squeeze(torch.gather(l, 2, torch.unsqueeze(torch.to(batch[2], 4), 2)), 2), batch[3])
        def loss(self: __torch__.%1$s, p: List[Tensor], batch: List[Tensor]) -> Tensor:
          total = torch.sum(self.right(self.read(p, batch), batch))
          return torch.reshape(torch.neg(torch.div(total, torch.sum(batch[3]))), [1])
      """;

  private static final String EXAMINE =
      """
        def forward(self: __torch__.%1$s, p: List[Tensor], batch: List[Tensor]) -> Tensor:
          logits = self.read(p, batch)
          found = torch.eq(torch.argmax(logits, -1), torch.to(batch[2], 4))
          return torch.stack([torch.to(found, 6), self.right(logits, batch)])
      """;

  private LanguageScript() {}

  /** A training step. */
  static byte[] step(LanguageArchitecture architecture, boolean bfloat16) {
    String name = "LanguageStep";
    String body = architecture.script(name, bfloat16) + READ.formatted(name) + LOSS.formatted(name);
    return StepScript.pack(name, body, true);
  }

  /**
   * For every place, 1 where the model's likeliest token is the right one and else 0; then for
   * every place the right token's log-probability times its weight.
   */
  static byte[] examination(LanguageArchitecture architecture) {
    String name = "LanguageExamination";
    String body =
        architecture.script(name, false)
            + READ.formatted(name)
            + LOSS.formatted(name)
            + EXAMINE.formatted(name);
    return StepScript.pack(name, body, false);
  }
}
