package io.sensorium.runtime.onnx;

import io.sensorium.api.RequestContext;
import io.sensorium.api.ServiceGoneException;
import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.ModelFile;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.model.ModelLicence;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.Settings;
import io.sensorium.api.runtime.GraphSession;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;

/** Tables over sessions that count what is done to them. */
abstract class LeaseFixture {
  final ExecutorService threads = Executors.newCachedThreadPool();
  final ModelGraph model = model("tiny");

  @AfterEach
  void stopThreads() {
    threads.shutdownNow();
  }

  /** Waits until the model is refused, which is when the retiring thread has got through. */
  void awaitGone(LeaseTable table) throws InterruptedException {
    while (true) {
      try {
        table.lease(model, soon()).close();
        TimeUnit.MILLISECONDS.sleep(1);
      } catch (ServiceGoneException expected) {
        return;
      }
    }
  }

  static LeaseTable tableOf(List<FakeSession> sessions) {
    return new LeaseTable(
        (graph, holder, context) -> {
          FakeSession session = new FakeSession();
          sessions.add(session);
          return session;
        });
  }

  static RequestContext soon() {
    return RequestContext.within(Duration.ofMinutes(1));
  }

  static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static ModelGraph model(String id) {
    return model(id, GraphManifest.ONNX);
  }

  static ModelGraph model(String id, String runtime) {
    Settings none = Settings.of("test", Map.of());
    ModelManifest manifest =
        new ModelManifest(
            id,
            "1",
            "test",
            "test",
            Optional.empty(),
            new ModelLicence("Apache-2.0", true),
            List.of(
                new GraphManifest(
                    "graph", Optional.empty(), runtime, "g", List.of(), List.of(), none)),
            none,
            List.of(new ModelFile("g", 1, "0".repeat(64))));
    return new ModelPackage(manifest, Path.of("none")).graphs().getFirst();
  }

  static final class FakeSession implements GraphSession {
    final AtomicInteger closes = new AtomicInteger();
    final AtomicInteger terminations = new AtomicInteger();
    final AtomicBoolean usedAfterClose = new AtomicBoolean();
    final CountDownLatch running = new CountDownLatch(1);
    volatile CountDownLatch block;

    @Override
    public List<TensorSpec> inputs() {
      return List.of();
    }

    @Override
    public List<TensorSpec> outputs() {
      return List.of();
    }

    @Override
    public String executionProvider() {
      return "fake";
    }

    @Override
    public long weightBytes() {
      return 1;
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs, RequestContext context) {
      running.countDown();
      if (block != null) {
        awaitQuietly(block);
      }
      if (closes.get() > 0) {
        usedAfterClose.set(true);
      }
      return Map.of();
    }

    @Override
    public void run(
        Map<String, Tensor> inputs, Map<String, Tensor> outputs, RequestContext context) {
      run(inputs, context);
    }

    @Override
    public void terminate() {
      terminations.incrementAndGet();
    }

    @Override
    public void close() {
      closes.incrementAndGet();
    }
  }
}
