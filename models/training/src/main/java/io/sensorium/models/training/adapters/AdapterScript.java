package io.sensorium.models.training.adapters;

import io.sensorium.models.training.DecoderScript;
import io.sensorium.models.training.DecoderShape;
import io.sensorium.models.training.StepScript;

/**
 * Writes the TorchScript text of an adapter's training: the step as {@code forward}, {@code
 * examine} with the same arguments but the optimiser's, and {@code given}: what the adapter gives.
 *
 * <p>A batch is the arrays of {@link LessonBatch} followed by the frozen model's weights.
 */
final class AdapterScript {
  /** Arrays of a batch before the frozen weights. */
  static final int BATCH_ARRAYS = 6;

  private static final String BODY =
      """
        def logits(self: __torch__.%1$s, p: List[Tensor], batch: List[Tensor]) -> Tensor:
          frozen = torch.slice(batch, %2$d, None, 1)
          return self.head(frozen, self.states(p, batch, frozen))
        def right(self: __torch__.%1$s, logits: Tensor, targets: Tensor) -> Tensor:
          l = torch.log_softmax(logits, -1)
          return torch.squeeze(torch.gather(l, 1, torch.unsqueeze(torch.to(targets, 4), 1)), 1)
        def loss(self: __torch__.%1$s, p: List[Tensor], batch: List[Tensor]) -> Tensor:
          return torch.reshape(torch.neg(torch.mean(self.right(self.logits(p, batch), batch[5]))), [1])
        def examine(self: __torch__.%1$s, p: List[Tensor], batch: List[Tensor]) -> Tensor:
          logits = self.logits(p, batch)
          found = torch.eq(torch.argmax(logits, -1), torch.to(batch[5], 4))
          return torch.stack([torch.to(found, 6), self.right(logits, batch[5])])
      """;

  /** Rows stand between the embeddings of tokens. */
  private static final String ROWS =
      """
        def states(self: __torch__.%1$s, p: List[Tensor], batch: List[Tensor], frozen: List[Tensor]) -> Tensor:
          x = torch.embedding(frozen[0], torch.to(batch[0], 4))
          rows = self.project(p, batch[1], batch[2])
          table = torch.cat([torch.reshape(x, [-1, %2$d]), torch.reshape(rows, [-1, %2$d])], 0)
          mixed = torch.reshape(torch.index_select(table, 0, torch.to(batch[3], 4)), [torch.size(batch[0], 0), -1, %2$d])
          h = torch.reshape(self.hidden(frozen, mixed), [-1, %2$d])
          return torch.index_select(h, 0, torch.to(batch[4], 4))
        def given(self: __torch__.%1$s, p: List[Tensor], batch: List[Tensor]) -> Tensor:
          return self.project(p, batch[1], batch[2])
      """;

  /** Every layer's attention is added to. */
  private static final String ADDITIONS =
      """
        def states(self: __torch__.%1$s, p: List[Tensor], batch: List[Tensor], frozen: List[Tensor]) -> Tensor:
          x = torch.embedding(frozen[0], torch.to(batch[0], 4))
          added = self.additions(p, batch[2], batch[3], frozen)
          h = torch.reshape(self.hidden(frozen, x, added), [-1, %2$d])
          return torch.index_select(h, 0, torch.to(batch[4], 4))
        def given(self: __torch__.%1$s, p: List[Tensor], batch: List[Tensor]) -> Tensor:
          return self.additions(p, batch[2], batch[3], torch.slice(batch, %3$d, None, 1))
      """;

  /** Rows that say words are read as the language model's head would read its last states. */
  private static final String WORDS =
      """
        def said(self: __torch__.%1$s, p: List[Tensor], batch: List[Tensor]) -> Tensor:
          rows = torch.slice(self.project(p, batch[0], batch[1]), 1, 0, torch.size(batch[2], 1))
          return torch.log_softmax(torch.linear(rows, batch[3]), -1)
        def right(self: __torch__.%1$s, said: Tensor, words: Tensor) -> Tensor:
          return torch.squeeze(torch.gather(said, 2, torch.unsqueeze(torch.to(words, 4), 2)), 2)
        def loss(self: __torch__.%1$s, p: List[Tensor], batch: List[Tensor]) -> Tensor:
          return torch.reshape(torch.neg(torch.mean(self.right(self.said(p, batch), batch[2]))), [1])
        def examine(self: __torch__.%1$s, p: List[Tensor], batch: List[Tensor]) -> Tensor:
          said = self.said(p, batch)
          likeliest = torch.eq(torch.argmax(said, -1), torch.to(batch[2], 4))
          return torch.stack([torch.to(likeliest, 6), self.right(said, batch[2])])
      """;

  private AdapterScript() {}

  /**
   * The module.
   *
   * @param bfloat16 whether the frozen model may compute products in bfloat16
   */
  static byte[] pack(AdapterNetwork network, DecoderShape decoder, boolean bfloat16) {
    String name = "AdapterStep";
    boolean adds = network instanceof GatedLayers;
    String body =
        DecoderScript.text(decoder, name, bfloat16, adds)
            + network.script(name, bfloat16)
            + (adds ? ADDITIONS : ROWS).formatted(name, decoder.hidden(), BATCH_ARRAYS)
            + BODY.formatted(name, BATCH_ARRAYS);
    return StepScript.pack(name, body, true);
  }

  /**
   * The module of {@link WordModule}: a batch is the arrays of its media and their words {@code [n,
   * words]}, followed by the embeddings of tokens.
   *
   * @param bfloat16 whether the adapter may compute products in bfloat16
   */
  static byte[] packWords(AdapterNetwork network, boolean bfloat16) {
    String name = "WordStep";
    String body = network.script(name, bfloat16) + WORDS.formatted(name);
    return StepScript.pack(name, body, true);
  }
}
