package io.sensorium.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.encoder.ModalityEncoder;
import io.sensorium.api.lifecycle.LifecycleEvent;
import io.sensorium.api.lifecycle.Step;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.RefusedModel;
import io.sensorium.runtime.onnx.OnnxInferenceRuntime;
import io.sensorium.runtime.onnx.SessionSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;

/** The component inside a real framework, with bundles that carry packages. */
@Timeout(120)
final class RepositoryComponentTest {
  @TempDir Path temporary;
  private static final String ENCODER =
      "osgi.service;objectClass:List<String>=\"" + ModalityEncoder.class.getName() + "\"";

  private final OnnxInferenceRuntime runtime =
      new OnnxInferenceRuntime("cpu", new SessionSettings(1, false, Duration.ofSeconds(1)));
  private final Queue<LifecycleEvent> events = new ConcurrentLinkedQueue<>();
  private Path packages;
  private Framework framework;
  private BundleContext context;

  @BeforeEach
  void startFramework() throws Exception {
    packages = temporary.resolve("home/packages");
    framework =
        new FrameworkFactory()
            .newFramework(
                Map.of(
                    "org.osgi.framework.storage",
                    temporary.resolve("felix").toString(),
                    "felix.log.level",
                    "1",
                    RepositoryComponent.HOME_PROPERTY,
                    temporary.resolve("home").toString()));
    framework.start();
    context = framework.getBundleContext();
  }

  @AfterEach
  void stopFramework() throws Exception {
    framework.stop();
    framework.waitForStop(10_000);
    runtime.close();
  }

  @Test
  void whatAUserDroppedInIsInstalledAndWhatIsDamagedIsLeftOut() throws Exception {
    Files.createDirectories(packages);
    TestPackages.good(packages.resolve("dropped-folder"), "folder", "1");
    Path zipped = TestPackages.good(temporary.resolve("z"), "zipped", "1");
    TestPackages.zip(zipped, packages.resolve("dropped.zip"));
    TestPackages.good(packages.resolve("hand/1"), "hand", "1");
    Files.writeString(packages.resolve("broken.zip"), "broken");
    Files.createDirectories(packages.resolve("broken/1"));
    Files.writeString(packages.resolve("broken/1/model.json"), "{");

    RepositoryComponent repository = open();
    await(() -> repository.packages().size() == 3);
    await(() -> !Files.exists(packages.resolve("dropped.zip")));
    awaitServices("(id=folder)", 1);
    awaitServices("(&(id=zipped)(version=1)(task=embedding)(modality=motion))", 1);
    assertThat(packages.resolve("dropped-folder")).doesNotExist();
    assertThat(packages.resolve("broken.zip")).exists();
    assertThat(repository.refused())
        .extracting(RefusedModel::source)
        .containsExactlyInAnyOrder(
            packages.resolve("broken.zip").toString(), packages.resolve("broken/1").toString());
    repository.close();
    assertThat(services(null)).isEmpty();

    RepositoryComponent restarted = open();
    assertThat(restarted.packages())
        .extracting(ModelPackage::toString)
        .containsExactly("folder 1", "hand 1", "zipped 1");
    assertThat(services("(" + ModelPackage.USER_SINCE + ">=1700000000000)")).hasSize(3);
    restarted.close();
  }

  @Test
  void aBundlesPackagesComeAndGoWithIt() throws Exception {
    RepositoryComponent repository = open();
    Bundle bundle = installSenses();
    assertThat(repository.packages()).isEmpty();
    bundle.start();
    await(() -> repository.packages().size() == 2);
    awaitServices("(id=sense-a)", 1);
    assertThat(services("(" + ModelPackage.USER_SINCE + "=*)")).isEmpty();

    bundle.stop();
    await(() -> repository.packages().isEmpty());
    awaitServices(null, 0);
    assertThat(packages.resolve("sense-a/1/model.onnx")).exists();
    var time = Files.getLastModifiedTime(packages.resolve("sense-a/1"));

    bundle.start();
    await(() -> repository.packages().size() == 2);
    assertThat(Files.getLastModifiedTime(packages.resolve("sense-a/1"))).isEqualTo(time);

    bundle.uninstall();
    await(() -> !Files.exists(packages.resolve("sense-a")));
    await(() -> !Files.exists(packages.resolve("sense-b")));
    assertThat(repository.packages()).isEmpty();
    repository.close();
  }

  @Test
  void anUpdatedBundleBringsItsNewPackagesAndDropsTheOldOnes() throws Exception {
    RepositoryComponent repository = open();
    Bundle bundle = installSenses();
    bundle.start();
    await(() -> repository.packages().size() == 2);
    try (var in = Files.newInputStream(nextSense())) {
      bundle.update(in);
    }
    await(
        () ->
            repository.packages().stream()
                .map(ModelPackage::toString)
                .toList()
                .toString()
                .equals("[sense-a 2]"));
    await(() -> !Files.exists(packages.resolve("sense-a/1")));
    await(() -> !Files.exists(packages.resolve("sense-b")));
    repository.close();
  }

  @Test
  void aBundlesPackagesAreNotInServiceAfterARestartUntilTheBundleIs() throws Exception {
    RepositoryComponent repository = open();
    Bundle bundle = installSenses();
    bundle.start();
    await(() -> repository.packages().size() == 2);
    repository.close();
    assertThat(packages.resolve("sense-a/1")).exists();
    bundle.stop();

    RepositoryComponent restarted = open();
    assertThat(restarted.packages()).isEmpty();
    bundle.start();
    await(() -> restarted.packages().size() == 2);
    restarted.close();
  }

  @Test
  void aPackageWaitsForTheEncoderThatItsBundleSaysItBrings() throws Exception {
    RepositoryComponent repository = open();
    Path model = TestPackages.good(temporary.resolve("sense-a"), "sense-a", "1");
    Bundle bundle =
        installed(
            PackageJar.of("sense")
                .with("sense-a", model)
                .header("Provide-Capability", ENCODER)
                .write(temporary.resolve("sense.jar")));
    bundle.start();
    TimeUnit.MILLISECONDS.sleep(50);
    assertThat(repository.packages()).isEmpty();
    ModalityEncoder encoder = graph -> input -> Map.of();
    bundle.getBundleContext().registerService(ModalityEncoder.class, encoder, null);
    await(() -> repository.packages().size() == 1);
    repository.close();
  }

  @Test
  void aBundleThatGoesAsSoonAsItIsBackLeavesNothing() throws Exception {
    RepositoryComponent repository = open();
    for (int round = 0; round < 7; round++) {
      Bundle bundle = installSenses();
      bundle.start();
      await(() -> repository.packages().size() == 2);
      bundle.stop();
      bundle.start();
      bundle.uninstall();
      repository.settled().join();
      assertThat(repository.packages()).isEmpty();
      assertThat(packages.resolve("sense-a")).doesNotExist();
    }
    repository.close();
  }

  @Test
  void whatABundleLeftThatIsGoneWhenNobodyLookedGoesAtTheEnd() throws Exception {
    RepositoryComponent repository = open();
    PackageJar unreadable = PackageJar.of("other").withAbsent("absent");
    installed(unreadable.write(temporary.resolve("other.jar")));
    Bundle bundle = installSenses();
    bundle.start();
    await(() -> repository.packages().size() == 2);
    repository.close();
    open().close();
    assertThat(packages.resolve("sense-a/1")).exists();
    bundle.uninstall();

    open().close();

    assertThat(packages.resolve("sense-a")).doesNotExist();
    assertThat(packages.resolve(".receipts")).isEmptyDirectory();
  }

  @Test
  void aBundleWithADamagedPackageBringsItsOtherOnes() throws Exception {
    RepositoryComponent repository = open();
    Path bad =
        TestPackages.write(temporary.resolve("bad"), "bad", "1", TestPackages.FREE, 5f, Map.of());
    Path good = TestPackages.good(temporary.resolve("good"), "good", "1");
    PackageJar mixed =
        PackageJar.of("mixed").with("bad", bad).with("good", good).withAbsent("absent");
    installed(mixed.write(temporary.resolve("mixed.jar"))).start();
    await(() -> repository.find("good").isPresent());
    assertThat(repository.find("bad")).isEmpty();
    repository.close();
    assertThat(packages.resolve("bad")).doesNotExist();
    assertThat(packages.resolve(".staging")).isEmptyDirectory();
  }

  @Test
  void aBundleUpdatedBesideItselfKeepsItsPackagesInServiceThroughout() throws Exception {
    RepositoryComponent repository = open();
    Bundle old = installed(senses("1").version("1.0.0").write(temporary.resolve("old.jar")));
    old.start();
    await(() -> repository.packages().size() == 2);
    Queue<String> gone = new ConcurrentLinkedQueue<>();
    context.addServiceListener(
        event -> {
          if (event.getType() == ServiceEvent.UNREGISTERING) {
            gone.add(event.getServiceReference().getProperty("id") + ".");
          }
        },
        "(objectClass=" + ModelPackage.class.getName() + ")");
    Bundle newer = installed(senses("1").version("1.1.0").write(temporary.resolve("new.jar")));
    newer.start();
    repository.settled().get();
    old.uninstall();
    repository.settled().get();
    assertThat(gone).isEmpty();
    assertThat(repository.packages()).hasSize(2);
    assertThat(packages.resolve("sense-a/1")).exists();
    assertThat(
            events.stream()
                .filter(event -> event.step() == Step.READY)
                .map(event -> event.plugIn().bundleId()))
        .containsExactly(
            old.getBundleId(), old.getBundleId(), newer.getBundleId(), newer.getBundleId());

    newer.uninstall();
    await(() -> repository.packages().isEmpty());
    repository.close();
  }

  @Test
  void anUpdateInPlaceLeavesNoGapInTheService() throws Exception {
    RepositoryComponent repository = open();
    Bundle bundle = installSenses();
    bundle.start();
    await(() -> repository.packages().size() == 2);
    Queue<Object> gone = new ConcurrentLinkedQueue<>();
    context.addServiceListener(
        event -> {
          if (event.getType() == ServiceEvent.UNREGISTERING) {
            gone.add(services("(&(id=sense-a)(version=2))").size());
          }
        },
        "(&(objectClass=" + ModelPackage.class.getName() + ")(id=sense-a))");
    try (var in = Files.newInputStream(nextSense())) {
      bundle.update(in);
    }
    await(() -> repository.packages().toString().contains("sense-a 2"));
    await(() -> !Files.exists(packages.resolve("sense-b")));
    assertThat(gone).as("services of the new version when one of the id left").containsExactly(1);
    repository.close();
  }

  @Test
  void whatIsDroppedIntoARunningHostIsTakenAndWhatIsDamagedIsTriedAgainWhenItChanges()
      throws Exception {
    RepositoryComponent repository = open();
    Path good = TestPackages.good(temporary.resolve("good"), "good", "1");
    Path bad =
        TestPackages.write(temporary.resolve("bad"), "bad", "1", TestPackages.FREE, 5f, Map.of());
    TestPackages.zip(bad, packages.resolve("bad.zip"));
    TestPackages.zip(good, packages.resolve("good.zip"));
    await(() -> repository.find("good").isPresent());
    await(() -> !Files.exists(packages.resolve("good.zip")));
    await(() -> !repository.refused().isEmpty());
    assertThat(repository.refused())
        .singleElement()
        .satisfies(refused -> assertThat(refused.source()).endsWith("bad.zip"));
    long attempts = quarantined();
    Path settled = TestPackages.good(temporary.resolve("later"), "later", "1");
    TestPackages.zip(settled, packages.resolve("later.zip"));
    await(() -> repository.find("later").isPresent());
    assertThat(quarantined()).as("it is not tried again").isEqualTo(attempts);

    TestPackages.zip(
        TestPackages.good(temporary.resolve("mended"), "bad", "1"), packages.resolve("bad.zip"));
    await(() -> repository.find("bad").isPresent());
    assertThat(repository.refused()).isEmpty();
    repository.close();
  }

  private long quarantined() {
    return events.stream().filter(event -> event.step() == Step.QUARANTINED).count();
  }

  private RepositoryComponent open() {
    RepositoryComponent repository = new RepositoryComponent(context, runtime);
    repository.addListener(events::add);
    repository.start();
    return repository;
  }

  /** A bundle of the packages sense-a and sense-b. */
  private Bundle installSenses() throws IOException, BundleException {
    return installed(senses("1").write(temporary.resolve("senses.jar")));
  }

  private PackageJar senses(String version) throws IOException {
    return PackageJar.of("sense")
        .with("sense-a", good("sense-a", version))
        .with("sense-b", good("sense-b", version));
  }

  /** The next version of that bundle, without sense-b. */
  private Path nextSense() throws IOException {
    return PackageJar.of("sense")
        .with("sense-a", good("sense-a", "2"))
        .write(temporary.resolve("next.jar"));
  }

  private Path good(String id, String version) throws IOException {
    return TestPackages.good(temporary.resolve(id + version), id, version);
  }

  private Bundle installed(Path jar) throws BundleException {
    return context.installBundle(jar.toUri().toString());
  }

  private Collection<ServiceReference<ModelPackage>> services(String filter) {
    try {
      return context.getServiceReferences(ModelPackage.class, filter);
    } catch (InvalidSyntaxException e) {
      throw new IllegalArgumentException(filter, e);
    }
  }

  /** A package is listed a moment before its service is there, and goes likewise. */
  private void awaitServices(String filter, int count) throws InterruptedException {
    await(() -> services(filter).size() == count);
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited too long").isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(2);
    }
  }
}
