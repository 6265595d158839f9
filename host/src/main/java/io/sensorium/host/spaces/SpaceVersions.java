package io.sensorium.host.spaces;

import io.sensorium.api.Modality;
import io.sensorium.api.index.MediaIndex;
import io.sensorium.api.space.EmbeddingService;
import io.sensorium.api.space.EncoderStatus;
import io.sensorium.api.space.EncoderStatus.State;
import io.sensorium.api.space.SpaceId;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The versions of one space at one moment: who reads what, and where items live. Immutable.
 *
 * <p>A version is <em>open</em> once it reads everything that older versions read: only then every
 * query that finds an item where it is now finds it there as well. A version that has items already
 * is open as long as it reads text, if older versions do.
 */
public final class SpaceVersions {
  private static final Set<State> ANSWERING = EnumSet.of(State.READY, State.IDLE);
  private static final Set<State> EXPECTED =
      EnumSet.of(State.READY, State.IDLE, State.STARTING, State.DRAINING);

  private final NavigableMap<SpaceId, Set<Modality>> answering;
  private final NavigableMap<SpaceId, Set<Modality>> expected;
  private final Set<SpaceId> populated;

  private SpaceVersions(
      NavigableMap<SpaceId, Set<Modality>> answering,
      NavigableMap<SpaceId, Set<Modality>> expected,
      Set<SpaceId> populated) {
    this.answering = answering;
    this.expected = expected;
    this.populated = populated;
  }

  /** The versions of the space of that name; the index is asked only if there are several. */
  public static SpaceVersions of(String name, EmbeddingService embeddings, MediaIndex index) {
    List<EncoderStatus> encoders = embeddings.encoders();
    SpaceVersions alone = of(name, encoders, Set.of());
    return alone.isSingle() ? alone : of(name, encoders, index.spaces());
  }

  /**
   * The versions of the space of that name.
   *
   * @param populated where items live, or shall live from now on
   */
  public static SpaceVersions of(
      String name, List<EncoderStatus> encoders, Collection<SpaceId> populated) {
    return new SpaceVersions(
        readers(name, encoders, ANSWERING),
        readers(name, encoders, EXPECTED),
        Set.copyOf(populated));
  }

  private static NavigableMap<SpaceId, Set<Modality>> readers(
      String name, List<EncoderStatus> encoders, Set<State> states) {
    NavigableMap<SpaceId, Set<Modality>> readers = new TreeMap<>(SpaceId.OLDEST_FIRST);
    encoders.stream()
        .filter(encoder -> encoder.space().name().equals(name))
        .filter(encoder -> states.contains(encoder.state()))
        .forEach(
            encoder ->
                readers
                    .computeIfAbsent(encoder.space(), space -> new HashSet<>())
                    .add(encoder.modality()));
    return readers;
  }

  /** Whether encoders of at most one version are here. */
  public boolean isSingle() {
    return expected.size() < 2;
  }

  /** The version that items of a modality go to; empty if no version answers for it now. */
  public Optional<SpaceId> target(Modality modality) {
    Optional<SpaceId> open =
        answering.descendingKeySet().stream()
            .filter(version -> answers(version, modality) && isOpen(version))
            .findFirst();
    return open.isPresent()
        ? open
        : answering.descendingKeySet().stream()
            .filter(version -> answers(version, modality))
            .findFirst();
  }

  /** Whether an encoder of that version answers for a modality. */
  public boolean answers(SpaceId version, Modality modality) {
    return answering.getOrDefault(version, Set.of()).contains(modality);
  }

  /** What older versions read and this one does not, yet; empty if it reads everything. */
  public Set<Modality> missing(SpaceId version) {
    Set<Modality> missing = readByOlder(version);
    missing.removeAll(answering.getOrDefault(version, Set.of()));
    return missing;
  }

  private Set<Modality> readByOlder(SpaceId version) {
    Set<Modality> read = new HashSet<>();
    answering.headMap(version, false).values().forEach(read::addAll);
    return read;
  }

  /** Whether items may go to that version. */
  public boolean isOpen(SpaceId version) {
    Set<Modality> missing = missing(version);
    return missing.isEmpty() || (populated.contains(version) && !missing.contains(Modality.TEXT));
  }

  /** Versions with an encoder that answers, the oldest first. */
  public NavigableSet<SpaceId> answering() {
    return new TreeSet<>(answering.navigableKeySet());
  }

  /**
   * The versions that a query of these modalities is asked in, the newest first: those that it can
   * be embedded in and that have items, or may get some at any moment.
   */
  public List<SpaceId> searched(Set<Modality> asked) {
    Set<SpaceId> targets = new HashSet<>(populated);
    answering.values().stream()
        .flatMap(Set::stream)
        .forEach(modality -> target(modality).ifPresent(targets::add));
    return expected.descendingMap().entrySet().stream()
        .filter(version -> version.getValue().containsAll(asked))
        .map(Map.Entry::getKey)
        .filter(targets::contains)
        .toList();
  }
}
