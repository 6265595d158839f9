package io.sensorium.backend.transformer;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sensorium.api.RequestContext;
import io.sensorium.api.language.Prediction;
import io.sensorium.api.runtime.BlockTensor;
import io.sensorium.api.runtime.BoundRun;
import io.sensorium.api.runtime.ResidentSession;
import io.sensorium.api.runtime.TensorBlock;
import io.sensorium.api.runtime.TensorBlock.Kind;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;

/**
 * The bound session of a decoder: token ids in, logits of last tokens out, everything else stays,
 * but for hidden states where they are wanted: a binding of its own writes them. One thread at a
 * time.
 */
final class DecoderRun implements AutoCloseable {
  private static final String MEDIA = "inputs_embeds";
  private static final String KEEP = "logits_to_keep";
  private static final Shape ONE = Shape.of(1);

  private final ResidentSession session;
  private final DecoderIo io;
  private final SequenceCaches caches;
  private final ExportInputs further;
  private final Optional<Additions> additions;
  private final BoundRun plainRun;
  private final boolean takesMedia;
  private final boolean keepsLast;
  private final TensorBlock ids;
  private final TensorBlock logits;
  private final TensorBlock one;
  private final TensorBlock noMedia;
  private TensorBlock media;
  private Optional<HiddenRun> hiddenRun = Optional.empty();
  private boolean gaveHidden;
  private int lastTokens = 1;
  private int ranTokens = 1;
  private volatile long exchangedBytes;

  /** A binding that writes hidden states, too. */
  private record HiddenRun(BoundRun run, TensorBlock states) implements AutoCloseable {
    @Override
    public void close() {
      run.close();
      states.close();
    }
  }

  /**
   * @param caches borrowed
   * @param additions borrowed; empty if sequences have none
   * @param slots that a step may have
   * @param chunk tokens that a chunk may have
   */
  DecoderRun(
      ResidentSession session,
      DecoderIo io,
      SequenceCaches caches,
      Optional<Additions> additions,
      int slots,
      int chunk) {
    this.additions = additions;
    this.session = session;
    this.io = io;
    this.caches = caches;
    this.takesMedia = session.takes(MEDIA) && io.mediaWidth() > 0;
    this.keepsLast = session.takes(KEEP);
    long rows = Math.max(slots, keepsLast ? 1 : chunk);
    this.ids = session.allocate(Kind.EXCHANGED, (long) Math.max(slots, chunk) * Long.BYTES);
    this.logits = session.allocate(Kind.EXCHANGED, rows * io.vocabulary() * Float.BYTES);
    this.one = resident(MemorySegment.ofArray(new long[] {1}));
    int width = Math.max(1, io.mediaWidth());
    this.noMedia = resident(MemorySegment.ofArray(new float[width]));
    this.media = session.allocate(Kind.EXCHANGED, (long) width * Float.BYTES);
    this.further = ExportInputs.of(session, Math.max(slots, chunk));
    this.plainRun = session.bind();
  }

  private TensorBlock resident(MemorySegment content) {
    TensorBlock block = session.allocate(Kind.RESIDENT, content.byteSize());
    try (TensorBlock exchanged = session.allocate(Kind.EXCHANGED, content.byteSize())) {
      exchanged.segment().orElseThrow().copyFrom(content);
      exchanged.copy(0, block, 0, content.byteSize());
    }
    return block;
  }

  boolean takesMedia() {
    return takesMedia;
  }

  /**
   * Runs as many tokens of each of some neighbouring slots as come.
   *
   * @param slot the first one
   * @param tokens slot by slot
   * @param rows that tokens below zero stand for
   * @param hidden whether hidden states are wanted
   */
  void run(
      int slot,
      int sequences,
      List<Integer> tokens,
      Optional<Tensor> rows,
      boolean hidden,
      RequestContext context) {
    MemorySegment written = ids.segment().orElseThrow();
    for (int i = 0; i < tokens.size(); i++) {
      written.setAtIndex(JAVA_LONG, i, tokens.get(i));
    }
    ranTokens = tokens.size() / sequences;
    gaveHidden = hidden;
    BoundRun run = hidden ? bindHidden(sequences) : plainRun;
    bindTokens(run, slot, sequences);
    bindMedia(run, rows);
    run.run(context);
    caches.ran(slot, sequences);
    exchangedBytes =
        plainRun.exchangedBytes() + hiddenRun.map(each -> each.run().exchangedBytes()).orElse(0L);
  }

  private BoundRun bindHidden(int sequences) {
    int width = io.hiddenWidth();
    long bytes = (long) sequences * ranTokens * width * Float.BYTES;
    if (hiddenRun.filter(each -> each.states().bytes() >= bytes).isEmpty()) {
      hiddenRun.ifPresent(HiddenRun::close);
      hiddenRun = Optional.empty();
      hiddenRun =
          Optional.of(new HiddenRun(session.bind(), session.allocate(Kind.EXCHANGED, bytes)));
    }
    HiddenRun bound = hiddenRun.orElseThrow();
    bound
        .run()
        .bindOutput(
            DecoderIo.HIDDEN,
            new BlockTensor(
                bound.states(), 0, ElementType.FLOAT32, Shape.of(sequences, ranTokens, width)));
    return bound.run();
  }

  private void bindTokens(BoundRun run, int slot, int sequences) {
    run.bindInput(
        DecoderIo.IDS, new BlockTensor(ids, 0, ElementType.INT64, Shape.of(sequences, ranTokens)));
    caches.bind(run, slot, sequences);
    additions.ifPresent(added -> added.bind(run, slot, sequences));
    further.bind(run, caches, slot, sequences, ranTokens);
    lastTokens = keepsLast ? 1 : ranTokens;
    if (keepsLast) {
      run.bindInput(KEEP, new BlockTensor(one, 0, ElementType.INT64, ONE));
    }
    run.bindOutput(
        DecoderIo.LOGITS,
        new BlockTensor(
            logits, 0, ElementType.FLOAT32, Shape.of(sequences, lastTokens, io.vocabulary())));
  }

  private void bindMedia(BoundRun run, Optional<Tensor> rows) {
    if (!takesMedia) {
      return;
    }
    if (rows.isEmpty()) {
      Shape none = Shape.of(1, io.mediaWidth());
      run.bindInput(MEDIA, new BlockTensor(noMedia, 0, ElementType.FLOAT32, none));
      return;
    }
    MemorySegment brought = rows.get().data();
    TensorBlock outgrown = media;
    if (media.bytes() < brought.byteSize()) {
      media = session.allocate(Kind.EXCHANGED, brought.byteSize());
    }
    MemorySegment.copy(brought, 0, media.segment().orElseThrow(), 0, brought.byteSize());
    run.bindInput(MEDIA, new BlockTensor(media, 0, ElementType.FLOAT32, rows.get().shape()));
    if (!outgrown.equals(media)) {
      outgrown.close();
    }
  }

  /** What the last run says of a sequence; the caller's. */
  Prediction prediction(int sequence) {
    return new Prediction(
        logits(sequence), gaveHidden ? Optional.of(hiddenStates(sequence)) : Optional.empty());
  }

  private Tensor hiddenStates(int sequence) {
    Tensor states = Tensor.allocate(ElementType.FLOAT32, Shape.of(ranTokens, io.hiddenWidth()));
    long bytes = states.data().byteSize();
    MemorySegment written = hiddenRun.orElseThrow().states().segment().orElseThrow();
    MemorySegment.copy(written, sequence * bytes, states.data(), 0, bytes);
    return states;
  }

  private FloatBuffer logits(int sequence) {
    int vocabulary = io.vocabulary();
    float[] values = new float[vocabulary];
    long row = (long) (sequence + 1) * lastTokens - 1;
    MemorySegment.copy(
        logits.segment().orElseThrow(),
        JAVA_FLOAT,
        row * vocabulary * Float.BYTES,
        values,
        0,
        vocabulary);
    return FloatBuffer.wrap(values);
  }

  long exchangedBytes() {
    return exchangedBytes;
  }

  @Override
  public void close() {
    plainRun.close();
    hiddenRun.ifPresent(HiddenRun::close);
    further.close();
    ids.close();
    logits.close();
    one.close();
    noMedia.close();
    media.close();
  }
}
