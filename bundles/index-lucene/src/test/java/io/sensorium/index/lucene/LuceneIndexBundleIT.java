package io.sensorium.index.lucene;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.index.Hit;
import io.sensorium.api.index.IndexEntry;
import io.sensorium.api.index.IndexHealth;
import io.sensorium.api.index.IndexQuery;
import io.sensorium.api.index.MediaIndex;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;

/** The packaged bundle in a framework that is set up as the host does it. */
class LuceneIndexBundleIT {
  private static final int DIMENSION = 31;

  @TempDir Path home;
  private Framework framework;
  private Bundle bundle;

  @BeforeEach
  void start() throws Exception {
    framework =
        new FrameworkFactory()
            .newFramework(
                Map.of(
                    Constants.FRAMEWORK_STORAGE,
                    home.resolve("bundles").toString(),
                    Constants.FRAMEWORK_BOOTDELEGATION,
                    "jdk.incubator.vector",
                    Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                    "io.sensorium.api;version=1.0.0,io.sensorium.api.index;version=1.0.0,"
                        + "io.sensorium.api.memory;version=1.0.0,"
                        + "io.sensorium.api.runtime;version=1.0.0,"
                        + "io.sensorium.api.space;version=1.0.0,org.slf4j;version=2.0.17",
                    "sensorium.home",
                    home.toString()));
    framework.start();
    install("org.osgi.util.function.Function");
    install("org.osgi.util.promise.Promise");
    install("org.osgi.service.component.ComponentContext");
    install("org.apache.felix.scr.component.ExtComponentContext");
    bundle = install(Path.of(System.getProperty("bundle.file")));
    for (Bundle each : framework.getBundleContext().getBundles()) {
      each.start();
    }
  }

  @AfterEach
  void stop() throws Exception {
    framework.stop();
    framework.waitForStop(TimeUnit.SECONDS.toMillis(30));
  }

  @Test
  void storesAndFindsVectorisedAlsoAfterAnUpdate() throws Exception {
    MediaIndex index = service();
    assertThat(index.health())
        .isEqualTo(new IndexHealth(true, "", true, "PanamaVectorUtilSupport"));
    List<IndexEntry> entries =
        IntStream.range(0, 101).mapToObj(n -> Samples.entry(n, DIMENSION)).toList();
    index.put(entries).join();
    requireFound(index, entries.get(7));

    try (var jar = Files.newInputStream(Path.of(System.getProperty("bundle.file")))) {
      bundle.update(jar);
    }
    requireFound(service(), entries.get(7));
  }

  @Test
  void anIndexThatCannotBeOpenedSaysWhy() throws Exception {
    bundle.stop();
    Path log = home.resolve("index/log");
    Files.delete(log.resolve("0000000000000001.log"));
    bundle.start();
    IndexHealth health = service().health();
    assertThat(health.writable()).isFalse();
    assertThat(health.problem()).contains("log file").contains(log.toString());
  }

  private static void requireFound(MediaIndex index, IndexEntry entry) {
    index.refresh();
    assertThat(index.find(entry.id())).contains(entry);
    assertThat(index.search(IndexQuery.nearest(entry.embedding(), 3).withText(entry.text())))
        .extracting(Hit::entry)
        .startsWith(entry);
  }

  private MediaIndex service() {
    ServiceReference<MediaIndex> reference =
        framework.getBundleContext().getServiceReference(MediaIndex.class);
    assertThat(reference).as("the index's service").isNotNull();
    return framework.getBundleContext().getService(reference);
  }

  /** Installs the jar of the class path that a class comes from. */
  private Bundle install(String className) throws Exception {
    String resource = className.replace('.', '/') + ".class";
    String url = LuceneIndexBundleIT.class.getClassLoader().getResource(resource).toString();
    return install(Path.of(URI.create(url.substring(4, url.indexOf("!")))));
  }

  private Bundle install(Path jar) throws BundleException {
    return framework.getBundleContext().installBundle(jar.toUri().toString());
  }
}
