package io.sensorium.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.Modality;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.api.space.EncoderStatus.State;
import io.sensorium.examples.motion.simulation.Handling;
import io.sensorium.examples.motion.simulation.MotionFile;
import io.sensorium.examples.motion.simulation.MotionSynthesizer;
import io.sensorium.host.api.IndexProgress;
import io.sensorium.host.api.IndexingReport;
import io.sensorium.host.api.SearchRequest;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.api.SensoriumOptions;
import io.sensorium.models.world.Claim;
import io.sensorium.models.world.GroupClaim;
import io.sensorium.models.world.Scene;
import io.sensorium.models.world.SceneSampler;
import io.sensorium.models.world.Seeds;
import io.sensorium.models.world.Split;
import io.sensorium.models.world.Thing;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example's jar in a host that never heard of motion, while it answers something else. */
class MotionIT {
  private static final Modality MOTION = new Modality("motion");
  private static final String JAR = "sensorium-example-motion.jar";
  private static final long SEED = 815;
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final long BETWEEN_LOOKS_NANOS = 20_000_000;

  /** One of each of 26 things; the figures of the model card leave room for two wrong answers. */
  private static final double LEAST_SHARE = 0.9;

  @TempDir private Path folder;

  private final RandomGenerator random = Seeds.generator(SEED);
  private final WorldFiles files = new WorldFiles(SEED, 0);
  private final Map<Thing, Scene> scenes = new EnumMap<>(Thing.class);
  private final AtomicBoolean done = new AtomicBoolean();
  private final LongAdder answered = new LongAdder();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  @Test
  void wordsPicturesAndSoundsFindMovementsThatNeverMetThem() throws Exception {
    write();
    SensoriumOptions options = SensoriumOptions.at(folder.resolve("home"));
    try (Sensorium sensorium = Sensorium.start(options)) {
      assertThat(index(sensorium, "pictures").indexed()).isEqualTo(Thing.values().length);
      assertThat(feels(sensorium)).isFalse();
      Thread load = Thread.ofPlatform().start(() -> search(sensorium));
      try {
        Path dropped = drop(options.home().resolve("deploy"));
        await("a sense of motion", () -> feels(sensorium));
        assertThat(sensorium.models().verify("world-motion", Optional.empty()).passed()).isTrue();
        assertThat(index(sensorium, "motions").indexed()).isEqualTo(Thing.values().length);
        theSensesFindEachOther(sensorium);
        Files.delete(dropped);
        await("no sense of motion", () -> !feels(sensorium));
      } finally {
        done.set(true);
        load.join();
      }
      assertThat(failure.get()).as("a search that ran meanwhile").isNull();
      assertThat(answered.sum()).isPositive();
    }
  }

  private void theSensesFindEachOther(Sensorium sensorium) throws IOException {
    int named = 0;
    int heard = 0;
    int seen = 0;
    for (Thing thing : Thing.values()) {
      named += finds(sensorium, words(thing), MOTION, thing) ? 1 : 0;
      heard += finds(sensorium, SearchRequest.of(sound(thing)), MOTION, thing) ? 1 : 0;
      EncodeRequest motion = item(MOTION, motion(thing));
      seen += finds(sensorium, SearchRequest.of(motion), Modality.IMAGE, thing) ? 1 : 0;
    }
    double all = Thing.values().length;
    assertThat(named / all).as("by words").isGreaterThanOrEqualTo(LEAST_SHARE);
    assertThat(heard / all).as("by sounds").isGreaterThanOrEqualTo(LEAST_SHARE);
    assertThat(seen / all).as("pictures by motion").isGreaterThanOrEqualTo(LEAST_SHARE);
  }

  private static SearchRequest words(Thing thing) {
    return SearchRequest.text("a " + thing.noun().singular());
  }

  /** Whether the best answer shows the thing; files are named for what they show. */
  private static boolean finds(
      Sensorium sensorium, SearchRequest request, Modality among, Thing thing) {
    String best = sensorium.search(request.among(among).top(1)).getFirst().entry().path();
    return Path.of(best).getFileName().toString().startsWith(thing.id() + ".");
  }

  /** One picture and one movement of every thing, of combinations that training held back. */
  private void write() throws IOException {
    SceneSampler sampler = new SceneSampler(0);
    MotionSynthesizer synthesizer = new MotionSynthesizer();
    Files.createDirectories(folder.resolve("pictures"));
    Files.createDirectories(folder.resolve("motions"));
    for (Thing thing : Thing.values()) {
      Scene scene = sampler.sample(Split.COMBO, Claim.of(GroupClaim.ANY.with(thing)), random);
      scenes.put(thing, scene);
      files.picture(folder.resolve("pictures").resolve(thing.id() + ".png"), scene);
      MotionFile.write(motion(thing), synthesizer.render(scene, random, Handling.CALM));
    }
  }

  private Path motion(Thing thing) {
    return folder.resolve("motions").resolve(thing.id() + ".motion.csv");
  }

  private EncodeRequest sound(Thing thing) throws IOException {
    Path file = folder.resolve(thing.id() + ".wav");
    return item(Modality.AUDIO, files.sound(file, scenes.get(thing)));
  }

  private static EncodeRequest item(Modality modality, Path file) {
    return EncodeRequest.of(modality, MediaInput.read(file, Long.MAX_VALUE));
  }

  private IndexingReport index(Sensorium sensorium, String name) {
    return sensorium.index(List.of(folder.resolve(name)), IndexProgress.NONE);
  }

  private void search(Sensorium sensorium) {
    try {
      while (!done.get()) {
        assertThat(sensorium.search(words(Thing.BELL).among(Modality.IMAGE).top(3))).hasSize(3);
        answered.increment();
        LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
      }
    } catch (RuntimeException | AssertionError e) {
      failure.set(e);
    }
  }

  private static boolean feels(Sensorium sensorium) {
    return sensorium.encoders().stream()
        .anyMatch(encoder -> encoder.modality().equals(MOTION) && encoder.state() == State.READY);
  }

  /** Whole at once: the host must not see half of a file. */
  private Path drop(Path deploy) throws IOException {
    Path partial = folder.resolve("bundle.part");
    try (InputStream jar = Sensorium.class.getResourceAsStream("/META-INF/sensorium/demo/" + JAR)) {
      Files.copy(jar, partial);
    }
    return Files.move(partial, deploy.resolve(JAR), StandardCopyOption.ATOMIC_MOVE);
  }

  private static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waiting for " + what).isLessThan(deadline);
      LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
    }
  }
}
