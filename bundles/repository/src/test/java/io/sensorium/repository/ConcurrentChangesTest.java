package io.sensorium.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.lifecycle.LifecycleListeners;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.ModelRepository.InstallPolicy;
import io.sensorium.runtime.onnx.OnnxInferenceRuntime;
import io.sensorium.runtime.onnx.SessionSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many threads install, update and remove one id. */
@Timeout(120)
final class ConcurrentChangesTest {
  private static final int THREADS = 32;
  private static final int CHANGES = 8;
  private static final int VERSIONS = 5;

  @TempDir Path temporary;

  /**
   * What is in service from a moment on.
   *
   * @param version 0 for nothing
   */
  private record Served(long nanos, int version) {}

  /**
   * One call.
   *
   * @param version that was installed; 0 for a removal
   * @param found whether a removal found something
   */
  private record Call(long began, long ended, int version, boolean found) {}

  private final List<Served> served = Collections.synchronizedList(new ArrayList<>());

  @Test
  void changesOfOneIdAreLinearizable() throws Exception {
    long seed = Long.getLong("sensorium.seed", System.nanoTime());
    System.out.println("seed " + seed);
    List<Path> folders = new ArrayList<>();
    for (int version = 1; version <= VERSIONS; version++) {
      String name = Integer.toString(version);
      folders.add(TestPackages.good(temporary.resolve("v" + name), "one", name));
    }
    served.add(new Served(System.nanoTime(), 0));
    List<Call> calls = new ArrayList<>();
    try (OnnxInferenceRuntime runtime =
            new OnnxInferenceRuntime("cpu", new SessionSettings(1, false, Duration.ofSeconds(1)));
        ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      FolderModelRepository repository = repository(runtime);
      List<Future<List<Call>>> running = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(seed + thread);
        running.add(threads.submit(() -> change(repository, folders, random)));
      }
      for (Future<List<Call>> each : running) {
        calls.addAll(each.get());
      }
      calls.forEach(this::assertTookEffect);
      assertThat(removals()).isEqualTo(calls.stream().filter(Call::found).count());
      int last = served.getLast().version();
      assertThat(repository.find("one").map(model -> model.manifest().version()).orElse("0"))
          .isEqualTo(Integer.toString(last));
      assertThat(installedVersions()).hasSize(last == 0 ? 0 : 1);
      assertThat(temporary.resolve("packages/.staging")).isEmptyDirectory();
    }
  }

  private FolderModelRepository repository(OnnxInferenceRuntime runtime) {
    List<ModelPackage> current = Collections.synchronizedList(new ArrayList<>());
    return new FolderModelRepository(
        new PackageStore(temporary.resolve("packages")),
        runtime,
        model -> {
          current.add(model);
          served.add(new Served(System.nanoTime(), Integer.parseInt(model.manifest().version())));
          return () -> {
            current.remove(model);
            if (current.isEmpty()) {
              served.add(new Served(System.nanoTime(), 0));
            }
          };
        },
        new EncoderVerdicts(),
        new LifecycleListeners((event, failure) -> {}));
  }

  private static List<Call> change(
      FolderModelRepository repository, List<Path> folders, RandomGenerator random) {
    List<Call> calls = new ArrayList<>();
    for (int i = 0; i < CHANGES; i++) {
      int version = random.nextInt(3) == 0 ? 0 : random.nextInt(1, VERSIONS + 1);
      long began = System.nanoTime();
      boolean found = false;
      if (version == 0) {
        found = repository.remove("one");
      } else {
        ModelPackage model = repository.install(folders.get(version - 1), InstallPolicy.DEFAULT);
        assertThat(model.manifest().version()).isEqualTo(Integer.toString(version));
      }
      calls.add(new Call(began, System.nanoTime(), version, found));
    }
    return calls;
  }

  /** There must have been a moment between the call's beginning and end at which it was so. */
  private void assertTookEffect(Call call) {
    boolean effective = false;
    for (int i = 0; i < served.size(); i++) {
      long from = served.get(i).nanos();
      long until = i + 1 < served.size() ? served.get(i + 1).nanos() : Long.MAX_VALUE;
      effective |=
          served.get(i).version() == call.version()
              && from <= call.ended()
              && until >= call.began();
    }
    assertThat(effective).as("%s within %s", call, served).isTrue();
  }

  private long removals() {
    return served.stream().skip(1).filter(each -> each.version() == 0).count();
  }

  private List<Path> installedVersions() throws IOException {
    Path folder = temporary.resolve("packages/one");
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> versions = Files.list(folder)) {
      return versions.toList();
    }
  }
}
