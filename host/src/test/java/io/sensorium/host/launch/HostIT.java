package io.sensorium.host.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.Modality;
import io.sensorium.api.index.Hit;
import io.sensorium.api.index.MediaIndex;
import io.sensorium.api.model.ModelRepository;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.api.space.EncoderStatus;
import io.sensorium.host.api.BundleException;
import io.sensorium.host.api.BundleStatus;
import io.sensorium.host.api.BundleStatus.Origin;
import io.sensorium.host.api.Diagnosis;
import io.sensorium.host.api.HomeInUseException;
import io.sensorium.host.api.IndexProgress;
import io.sensorium.host.api.IndexingReport;
import io.sensorium.host.api.SearchRequest;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.api.SensoriumOptions;
import io.sensorium.host.operations.Arguments.IndexArguments;
import io.sensorium.host.operations.Arguments.Item;
import io.sensorium.host.operations.Arguments.Items;
import io.sensorium.host.operations.Arguments.SearchArguments;
import io.sensorium.host.operations.Arguments.SpaceChoice;
import io.sensorium.host.operations.Arguments.Term;
import io.sensorium.host.operations.Call;
import io.sensorium.host.operations.HostOperations;
import io.sensorium.host.operations.LocalOperations;
import io.sensorium.host.remote.RemoteOperations;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;

/** The packaged host with the bundles that it carries. */
@Timeout(300)
class HostIT {
  @TempDir private Path folder;

  @Test
  void indexesSearchesAndAnswersTheSameTwiceInOneJvmAndFromAfar() throws Exception {
    Path media = Files.createDirectory(folder.resolve("media"));
    Files.writeString(media.resolve("bells.txt"), "Three small bells ring.");
    Files.writeString(media.resolve("rain.txt"), "Heavy rain falls on the roof.");
    Path picture = picture(media.resolve("red-disc.png"));
    Files.write(media.resolve("broken.png"), new byte[] {(byte) 0x89, 'P', 'N', 'G', 1, 2});
    List<String> firstPaths;
    try (Sensorium sensorium = Sensorium.start(options())) {
      assertThat(sensorium.encoders())
          .extracting(EncoderStatus::modality)
          .contains(Modality.IMAGE, Modality.AUDIO, Modality.TEXT);
      assertThat(sensorium.encoders()).allMatch(e -> e.state() == EncoderStatus.State.READY);

      IndexingReport report = sensorium.index(List.of(media), IndexProgress.NONE);
      assertThat(report.indexed()).isEqualTo(3);
      assertThat(report.unreadable()).hasSize(1);

      List<Hit> hits = sensorium.search(SearchRequest.text("little bells are ringing"));
      firstPaths = hits.stream().map(hit -> hit.entry().path()).toList();
      assertThat(
              sensorium
                  .search(SearchRequest.text("little bells").among(Modality.TEXT))
                  .getFirst()
                  .entry()
                  .path())
          .endsWith("bells.txt");
      assertThat(
              sensorium.classify(
                  EncodeRequest.of(Modality.TEXT, io.sensorium.api.media.MediaInput.ofText("bell")),
                  List.of("a bell", "rain")))
          .hasSize(2);
    }
    try (Sensorium sensorium = Sensorium.start(options())) {
      assertThat(sensorium.index(List.of(media), IndexProgress.NONE).unchanged()).isEqualTo(3);
      List<Hit> hits = sensorium.search(SearchRequest.text("little bells are ringing"));
      assertThat(hits).extracting(hit -> hit.entry().path()).isEqualTo(firstPaths);
      sensorium.serve();
      assertSameFromAfar(new LocalOperations(sensorium), picture);
    }
  }

  private void assertSameFromAfar(HostOperations local, Path picture) {
    try (RemoteOperations remote =
        RemoteOperations.connect(new HomeFolder(folder.resolve("home"))).orElseThrow()) {
      SearchArguments search =
          new SearchArguments(
              List.of(
                  new Term(Item.file("image", picture.toString()), 1),
                  new Term(Item.text("blue"), -1)),
              false,
              List.of(),
              Map.of(),
              5,
              SpaceChoice.DEFAULT);
      assertThat(remote.search(search, call())).isEqualTo(local.search(search, call()));
      Items items = new Items(List.of(Item.text("a bell")), SpaceChoice.DEFAULT);
      assertThat(remote.embed(items, call()).embeddings().getFirst())
          .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-5 ? 0 : 1)
          .isEqualTo(local.embed(items, call()).embeddings().getFirst());
      assertThat(remote.models(call())).isEqualTo(local.models(call()));
      IndexArguments again = new IndexArguments(List.of(picture.toString()), SpaceChoice.DEFAULT);
      assertThat(remote.index(again, call()).unchanged()).isEqualTo(1);
    }
  }

  @Test
  void aSecondHostIsRefusedAndTheFirstGoesOn() {
    try (Sensorium first = Sensorium.start(options().withoutAwaitingEncoders())) {
      assertThatThrownBy(() -> Sensorium.start(options()))
          .isInstanceOf(HomeInUseException.class)
          .hasMessageContaining(Long.toString(ProcessHandle.current().pid()));
      assertThat(first.bundles()).isNotEmpty();
    }
  }

  @Test
  void everyBundleIsActiveAndTheDoctorFindsNothing() {
    try (Sensorium sensorium = Sensorium.start(options())) {
      assertThat(sensorium.bundles())
          .filteredOn(bundle -> bundle.name().startsWith("sensorium"))
          .filteredOn(bundle -> !bundle.name().equals("sensorium-shell"))
          .hasSizeGreaterThan(8)
          .allMatch(bundle -> bundle.state().equals("ACTIVE"));
      Diagnosis diagnosis = sensorium.doctor();
      assertThat(diagnosis.problems()).isEmpty();
      assertThat(diagnosis.checks())
          .extracting(Diagnosis.Check::name)
          .contains("device", "encoders", "index", "lifecycle");
      assertThat(diagnosis.checks()).allMatch(check -> check.status().equals("OK"));
      assertThat(diagnosis.index().orElseThrow().vectorised()).isTrue();
      assertThat(sensorium.service(ModelRepository.class).packages()).hasSizeGreaterThan(2);
    }
  }

  @Test
  void theDoctorRunsTheHealthChecksOfOtherBundlesAndOutlivesABrokenOne() {
    try (Sensorium sensorium = Sensorium.start(options().withoutAwaitingEncoders())) {
      BundleContext context =
          FrameworkUtil.getBundle(sensorium.service(MediaIndex.class).getClass())
              .getBundleContext();
      HealthCheck full = () -> new Result(Result.Status.WARN, "the tray is full");
      HealthCheck broken =
          () -> {
            throw new IllegalStateException("no paper");
          };
      context.registerService(HealthCheck.class, full, name("tray"));
      context.registerService(HealthCheck.class, broken, name("paper"));

      assertThat(sensorium.doctor().problems())
          .contains("the tray is full", "the health check 'paper' failed: no paper");
    }
  }

  private static Dictionary<String, Object> name(String check) {
    return FrameworkUtil.asDictionary(Map.of(HealthCheck.NAME, check));
  }

  @Test
  void aDamagedCacheIsBuiltAnew() throws IOException {
    Path cache = folder.resolve("home/bundles/cache");
    startAndStop();
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 3; round++) {
      damage(cache, random, round);
      startAndStop();
    }
  }

  private void startAndStop() {
    try (Sensorium sensorium = Sensorium.start(options().withoutAwaitingEncoders())) {
      assertThat(sensorium.bundles())
          .filteredOn(bundle -> bundle.name().equals("sensorium-space"))
          .singleElement()
          .satisfies(bundle -> assertThat(bundle.state()).isEqualTo("ACTIVE"));
    }
  }

  /** Overwrites, truncates or deletes about half of the files. */
  private static void damage(Path cache, Random random, int round) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(cache)) {
      files = walk.filter(Files::isRegularFile).sorted().toList();
    }
    for (Path file : files) {
      if (random.nextBoolean()) {
        switch (round) {
          case 0 -> Files.write(file, new byte[] {1, 2, 3});
          case 1 -> Files.write(file, new byte[0]);
          default -> Files.delete(file);
        }
      }
    }
  }

  @Test
  void bundlesComeGoAreReplacedAndPutBackWhileTheHostRuns() throws IOException {
    Path one = TestBundle.write(folder.resolve("one.jar"), "sense", "1.0.0", "");
    Path two = TestBundle.write(folder.resolve("two.jar"), "sense", "2.0.0", "");
    Path bad = TestBundle.write(folder.resolve("bad.jar"), "sense", "3.0.0", "no.such.pack");
    Path junk = Files.writeString(folder.resolve("junk.jar"), "this is no jar");
    try (Sensorium sensorium = Sensorium.start(options().withoutAwaitingEncoders())) {
      assertThat(sensorium.installBundle(one).state()).isEqualTo("ACTIVE");
      assertThatThrownBy(() -> sensorium.installBundle(one))
          .isInstanceOf(BundleException.class)
          .hasMessageContaining("installed already");
      assertThat(sensorium.updateBundle("sense", two).version()).isEqualTo("2.0.0");
      assertThatThrownBy(() -> sensorium.updateBundle("sense", bad))
          .isInstanceOf(BundleException.class)
          .hasMessageContaining("no.such.pack");
      assertThat(find(sensorium, "sense").orElseThrow().version()).isEqualTo("2.0.0");
      assertThat(find(sensorium, "sense").orElseThrow().state()).isEqualTo("ACTIVE");
      assertThatThrownBy(() -> sensorium.installBundle(junk))
          .isInstanceOf(BundleException.class)
          .hasMessageContaining("junk.jar");
      assertThatThrownBy(() -> sensorium.uninstallBundle("nobody"))
          .isInstanceOf(BundleException.class)
          .hasMessageContaining("nobody");
    }
    // The home keeps it, even when the framework's cache is thrown away.
    Files.delete(folder.resolve("home/bundles/fingerprint"));
    try (Sensorium sensorium = Sensorium.start(options().withoutAwaitingEncoders())) {
      BundleStatus kept = find(sensorium, "sense").orElseThrow();
      assertThat(kept.version()).isEqualTo("2.0.0");
      assertThat(kept.state()).isEqualTo("ACTIVE");
      assertThat(kept.origin()).isEqualTo(Origin.ADDED);
      sensorium.uninstallBundle("sense");
    }
    try (Sensorium sensorium = Sensorium.start(options().withoutAwaitingEncoders())) {
      assertThat(find(sensorium, "sense")).isEmpty();
    }
  }

  @Test
  void aBadBundleInTheDeployFolderDoesNotKeepTheHostFromStarting() throws IOException {
    Path deploy = Files.createDirectories(folder.resolve("home/deploy"));
    TestBundle.write(deploy.resolve("good.jar"), "good", "1.0.0", "");
    TestBundle.write(deploy.resolve("unresolved.jar"), "unresolved", "1.0.0", "no.such.pack");
    Files.writeString(deploy.resolve("junk.jar"), "this is no jar");
    try (Sensorium sensorium = Sensorium.start(options())) {
      assertThat(find(sensorium, "good").orElseThrow().state()).isEqualTo("ACTIVE");
      assertThat(sensorium.doctor().problems())
          .anyMatch(problem -> problem.contains("no.such.pack"))
          .anyMatch(problem -> problem.contains("junk.jar is no jar"))
          .hasSize(2);
    }
  }

  @Test
  void bundlesForOneRunAreGoneWithTheNext() throws IOException {
    Path jar = TestBundle.write(folder.resolve("run.jar"), "for.this.run", "1.0.0", "");
    SensoriumOptions bare = options().withoutAwaitingEncoders();
    try (Sensorium sensorium = Sensorium.start(bare.withBundles(List.of(jar)))) {
      assertThat(find(sensorium, "for.this.run")).isPresent();
    }
    try (Sensorium sensorium = Sensorium.start(bare)) {
      assertThat(find(sensorium, "for.this.run")).isEmpty();
    }
  }

  @Test
  void aClosedHostSaysSo() {
    Sensorium sensorium = Sensorium.start(options().withoutAwaitingEncoders());
    sensorium.close();
    sensorium.close();
    assertThatThrownBy(sensorium::bundles).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> sensorium.search(SearchRequest.text("a")))
        .isInstanceOf(IllegalStateException.class);
  }

  private SensoriumOptions options() {
    return SensoriumOptions.at(folder.resolve("home"))
        .withTimeouts(Duration.ofMinutes(3), Duration.ofMinutes(2));
  }

  private static Call call() {
    return Call.within(Duration.ofMinutes(2));
  }

  private static Optional<BundleStatus> find(Sensorium sensorium, String name) {
    return sensorium.bundles().stream().filter(bundle -> bundle.name().equals(name)).findFirst();
  }

  private static Path picture(Path file) throws IOException {
    BufferedImage image = new BufferedImage(101, 67, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.RED);
    graphics.fillOval(20, 10, 41, 43);
    graphics.dispose();
    ImageIO.write(image, "png", file.toFile());
    return file;
  }
}
