package io.sensorium.host.hotplug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.encoder.ModalityEncoder;
import io.sensorium.api.lifecycle.LifecycleListener;
import io.sensorium.api.lifecycle.Step;
import io.sensorium.api.lifecycle.Swap;
import io.sensorium.api.memory.MemoryReporter;
import io.sensorium.api.model.ModelRepository;
import io.sensorium.api.model.RefusedModel;
import io.sensorium.host.FakeModels;
import io.sensorium.host.api.BundleException;
import io.sensorium.host.api.BundleStatus;
import io.sensorium.host.api.PlugInPolicy;
import io.sensorium.host.hotplug.plugin.ExhaustingActivator;
import io.sensorium.host.hotplug.plugin.GoodActivator;
import io.sensorium.host.hotplug.plugin.OfferingActivator;
import io.sensorium.host.hotplug.plugin.StopThrowingActivator;
import io.sensorium.host.hotplug.plugin.StubbornActivator;
import io.sensorium.host.hotplug.plugin.ThrowingActivator;
import io.sensorium.host.hotplug.plugin.UnlinkedActivator;
import io.sensorium.host.hotplug.plugin.UsingActivator;
import io.sensorium.host.hotplug.plugin.WaitingActivator;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

@Timeout(120)
class ProtocolTest {
  @TempDir private Path folder;
  private TestFramework host;

  @BeforeEach
  void start() throws Exception {
    host = new TestFramework(folder.resolve("home"), TestFramework.PATIENT);
  }

  @AfterEach
  void stop() throws Exception {
    host.close();
  }

  @Test
  void aBundleGoesThroughEveryStepAndIsProvedGone() throws Exception {
    BundleStatus installed = host.changes().install(good("1.0.0"));
    assertThat(installed.step()).isEqualTo(Step.READY);
    assertThat(installed.state()).isEqualTo("ACTIVE");
    assertThat(installed.swap()).isEmpty();
    host.changes().uninstall("sense");
    assertThat(host.find("sense")).isEmpty();
    assertThat(host.plugIns.journal().classLoadersRetained()).isLessThanOrEqualTo(1);
    awaitGone();
    assertThat(host.steps())
        .containsExactly(
            "sense 1.0.0 RESOLVE",
            "sense 1.0.0 VERIFY",
            "sense 1.0.0 LOAD",
            "sense 1.0.0 READY",
            "sense 1.0.0 DRAIN",
            "sense 1.0.0 CLOSE",
            "sense 1.0.0 PROVE",
            "sense 1.0.0 GONE");
    assertThat(host.plugIns.journal().entries()).isEmpty();
    assertThat(host.keptFiles()).isEmpty();
  }

  @Test
  void aBundleOfNothingButPlugInsServesUntilTheNextVersionIsReady() throws Exception {
    long before = host.changes().install(good("1.0.0")).id();
    host.events.clear();
    BundleStatus updated = host.changes().update("sense", good("2.0.0"));
    assertThat(updated.id()).isNotEqualTo(before);
    assertThat(updated.swap()).contains(Swap.BLUE_GREEN);
    assertThat(host.steps())
        .startsWith(
            "sense 2.0.0 RESOLVE",
            "sense 2.0.0 VERIFY",
            "sense 2.0.0 LOAD",
            "sense 2.0.0 READY",
            "sense 1.0.0 DRAIN",
            "sense 1.0.0 CLOSE",
            "sense 1.0.0 PROVE");
    assertThat(host.keptFiles()).hasSize(2).first().asString().startsWith("sense-");
  }

  @Test
  void aBundleThatOffersServicesIsSwappedInPlaceAndPutBack() throws Exception {
    long before = host.changes().install(offering("1.0.0")).id();
    host.events.clear();
    BundleStatus updated = host.changes().update("sense", offering("2.0.0"));
    assertThat(updated.swap()).contains(Swap.DRAIN_AND_SWAP);
    assertThat(offered()).isEqualTo("2.0.0");
    assertThat(host.steps())
        .startsWith(
            "sense 2.0.0 RESOLVE",
            "sense 2.0.0 VERIFY",
            "sense 1.0.0 DRAIN",
            "sense 2.0.0 LOAD",
            "sense 2.0.0 READY",
            "sense 1.0.0 CLOSE",
            "sense 1.0.0 PROVE");
    assertThat(updated.id()).isNotEqualTo(before);
    assertThatThrownBy(() -> host.changes().update("sense", bad("3.0.0", ThrowingActivator.class)))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("out of order");
    assertThat(offered()).isEqualTo("2.0.0");
    assertThat(host.find("sense").orElseThrow().step()).isEqualTo(Step.READY);
  }

  @Test
  void aSingletonIsSwappedInPlace() throws Exception {
    for (String version : List.of("1.0.0", "2.0.0")) {
      TestJar.of("sense;singleton:=true", version)
          .activator(OfferingActivator.class)
          .write(folder.resolve("single" + version + ".jar"));
    }
    host.changes().install(folder.resolve("single1.0.0.jar"));
    BundleStatus updated = host.changes().update("sense", folder.resolve("single2.0.0.jar"));
    assertThat(updated.swap()).contains(Swap.DRAIN_AND_SWAP);
    assertThat(offered()).isEqualTo("2.0.0");
  }

  private void startAgain(PlugInPolicy policy) throws Exception {
    host.close();
    host = new TestFramework(folder.resolve("home"), policy);
  }

  @Test
  void aVersionThatDoesNotOfferWhatItDeclaresIsPutBack() throws Exception {
    String offer = "osgi.service;objectClass:List<String>=\"java.util.concurrent.Callable\"";
    TestJar.of("sense", "1.0.0")
        .activator(OfferingActivator.class)
        .header("Provide-Capability", offer)
        .write(folder.resolve("offering.jar"));
    TestJar.of("sense", "2.0.0")
        .activator(GoodActivator.class)
        .header("Provide-Capability", offer)
        .write(folder.resolve("forgetful.jar"));
    Duration minute = Duration.ofMinutes(1);
    startAgain(PlugInPolicy.DEFAULT.within(minute, Duration.ofMillis(200), minute));
    host.changes().install(folder.resolve("offering.jar"));
    assertThatThrownBy(() -> host.changes().update("sense", folder.resolve("forgetful.jar")))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("must offer")
        .hasMessageContaining("Callable");
    assertThat(offered()).isEqualTo("1.0.0");
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        ThrowingActivator.class,
        ExhaustingActivator.class,
        UnlinkedActivator.class,
        WaitingActivator.class,
      })
  void aBadVersionNeverReplacesAGoodOne(Class<? extends BundleActivator> kind) throws Exception {
    startAgain(TestFramework.QUICK);
    long before = host.changes().install(good("1.0.0")).id();
    List<String> kept = host.keptFiles();
    Path bad = bad("2.0.0", kind);
    assertThatThrownBy(() -> host.changes().update("sense", bad))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("sense");
    BundleStatus serving = host.find("sense").orElseThrow();
    assertThat(serving.id()).isEqualTo(before);
    assertThat(serving.state()).isEqualTo("ACTIVE");
    assertThat(host.steps()).doesNotContain("sense 1.0.0 DRAIN");
    assertThat(host.plugIns.journal().quarantined())
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.plugIn().version()).isEqualTo("2.0.0");
              assertThat(entry.failedIn()).contains(Step.LOAD);
              assertThat(entry.reason()).isNotBlank();
            });
    assertThat(host.keptFiles()).isEqualTo(kept);
    assertThat(host.changes().update("sense", good("3.0.0")).version()).isEqualTo("3.0.0");
    assertThat(host.plugIns.journal().quarantined()).isEmpty();
  }

  @Test
  void aVersionThatLacksAServiceOfTheOneInItsPlaceIsRefused() throws Exception {
    long before = host.changes().install(good("1.0.0")).id();
    host.framework()
        .getBundleContext()
        .getBundle(before)
        .getBundleContext()
        .registerService(ModalityEncoder.class, model -> null, null);
    assertThatThrownBy(() -> host.changes().update("sense", good("2.0.0")))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("sense must offer what the version in its place offers")
        .hasMessageContaining(ModalityEncoder.class.getName());
    BundleStatus serving = host.find("sense").orElseThrow();
    assertThat(serving.version()).isEqualTo("1.0.0");
    assertThat(serving.state()).isEqualTo("ACTIVE");
    assertThat(host.plugIns.journal().quarantined())
        .singleElement()
        .satisfies(entry -> assertThat(entry.failedIn()).contains(Step.LOAD));
    host.changes().uninstall("sense");
    assertThat(host.changes().install(good("2.0.0")).state()).isEqualTo("ACTIVE");
  }

  @Test
  void whatABundleListensToIsItsOwnAffairAndMayBeMissingInTheNextVersion() throws Exception {
    long before = host.changes().install(good("1.0.0")).id();
    BundleContext old = host.framework().getBundleContext().getBundle(before).getBundleContext();
    old.registerService(LifecycleListener.class, event -> {}, null);
    old.registerService(MemoryReporter.class, List::of, null);
    assertThat(host.changes().update("sense", good("2.0.0")).version()).isEqualTo("2.0.0");
  }

  @Test
  void aFailureIsForgottenWithTheBundle() throws Exception {
    host.changes().install(good("1.0.0"));
    assertThatThrownBy(() -> host.changes().update("sense", bad("2.0.0", ThrowingActivator.class)))
        .isInstanceOf(BundleException.class);
    host.changes().uninstall("1");
    assertThat(host.plugIns.journal().quarantined()).isEmpty();
    assertThat(host.steps()).contains("sense 2.0.0 GONE");
  }

  @Test
  void aBadBundleLeavesNothing() throws Exception {
    Path unresolved =
        TestJar.of("sense", "1.0.0")
            .header("Import-Package", "no.such.pack")
            .write(folder.resolve("unresolved.jar"));
    assertThatThrownBy(() -> host.changes().install(unresolved))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("no.such.pack");
    assertThatThrownBy(() -> host.changes().install(bad("1.0.0", ThrowingActivator.class)))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("out of order");
    assertThat(host.changes().list()).isEmpty();
    assertThat(host.keptFiles()).isEmpty();
    assertThat(host.changes().install(good("1.0.0")).state()).isEqualTo("ACTIVE");
  }

  @Test
  void aStartThatNeverEndsHoldsUpNeitherTheNextChangeNorTheEnd() throws Exception {
    startAgain(TestFramework.QUICK);
    long before = host.changes().install(good("1.0.0")).id();
    System.setProperty("stubborn", "true");
    try {
      assertThatThrownBy(
              () -> host.changes().update("sense", bad("2.0.0", StubbornActivator.class)))
          .isInstanceOf(BundleException.class)
          .hasMessageContaining("longer than 2 s");
      assertThat(host.changes().list())
          .filteredOn(bundle -> bundle.id() == before)
          .singleElement()
          .satisfies(bundle -> assertThat(bundle.state()).isEqualTo("ACTIVE"));
      assertThat(host.changes().update("sense", good("3.0.0")).version()).isEqualTo("3.0.0");
      assertThat(host.plugIns.anyHangs()).isTrue();
    } finally {
      System.clearProperty("stubborn");
    }
    while (host.changes().list().size() > 1 || host.plugIns.anyHangs()) {
      LockSupport.parkNanos(1_000_000);
    }
    assertThat(host.find("sense").orElseThrow().version()).isEqualTo("3.0.0");
  }

  @Test
  void carriedPackagesAreAwaitedInTheRepositoryThatTookTheOthersPlace() throws Exception {
    BundleContext context = host.framework().getBundleContext();
    RefusedModel refused = new RefusedModel("m", "m", "1", Step.VERIFY, "it drifts", 1);
    ModelRepository next =
        new FakeModels(() -> CompletableFuture.completedFuture(null), List.of(refused));
    AtomicReference<ServiceRegistration<ModelRepository>> first = new AtomicReference<>();
    ModelRepository replaced =
        new FakeModels(
            () -> {
              ServiceRegistration<ModelRepository> leaving = first.getAndSet(null);
              if (leaving != null) {
                leaving.unregister();
                context.registerService(ModelRepository.class, next, null);
              }
              return new CompletableFuture<>();
            },
            List.of());
    first.set(context.registerService(ModelRepository.class, replaced, null));
    Path jar =
        TestJar.of("sense", "1.0.0")
            .activator(GoodActivator.class)
            .header("Sensorium-Model-Packages", "packages/m")
            .file("packages/m/model.json", "{\"id\":\"m\",\"version\":\"1\"}")
            .write(folder.resolve("carrying.jar"));
    assertThatThrownBy(() -> host.changes().install(jar))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("m 1 of sense was refused: it drifts");
  }

  @Test
  void aBundleThatThrowsInItsStopGoesAllTheSame() throws Exception {
    host.changes().install(bad("1.0.0", StopThrowingActivator.class));
    host.changes().update("sense", good("2.0.0"));
    assertThat(host.changes().list()).hasSize(1);
    host.changes().uninstall("sense");
    assertThat(host.changes().list()).isEmpty();
  }

  @Test
  void nothingOfARemovedBundleThatUsedServicesStaysOnTheHeap() throws Exception {
    long id = host.changes().install(bad("1.0.0", UsingActivator.class)).id();
    var removed = new WeakReference<>(host.framework().getBundleContext().getBundle(id));
    host.changes().uninstall("sense");
    long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (removed.get() != null && System.nanoTime() < end) {
      System.gc();
      LockSupport.parkNanos(10_000_000);
    }
    assertThat(removed.get()).isNull();
  }

  @Test
  void whatAListenerThrowsChangesNothing() throws Exception {
    host.plugIns
        .journal()
        .listen(
            event -> {
              throw new IllegalStateException("no listener");
            });
    assertThat(host.changes().install(good("1.0.0")).step()).isEqualTo(Step.READY);
  }

  private Path good(String version) throws IOException {
    return bad(version, GoodActivator.class);
  }

  private Path offering(String version) throws IOException {
    return bad(version, OfferingActivator.class);
  }

  private Path bad(String version, Class<? extends BundleActivator> type) throws IOException {
    return TestJar.of("sense", version)
        .activator(type)
        .write(folder.resolve(type.getSimpleName() + version + ".jar"));
  }

  private Object offered() throws Exception {
    var context = host.framework().getBundleContext();
    return context.getService(context.getServiceReference(Callable.class)).call();
  }

  private void awaitGone() {
    while (host.plugIns.journal().classLoadersRetained() > 0
        || !host.steps().getLast().endsWith("GONE")) {
      System.gc();
      LockSupport.parkNanos(10_000_000);
    }
  }

  @Test
  void junkIsRefusedByName() throws IOException {
    Path junk = Files.writeString(folder.resolve("junk.jar"), "this is no jar");
    assertThatThrownBy(() -> host.changes().install(junk))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("junk.jar is no jar");
  }
}
