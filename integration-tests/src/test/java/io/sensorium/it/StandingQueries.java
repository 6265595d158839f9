package io.sensorium.it;

import io.sensorium.api.Modality;
import io.sensorium.api.index.Hit;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.host.api.SearchRequest;
import io.sensorium.host.api.Sensorium;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Queries of every sense over a folder, whose answers are to stay what they were. */
final class StandingQueries {
  private static final int TOP = 10;

  /** A cosine of 128 components is rounded differently by a rotation. */
  private static final double ROUNDING = 1e-5;

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final List<SearchRequest> requests;

  StandingQueries(Path media) throws IOException {
    List<SearchRequest> made = new ArrayList<>();
    Stream.of("three small bells", "a red drum", "a blue boat", "a loud bird", "two green cups")
        .forEach(
            text -> {
              made.add(SearchRequest.text(text).top(TOP));
              made.add(SearchRequest.text(text).among(Modality.IMAGE).top(TOP));
              made.add(SearchRequest.text(text).among(Modality.AUDIO).top(TOP));
            });
    for (Path file : files(media)) {
      String name = file.getFileName().toString();
      if (made.size() < 25 && (name.endsWith("0.png") || name.endsWith("3.wav"))) {
        Modality modality = name.endsWith("png") ? Modality.IMAGE : Modality.AUDIO;
        EncodeRequest item = EncodeRequest.of(modality, MediaInput.read(file, Files.size(file)));
        made.add(SearchRequest.of(item).top(TOP));
      }
    }
    requests = List.copyOf(made);
  }

  private static List<Path> files(Path media) throws IOException {
    try (Stream<Path> walk = Files.walk(media)) {
      return walk.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** An item that was found. */
  record Found(String id, double score) {
    static List<Found> of(List<Hit> hits) {
      return hits.stream().map(hit -> new Found(hit.entry().id(), hit.score())).toList();
    }
  }

  /** What each query finds, best first. */
  List<List<Found>> answers(Sensorium sensorium) {
    return requests.stream().map(request -> Found.of(sensorium.search(request))).toList();
  }

  /**
   * Where pictures and sounds are not what they were: other scores, or another order but for ties.
   * Texts are left out: the default model works in 8 bits, and what it makes of one of them depends
   * on the texts that are embedded in the same moment.
   */
  static List<String> differences(List<List<Found>> expected, List<List<Found>> answers) {
    List<String> differences = new ArrayList<>();
    for (int query = 0; query < expected.size(); query++) {
      List<Found> wanted = withoutTexts(expected.get(query));
      List<Found> found = withoutTexts(answers.get(query));
      int compared = Math.min(wanted.size(), found.size());
      boolean same = compared >= expected.get(query).size() - 2;
      for (int rank = 0; same && rank < compared; rank++) {
        String id = found.get(rank).id();
        double score = wanted.get(rank).score();
        boolean known = wanted.stream().noneMatch(each -> each.id().equals(id) && far(each, score));
        same = known && !far(found.get(rank), score);
      }
      if (!same) {
        differences.add("query %d found %s instead of %s".formatted(query, found, wanted));
      }
    }
    return differences;
  }

  private static List<Found> withoutTexts(List<Found> all) {
    return all.stream().filter(found -> !found.id().endsWith(".txt")).toList();
  }

  private static boolean far(Found found, double score) {
    return Math.abs(found.score() - score) > ROUNDING;
  }

  /** Asks them again and again from a thread of its own. */
  final class Watch implements AutoCloseable {
    final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    final AtomicInteger asked = new AtomicInteger();
    private final Sensorium sensorium;
    private final List<List<Found>> expected;
    private final Thread thread;
    private volatile boolean over;

    Watch(Sensorium sensorium, List<List<Found>> expected) {
      this.sensorium = sensorium;
      this.expected = expected;
      this.thread = Thread.ofPlatform().daemon().name("watch").start(this::ask);
    }

    private void ask() {
      while (!over) {
        for (int i = 0; i < requests.size() && !over; i++) {
          try {
            compare(i, Found.of(sensorium.search(requests.get(i))));
          } catch (RuntimeException e) {
            failures.add("query " + i + " failed: " + e);
          }
          asked.incrementAndGet();
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      }
    }

    private void compare(int query, List<Found> found) {
      List<Found> wanted = expected.get(query);
      long distinct = found.stream().map(Found::id).distinct().count();
      if (!found.getFirst().id().equals(wanted.getFirst().id())
          || found.size() != wanted.size()
          || distinct != found.size()) {
        failures.add("query %d found %s instead of %s".formatted(query, found, wanted));
      }
    }

    @Override
    public void close() {
      over = true;
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
