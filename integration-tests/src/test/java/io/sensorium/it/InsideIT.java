package io.sensorium.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.ops4j.pax.exam.CoreOptions.bootDelegationPackages;
import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.systemPackages;
import static org.ops4j.pax.exam.CoreOptions.workingDirectory;

import io.sensorium.it.TestBundles.Defect;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.TestContainer;
import org.ops4j.pax.exam.nat.internal.NativeTestContainer;
import org.ops4j.pax.exam.spi.PaxExamRuntime;
import org.osgi.framework.Bundle;

/**
 * The contracts of the services and the life of a sense, tested by a bundle inside a framework that
 * Pax Exam starts: there is no host, only the packaged bundles.
 */
@Timeout(300)
class InsideIT {
  private static final String CARRIED = "META-INF/sensorium/";

  /** What belongs to the shell and the deploy folder, which a host sets up. */
  private static final Set<String> LEFT_OUT =
      Set.of("org.apache.felix.gogo", "org.apache.felix.fileinstall", "sensorium-shell");

  @TempDir static Path folder;
  private static TestContainer container;
  private static Bundle probe;

  @BeforeAll
  static void startAFrameworkWithThePackagedBundles() throws IOException {
    Path bundles = Files.createDirectory(folder.resolve("bundles"));
    TestBundles.sense(bundles.resolve("numbers-1.jar"), TestBundles.NUMBERS, 1, Defect.NONE);
    TestBundles.sense(bundles.resolve("numbers-2.jar"), TestBundles.NUMBERS, 2, Defect.NONE);
    TestBundles.sense(bundles.resolve("drifting.jar"), TestBundles.NUMBERS, 3, Defect.DRIFTS);
    TestBundles.sense(bundles.resolve("refusing.jar"), TestBundles.NUMBERS, 1, Defect.REFUSES);
    container =
        PaxExamRuntime.createContainer(
            PaxExamRuntime.createServerSystem(
                workingDirectory(folder.resolve("framework").toString()),
                frameworkProperty("sensorium.home").value(folder.resolve("home").toString()),
                frameworkProperty("sensorium.device").value("cpu"),
                frameworkProperty("sensorium.space").value("world"),
                frameworkProperty("sensorium.it.bundles").value(bundles.toString()),
                // As a host has them: no threads that stay, no handlers for the whole JVM.
                frameworkProperty("felix.resolver.parallelism").value("1"),
                frameworkProperty("felix.service.urlhandlers").value("false"),
                // The tests' own libraries come from the class path, all else from bundles.
                frameworkProperty("org.osgi.framework.bundle.parent").value("framework"),
                bootDelegationPackages(
                    "jdk.incubator.vector",
                    "org.junit.*",
                    "org.opentest4j.*",
                    "org.assertj.*",
                    "io.sensorium.testkit"),
                systemPackages(exported()),
                carried()));
    container.start();
    try (InputStream jar = Files.newInputStream(TestBundles.probe(folder.resolve("probe.jar")))) {
      long id = container.install(jar);
      probe = ((NativeTestContainer) container).getSystemBundle().getBundleContext().getBundle(id);
    }
  }

  @AfterAll
  static void stop() {
    if (container != null) {
      container.stop();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "IndexInside",
        "RepositoryInside",
        "EmbeddingsInside",
        "EncodersInside",
        "ProtocolInside"
      })
  void holdsInside(String suite) throws ClassNotFoundException {
    Class<?> tests = probe.loadClass("io.sensorium.it.inside." + suite);
    assertThat(tests.getClassLoader()).isNotSameAs(InsideIT.class.getClassLoader());
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request().selectors(selectClass(tests)).build();
    LauncherFactory.create().execute(request, listener);
    TestExecutionSummary summary = listener.getSummary();
    assertThat(summary.getFailures()).extracting(InsideIT::described).isEmpty();
    assertThat(summary.getTestsSucceededCount()).isPositive();
  }

  private static String described(TestExecutionSummary.Failure failure) {
    StringWriter described = new StringWriter();
    described.append(failure.getTestIdentifier().getDisplayName()).append(": ");
    failure.getException().printStackTrace(new PrintWriter(described));
    return described.toString();
  }

  private static Option carried() throws IOException {
    Path target = Files.createDirectory(folder.resolve("carried"));
    List<String> names = lines(CARRIED + "bundles.index");
    return composite(
        names.stream()
            .map(line -> line.substring(line.indexOf(' ') + 1).strip())
            .filter(name -> LEFT_OUT.stream().noneMatch(name::startsWith))
            .map(name -> bundle(unpack(name, target).toUri().toString()).start())
            .toArray(Option[]::new));
  }

  /** What a host exports from its class path. */
  private static String[] exported() throws IOException {
    return lines("io/sensorium/host/launch/system-packages").stream()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split(";", 2))
        .map(fields -> fields[0] + ";version=\"" + fields[1] + "\"")
        .toArray(String[]::new);
  }

  private static Path unpack(String name, Path target) {
    try (InputStream in = resource(CARRIED + "bundles/" + name)) {
      Path file = target.resolve(name);
      Files.copy(in, file);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> lines(String resource) throws IOException {
    try (InputStream in = resource(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank())
          .toList();
    }
  }

  private static InputStream resource(String path) throws IOException {
    InputStream in = InsideIT.class.getClassLoader().getResourceAsStream(path);
    if (in == null) {
      throw new FileNotFoundException("the host's jar holds no " + path);
    }
    return in;
  }
}
