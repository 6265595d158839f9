package io.sensorium.models.training;

/**
 * Writes the TorchScript text that all trainings share: the module around a loss, and the step.
 *
 * <p>A step is a single call: forward, loss, gradients, clipping and AdamW in place. Nothing but
 * the figures to report crosses back into Java, so no temporary tensor can outlive its step.
 */
public final class StepScript {
  private static final String HEADER =
      """
      class %s(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
      """;

  private static final String UPDATE =
      """
        def forward(self: __torch__.%1$s, p: List[Tensor], first: List[Tensor], second: List[Tensor], batch: List[Tensor], hyper: Tensor) -> Tensor:
          torch.set_grad_enabled(True)
          leaves = annotate(List[Tensor], [])
          for i in range(torch.len(p)):
            leaves = torch.append(leaves, torch.requires_grad_(torch.detach(p[i]), True))
          losses = self.loss(leaves, batch)
          total = torch.sum(losses)
          found = torch.grad([total], leaves)
          torch.set_grad_enabled(False)
          norms = annotate(List[Tensor], [])
          for i in range(torch.len(p)):
            norms = torch.append(norms, torch.norm(unchecked_cast(Tensor, found[i])))
          norm = torch.norm(torch.stack(norms))
          clip = torch.clamp_max(torch.div(torch.select(hyper, 0, 3), torch.add(norm, 1e-6)), 1.0)
          step = float(torch.select(hyper, 0, 1))
          lr = float(torch.select(hyper, 0, 0))
          root = torch.sqrt(1.0 - torch.pow(0.98, step))
          rate = torch.neg(torch.div(lr, 1.0 - torch.pow(0.9, step)))
          for i in range(torch.len(p)):
            g = torch.mul(unchecked_cast(Tensor, found[i]), clip)
            if torch.gt(torch.dim(p[i]), 1):
              w = torch.mul_(p[i], 1.0 - lr * float(torch.select(hyper, 0, 2)))
            else:
              w = p[i]
            m = torch.add_(torch.mul_(first[i], 0.9), g, alpha=0.1)
            v = torch.addcmul_(torch.mul_(second[i], 0.98), g, g, value=0.02)
            d = torch.add_(torch.div(torch.sqrt(v), root), 1e-8)
            u = torch.addcdiv_(p[i], m, d, value=rate)
          return torch.cat([torch.detach(losses), torch.reshape(norm, [1])])
      """;

  private StepScript() {}

  /**
   * Packs a module.
   *
   * @param body its methods: with {@code update} {@code loss(p, batch)}, which returns a vector of
   *     losses to be summed, otherwise {@code forward}
   * @param update whether to add the step as {@code forward}
   */
  public static byte[] pack(String name, String body, boolean update) {
    String source = HEADER.formatted(name) + body + (update ? UPDATE.formatted(name) : "");
    return TorchScriptArchive.pack(name, source);
  }
}
