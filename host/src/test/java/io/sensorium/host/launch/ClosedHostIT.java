package io.sensorium.host.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.Modality;
import io.sensorium.api.RequestContext;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.space.EmbeddingService;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.host.api.IndexProgress;
import io.sensorium.host.api.SearchRequest;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.api.SensoriumOptions;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a host and of the application around it once it is closed: nothing. */
@Timeout(300)
class ClosedHostIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final ClassLoader before = Thread.currentThread().getContextClassLoader();

  @TempDir private Path folder;

  @AfterEach
  void putBack() {
    Thread.currentThread().setContextClassLoader(before);
  }

  /** An application with classes of its own, deployed into a process that has the host's. */
  public static final class Application implements Callable<List<WeakReference<Object>>> {
    private final Path home;
    private final Path media;

    public Application(Path home, Path media) {
      this.home = home;
      this.media = media;
    }

    @Override
    public List<WeakReference<Object>> call() throws Exception {
      List<WeakReference<Object>> left = new ArrayList<>();
      AtomicLong heard = new AtomicLong();
      ExecutorService own = Executors.newSingleThreadExecutor();
      try (Sensorium sensorium = Sensorium.start(SensoriumOptions.at(home))) {
        IndexProgress progress = state -> heard.incrementAndGet();
        assertThat(sensorium.index(List.of(media), progress).indexed()).isEqualTo(1);
        assertThat(sensorium.search(SearchRequest.text("little bells"))).hasSize(1);
        EmbeddingService service = sensorium.service(EmbeddingService.class);
        own.submit(() -> sensorium.embed(EncodeRequest.text("on a thread of its own"))).get();
        // What the application hands in and hangs on to the answer is its own class too.
        service
            .embedAsync(
                EncodeRequest.of(Modality.TEXT, MediaInput.ofText("without waiting")),
                RequestContext.within(Duration.ofMinutes(1)))
            .thenAccept(embedding -> heard.addAndGet(embedding.dimension()))
            .get(1, TimeUnit.MINUTES);
        left.add(new WeakReference<>(sensorium));
        left.add(new WeakReference<>(service));
        left.add(new WeakReference<>(service.getClass().getClassLoader()));
      }
      own.shutdown();
      assertThat(own.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
      assertThat(heard).hasPositiveValue();
      return left;
    }
  }

  /** Gives this test's own classes anew, so that they belong to the application. */
  private static final class ApplicationLoader extends ClassLoader {
    ApplicationLoader(ClassLoader parent) {
      super("application", parent);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(Application.class.getName())) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> known = findLoadedClass(name);
        return known == null ? define(name) : known;
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      String resource = name.replace('.', '/') + ".class";
      try (InputStream in = getParent().getResourceAsStream(resource)) {
        byte[] code = in.readAllBytes();
        return defineClass(name, code, 0, code.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  @Test
  void theApplicationsLoaderTheServicesAndTheBundlesLoadersAreCollected() throws Exception {
    Path media = Files.writeString(folder.resolve("bells.txt"), "Three small bells ring.");
    Map<String, WeakReference<?>> left = runApplication(media);
    assertCollected(left);
  }

  private Map<String, WeakReference<?>> runApplication(Path media) throws Exception {
    ClassLoader loader = new ApplicationLoader(ClosedHostIT.class.getClassLoader());
    Thread.currentThread().setContextClassLoader(loader);
    Class<?> application = loader.loadClass(Application.class.getName());
    assertThat(application).isNotSameAs(Application.class);
    Callable<?> task =
        (Callable<?>)
            application
                .getConstructor(Path.class, Path.class)
                .newInstance(folder.resolve("home"), media);
    List<?> own = (List<?>) task.call();
    Thread.currentThread().setContextClassLoader(before);
    return Map.of(
        "the application's class loader",
        new WeakReference<>(loader),
        "the host",
        (WeakReference<?>) own.get(0),
        "a service",
        (WeakReference<?>) own.get(1),
        "a bundle's class loader",
        (WeakReference<?>) own.get(2));
  }

  private static void assertCollected(Map<String, WeakReference<?>> left) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!retained(left).isEmpty() && System.nanoTime() < deadline) {
      System.gc();
      LockSupport.parkNanos(50_000_000);
    }
    assertThat(retained(left)).isEmpty();
  }

  private static List<String> retained(Map<String, WeakReference<?>> left) {
    return left.entrySet().stream()
        .filter(entry -> !entry.getValue().refersTo(null))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }
}
