package io.sensorium.adapter;

import io.sensorium.api.adapter.MediaAdapter;
import io.sensorium.api.space.EncodeRequest;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The adapters in service. Thread-safe. */
final class AdapterRegistry {
  private static final Comparator<ServedAdapter> BY_ID =
      Comparator.<ServedAdapter, String>comparing(served -> served.adapter().id())
          .thenComparing(ServedAdapter::serviceId);

  /** Services are numbered anew whenever a host starts; what the user chose outlasts that. */
  private static final Comparator<ServedAdapter> BY_INSTALLATION =
      Comparator.comparingLong(ServedAdapter::userSince).thenComparing(ServedAdapter::serviceId);

  private final AtomicReference<List<ServedAdapter>> snapshot = new AtomicReference<>(List.of());

  void add(ServedAdapter served) {
    snapshot.updateAndGet(
        now -> Stream.concat(now.stream(), Stream.of(served)).sorted(BY_ID).toList());
  }

  void remove(long serviceId) {
    snapshot.updateAndGet(
        now -> now.stream().filter(served -> served.serviceId() != serviceId).toList());
  }

  boolean isServing(ServedAdapter served) {
    return snapshot.get().contains(served);
  }

  List<MediaAdapter> adapters() {
    return snapshot.get().stream().map(ServedAdapter::adapter).toList();
  }

  /**
   * The adapter for an item.
   *
   * @throws IllegalArgumentException if there is none, saying what was required and what there is
   */
  ServedAdapter choose(EncodeRequest item, String languageModel, Optional<String> id) {
    List<ServedAdapter> now = snapshot.get();
    return id.map(named -> named(now, named, item, languageModel))
        .orElseGet(
            () ->
                latest(now, served -> fits(served.adapter(), item, languageModel))
                    .orElseThrow(() -> nothingFits(now, item, languageModel)));
  }

  private static ServedAdapter named(
      List<ServedAdapter> now, String id, EncodeRequest item, String languageModel) {
    ServedAdapter served =
        latest(now, each -> each.adapter().id().equals(id))
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "no such adapter: '%s'; there are %s".formatted(id, described(now))));
    if (!fits(served.adapter(), item, languageModel)) {
      throw new IllegalArgumentException(
          "an adapter of %s for %s is required; got %s"
              .formatted(item.modality(), languageModel, served.adapter()));
    }
    return served;
  }

  private static Optional<ServedAdapter> latest(
      List<ServedAdapter> now, Predicate<ServedAdapter> wanted) {
    return now.stream().filter(wanted).max(BY_INSTALLATION);
  }

  private static boolean fits(MediaAdapter adapter, EncodeRequest item, String languageModel) {
    return adapter.modality().equals(item.modality())
        && adapter.languageModel().equals(languageModel)
        && item.space().map(adapter.space().name()::equals).orElse(true);
  }

  private static IllegalArgumentException nothingFits(
      List<ServedAdapter> now, EncodeRequest item, String languageModel) {
    return new IllegalArgumentException(
        "no adapter makes %s%s readable for %s; there are %s"
            .formatted(
                item.modality(),
                item.space().map(space -> " in space '" + space + "'").orElse(""),
                languageModel,
                described(now)));
  }

  private static List<String> described(List<ServedAdapter> now) {
    return now.stream().map(served -> served.adapter().toString()).toList();
  }
}
