package io.sensorium.backend.transformer;

import io.sensorium.api.RequestContext;
import io.sensorium.api.ResourceExhaustedException;
import io.sensorium.api.language.Extension;
import io.sensorium.api.language.LanguageModel;
import io.sensorium.api.language.LoadedAdapter;
import io.sensorium.api.language.LowRankAdapter;
import io.sensorium.api.language.Prediction;
import io.sensorium.api.language.Sequence;
import io.sensorium.api.language.SequenceAdditions;
import io.sensorium.api.language.SequenceLimits;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.runtime.Reclaimable;
import io.sensorium.api.runtime.ResidentSession;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An open decoder. Sequences fill the slots from the first on without gaps, so that those that grow
 * by one token each are neighbours and share a run; longer extensions run one after the other, in
 * chunks.
 */
final class TransformerModel implements LanguageModel {
  private final DecoderIo io;
  private final int contextLength;
  private final int slots;
  private final int chunk;
  private final Resources resources;
  private final SequenceCaches caches;
  private final Optional<Additions> additions;
  private final DecoderRun run;
  private final List<TransformerSequence> sequences = new ArrayList<>();
  private boolean closed;

  /**
   * Takes over what it is given.
   *
   * @param chunk tokens of a prompt that are run at once
   */
  TransformerModel(DecoderIo io, SequenceLimits limits, int chunk, Resources resources) {
    this.io = io;
    this.chunk = chunk;
    this.slots = limits.sequences();
    this.contextLength = limits.contextLength();
    this.resources = resources;
    ResidentSession session = resources.session();
    this.caches = SequenceCaches.of(session, io, slots, contextLength);
    this.additions =
        io.adaptable()
            .filter(form -> limits.adaptable())
            .map(form -> Additions.of(form, session, slots, resources.ledger()));
    this.run = new DecoderRun(session, io, caches, additions, slots, chunk);
  }

  @Override
  public ModelPackage model() {
    return io.graph().model();
  }

  @Override
  public int vocabularySize() {
    return io.vocabulary();
  }

  @Override
  public int contextLength() {
    return contextLength;
  }

  @Override
  public int mediaWidth() {
    return run.takesMedia() ? io.mediaWidth() : 0;
  }

  @Override
  public int hiddenWidth() {
    return io.hiddenWidth();
  }

  @Override
  public boolean isAdaptable() {
    return additions.isPresent();
  }

  @Override
  public LoadedAdapter load(LowRankAdapter adapter, RequestContext context) {
    requireOpen();
    return additions
        .orElseThrow(() -> notAdaptable("load adapter " + adapter.name()))
        .adapters()
        .load(adapter, context);
  }

  private IllegalStateException notAdaptable(String purpose) {
    return new IllegalStateException(
        "%s must be opened as adaptable to %s".formatted(model(), purpose));
  }

  @Override
  public Sequence begin() {
    return begin(SequenceAdditions.NONE);
  }

  @Override
  public Sequence begin(SequenceAdditions wanted) {
    requireOpen();
    if (!wanted.isNone() && additions.isEmpty()) {
      throw notAdaptable("have additions");
    }
    wanted.layers().ifPresent(layers -> additions.orElseThrow().slots().check(layers));
    Optional<AdapterStore.Loaded> adapter =
        wanted.adapter().map(loaded -> additions.orElseThrow().adapters().own(loaded));
    TransformerSequence sequence = begin(adapter);
    additions.ifPresent(each -> each.slots().set(sequence.slot(), adapter, wanted.layers()));
    return sequence;
  }

  private TransformerSequence begin(Optional<AdapterStore.Loaded> adapter) {
    if (sequences.size() == slots) {
      throw new ResourceExhaustedException(
          "%s was opened for %d sequences, and all of them live".formatted(model(), slots));
    }
    TransformerSequence sequence = new TransformerSequence(this, adapter, sequences.size());
    sequences.add(sequence);
    adapter.ifPresent(AdapterStore.Loaded::taken);
    return sequence;
  }

  Sequence fork(TransformerSequence parent) {
    requireOpen();
    TransformerSequence child = begin(parent.adapter());
    caches.copy(parent.slot(), child.slot(), parent.length());
    additions.ifPresent(each -> each.slots().copy(parent.slot(), child.slot()));
    child.setLength(parent.length());
    return child;
  }

  void replace(TransformerSequence replaced, Sequence other, int shared) {
    requireOpen();
    TransformerSequence source = own(other);
    if (replaced.equals(source) || shared > Math.min(replaced.length(), source.length())) {
      throw new IllegalArgumentException(
          "another sequence is required with which %d tokens are shared; got lengths %d and %d"
              .formatted(shared, replaced.length(), source.length()));
    }
    caches.replace(source.slot(), replaced.slot(), shared, replaced.length(), source.length());
    replaced.setLength(source.length());
    replaced.adapter().ifPresent(AdapterStore.Loaded::given);
    replaced.setAdapter(source.adapter());
    source.adapter().ifPresent(AdapterStore.Loaded::taken);
    additions.ifPresent(each -> each.slots().copy(source.slot(), replaced.slot()));
  }

  void truncate(TransformerSequence sequence, int length) {
    requireOpen();
    caches.setLength(sequence.slot(), sequence.length(), length);
    sequence.setLength(length);
  }

  /** The last sequence moves into the place that becomes free. */
  void end(TransformerSequence sequence) {
    if (closed) {
      return;
    }
    int freed = sequence.slot();
    sequence.adapter().ifPresent(AdapterStore.Loaded::given);
    caches.setLength(freed, sequence.length(), 0);
    if (sequence.isSpoilt()) {
      caches.clear(freed);
    }
    TransformerSequence last = sequences.removeLast();
    if (!last.equals(sequence)) {
      caches.copy(last.slot(), freed, last.length());
      caches.setLength(last.slot(), last.length(), 0);
      additions.ifPresent(each -> each.slots().copy(last.slot(), freed));
      last.moveTo(freed);
      sequences.set(freed, last);
    }
  }

  @Override
  public List<Prediction> extend(List<Extension> extensions, RequestContext context) {
    requireOpen();
    extensions.forEach(this::check);
    requireDifferent(extensions);
    Prediction[] predictions = new Prediction[extensions.size()];
    List<Integer> steps = new ArrayList<>();
    boolean finished = false;
    try {
      for (int i = 0; i < extensions.size(); i++) {
        if (extensions.get(i).tokens().size() == 1) {
          steps.add(i);
        } else {
          predictions[i] = prefill(extensions.get(i), context);
        }
      }
      step(extensions, steps, predictions, context);
      finished = true;
    } finally {
      if (!finished) {
        extensions.forEach(
            each -> caches.setLength(slot(each), contextLength, each.sequence().length()));
      }
    }
    for (Extension extension : extensions) {
      TransformerSequence sequence = (TransformerSequence) extension.sequence();
      sequence.setLength(sequence.length() + extension.tokens().size());
    }
    return List.of(predictions);
  }

  private Prediction prefill(Extension extension, RequestContext context) {
    TransformerSequence sequence = (TransformerSequence) extension.sequence();
    List<Integer> tokens = extension.tokens();
    List<Prediction> pieces = new ArrayList<>();
    for (int from = 0; from < tokens.size(); from += chunk) {
      int count = Math.min(chunk, tokens.size() - from);
      int before = sequence.length() + from;
      caches.setLength(sequence.slot(), before, before + count);
      run.run(
          sequence.slot(),
          1,
          tokens.subList(from, from + count),
          extension.media(),
          extension.hiddenStates(),
          context);
      pieces.add(prediction(extension, 0));
    }
    return Prediction.join(pieces);
  }

  /**
   * One token for each of some sequences: one run for all that lie near each other. Who lies
   * between them and is not asked for runs along and forgets it: that costs less than one more run
   * over the weights.
   */
  private void step(
      List<Extension> extensions,
      List<Integer> steps,
      Prediction[] predictions,
      RequestContext context) {
    List<Integer> ordered =
        steps.stream()
            .sorted((a, b) -> Integer.compare(slot(extensions.get(a)), slot(extensions.get(b))))
            .toList();
    for (int from = 0; from < ordered.size(); ) {
      int to = from + 1;
      while (caches.sharesRuns() && to < ordered.size() && follows(extensions, ordered, to)) {
        to++;
      }
      List<Extension> row = ordered.subList(from, to).stream().map(extensions::get).toList();
      advance(row, context);
      for (int i = from; i < to; i++) {
        Extension each = extensions.get(ordered.get(i));
        predictions[ordered.get(i)] = prediction(each, slot(each) - slot(row.getFirst()));
      }
      from = to;
    }
  }

  /** Media may come in one sequence of a run alone. */
  private boolean follows(List<Extension> extensions, List<Integer> ordered, int at) {
    Extension before = extensions.get(ordered.get(at - 1));
    Extension next = extensions.get(ordered.get(at));
    return sequences.subList(slot(before) + 1, slot(next)).stream()
            .allMatch(between -> caches.length(between.slot()) < contextLength)
        && next.hiddenStates() == before.hiddenStates()
        && next.media().isEmpty()
        && before.media().isEmpty();
  }

  private void advance(List<Extension> row, RequestContext context) {
    Extension first = row.getFirst();
    List<Integer> tokens =
        new ArrayList<>(Collections.nCopies(slot(row.getLast()) - slot(first) + 1, 0));
    Set<TransformerSequence> between =
        new HashSet<>(sequences.subList(slot(first), slot(row.getLast()) + 1));
    for (Extension extension : row) {
      tokens.set(slot(extension) - slot(first), extension.tokens().getFirst());
      between.remove((TransformerSequence) extension.sequence());
      grow(slot(extension), 1);
    }
    between.forEach(each -> grow(each.slot(), 1));
    try {
      run.run(slot(first), tokens.size(), tokens, first.media(), first.hiddenStates(), context);
    } finally {
      between.forEach(each -> grow(each.slot(), -1));
    }
  }

  /** Who was extended in this call already has more tokens than its sequence says. */
  private void grow(int slot, int tokens) {
    int length = caches.length(slot);
    caches.setLength(slot, length, length + tokens);
  }

  /** What the last run says of a sequence; one that answers no number spoils its place. */
  private Prediction prediction(Extension extension, int row) {
    Prediction prediction = run.prediction(row);
    if (Float.isNaN(prediction.logits().get(0))) {
      ((TransformerSequence) extension.sequence()).spoil();
    }
    return prediction;
  }

  private static int slot(Extension extension) {
    return ((TransformerSequence) extension.sequence()).slot();
  }

  private void check(Extension extension) {
    TransformerSequence own = own(extension.sequence());
    if (extension.hiddenStates() && io.hiddenWidth() == 0) {
      throw new IllegalArgumentException(
          "hidden states need an output '%s' float32[n,s,width]; %s has none"
              .formatted(DecoderIo.HIDDEN, io.graph()));
    }
    List<Integer> tokens = extension.tokens();
    if (own.length() + tokens.size() > contextLength) {
      throw new IllegalArgumentException(
          "a sequence of %s may have %d tokens; it has %d, and %d more came"
              .formatted(model(), contextLength, own.length(), tokens.size()));
    }
    extension.media().ifPresent(this::checkMedia);
    for (int token : tokens) {
      if (token >= io.vocabulary() || token < -extension.rows()) {
        throw new IllegalArgumentException(
            "a token of %s must be in [%d, %d); got %d"
                .formatted(model(), -extension.rows(), io.vocabulary(), token));
      }
    }
  }

  private TransformerSequence own(Sequence sequence) {
    if (!(sequence instanceof TransformerSequence own) || !own.isOf(this)) {
      throw new IllegalArgumentException(
          "a sequence of %s that is not closed is required; got %s".formatted(model(), sequence));
    }
    return own;
  }

  private void checkMedia(Tensor media) {
    boolean fits =
        media.type() == ElementType.FLOAT32
            && media.shape().rank() == 2
            && media.shape().dimension(0) > 0
            && media.shape().dimension(1) == mediaWidth();
    if (!fits) {
      throw new IllegalArgumentException(
          "media of %s must be float32[rows,%d]; got %s".formatted(model(), mediaWidth(), media));
    }
  }

  private static void requireDifferent(List<Extension> extensions) {
    Set<Sequence> seen = new HashSet<>();
    for (Extension extension : extensions) {
      if (!seen.add(extension.sequence())) {
        throw new IllegalArgumentException("a sequence may be extended once in a call; got twice");
      }
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException(model() + " is closed");
    }
  }

  @Override
  public void reclaimableBy(Reclaimable asked) {
    resources.holder().ask(asked);
  }

  @Override
  public long exchangedBytes() {
    return run.exchangedBytes();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    run.close();
    additions.ifPresent(Additions::close);
    caches.close();
    resources.close();
  }
}
