package io.sensorium.backend.transformer;

import io.sensorium.api.DeadlineExceededException;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.language.AdaptableDecoder;
import io.sensorium.api.language.LanguageBackend;
import io.sensorium.api.language.LanguageModel;
import io.sensorium.api.language.SequenceLimits;
import io.sensorium.api.memory.MemoryKind;
import io.sensorium.api.memory.MemoryLedger;
import io.sensorium.api.memory.MemoryRequest;
import io.sensorium.api.memory.Reservation;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.runtime.InferenceRuntime;
import io.sensorium.api.runtime.ResidentSession;
import io.sensorium.api.runtime.SessionLease;
import java.time.Duration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Opens decoders that remember by keys and values. Thread-safe. */
@Component
public final class TransformerBackend implements LanguageBackend {
  private static final int CHUNK = 256;
  private static final Duration RETIRING = Duration.ofSeconds(10);

  private final InferenceRuntime runtime;
  private final MemoryLedger ledger;
  private final int chunk;

  /** Started by Declarative Services. */
  @Activate
  public TransformerBackend(@Reference InferenceRuntime runtime, @Reference MemoryLedger ledger) {
    this(runtime, ledger, CHUNK);
  }

  /**
   * @param chunk tokens of a prompt that are run at once
   */
  TransformerBackend(InferenceRuntime runtime, MemoryLedger ledger, int chunk) {
    this.runtime = runtime;
    this.ledger = ledger;
    this.chunk = chunk;
  }

  @Override
  public boolean runs(ModelPackage model) {
    return DecoderIo.decoderOf(model).isPresent();
  }

  @Override
  public boolean adapts(ModelPackage model) {
    return DecoderIo.decoderOf(model)
        .flatMap(graph -> AdaptableDecoder.of(graph.manifest()))
        .isPresent();
  }

  @Override
  public LanguageModel open(ModelPackage model, SequenceLimits limits, RequestContext context) {
    ModelGraph graph =
        DecoderIo.decoderOf(model)
            .orElseThrow(
                () -> new ModelLoadException("model %s must be a decoder".formatted(model)));
    DecoderIo io = DecoderIo.of(graph);
    int length = Math.min(limits.contextLength(), io.contextLength());
    ModelGraph chosen = limits.adaptable() ? adaptable(io, context) : graph;
    SessionLease lease = runtime.lease(chosen, context);
    Reservation reservation = null;
    boolean opened = false;
    try {
      ResidentSession session =
          lease
              .resident()
              .orElseThrow(
                  () ->
                      new ModelLoadException(
                          "%s must be run by ONNX Runtime to be continued".formatted(graph)));
      long bytes = limits.sequences() * bytesOfSlot(io, limits, length);
      ModelHolder holder = new ModelHolder();
      lease.reclaimableBy(holder);
      reservation =
          ledger.reserve(
              MemoryRequest.of(session.device(), graph.toString(), MemoryKind.CACHE, bytes)
                  .reclaimableBy(holder),
              context);
      LanguageModel open =
          new TransformerModel(
              io,
              new SequenceLimits(limits.sequences(), length, limits.adaptable()),
              chunk,
              new Resources(lease, retiring(io, chosen), reservation, holder, ledger));
      opened = true;
      return open;
    } finally {
      if (!opened) {
        if (reservation != null) {
          reservation.close();
        }
        lease.close();
      }
    }
  }

  /** The adaptable form, the plain one having gone: the weights shall lie on the device once. */
  private ModelGraph adaptable(DecoderIo io, RequestContext context) {
    ModelGraph adaptable =
        io.adaptableGraph()
            .orElseThrow(
                () ->
                    new ModelLoadException(
                        "model %s has no form that takes adapters; import its checkpoint again"
                            .formatted(io.graph())));
    if (!runtime.retire(io.graph(), context)) {
      throw new DeadlineExceededException(
          "model %s must not be in use when it opens for adapters".formatted(io.graph()));
    }
    return adaptable;
  }

  /** Nobody but this backend knows of the adaptable form's session. */
  private Runnable retiring(DecoderIo io, ModelGraph opened) {
    return opened.equals(io.graph())
        ? () -> {}
        : () -> runtime.retire(opened, RequestContext.within(RETIRING));
  }

  private static long bytesOfSlot(DecoderIo io, SequenceLimits limits, int length) {
    long caches = SlotCaches.bytes(io.caches(), length) * (io.grows() ? 2 : 1);
    return limits.adaptable() ? caches + SlotAdditions.bytes(io.adaptable().orElseThrow()) : caches;
  }
}
