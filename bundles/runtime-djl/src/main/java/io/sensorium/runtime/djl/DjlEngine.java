package io.sensorium.runtime.djl;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDList;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelNotFoundException;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.NoopTranslator;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.ModelFile;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.runtime.GraphEngine;
import io.sensorium.api.runtime.GraphSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * Runs graphs that a package declares in a {@code djl.json}: TorchScript files, or whatever else
 * the engines load that DJL finds on the host's class path. Thread-safe.
 *
 * <p>The device is the host's; {@code auto} leaves the choice to the engine.
 */
@Component(property = GraphEngine.RUNTIME + "=djl")
public final class DjlEngine implements GraphEngine, AutoCloseable {
  private final String device;
  private final Set<DjlSession> sessions = ConcurrentHashMap.newKeySet();

  /** Started by Declarative Services. */
  @Activate
  public DjlEngine(BundleContext context) {
    this(Optional.ofNullable(context.getProperty("sensorium.device")).orElse("auto"));
  }

  /**
   * An engine outside OSGi; the caller closes it.
   *
   * @param device {@code cpu}, {@code cuda[:n]} or {@code auto}
   */
  public DjlEngine(String device) {
    this.device = device;
  }

  @Override
  public GraphSession open(ModelGraph graph) {
    DjlDeclaration declaration = DjlDeclaration.of(graph);
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    // DJL looks for its engines and zoos through the thread; they lie beside it.
    thread.setContextClassLoader(Engine.class.getClassLoader());
    try {
      return open(graph, declaration);
    } catch (IOException
        | ModelNotFoundException
        | MalformedModelException
        | EngineException
        | IllegalArgumentException
        | LinkageError e) {
      throw new ModelLoadException(
          "model %s cannot be opened by DJL's engine %s from %s: %s"
              .formatted(graph, declaration.engine(), source(declaration), rootOf(e)),
          e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private DjlSession open(ModelGraph graph, DjlDeclaration declaration)
      throws IOException, ModelNotFoundException, MalformedModelException {
    Engine engine = engine(graph, declaration.engine());
    Device chosen = device(graph, engine);
    Criteria.Builder<NDList, NDList> criteria =
        Criteria.builder()
            .setTypes(NDList.class, NDList.class)
            .optEngine(declaration.engine())
            .optDevice(chosen)
            .optTranslator(new NoopTranslator())
            .optOptions(declaration.options())
            .optFilters(declaration.filters());
    if (declaration.path() == null) {
      criteria.optModelUrls(declaration.url());
    } else {
      criteria.optModelPath(declaration.path());
    }
    ZooModel<NDList, NDList> model = criteria.build().loadModel();
    boolean opened = false;
    try {
      String provider =
          "DJL %s %s on %s"
              .formatted(declaration.engine(), engine.getVersion(), chosen.getDeviceType());
      long weightBytes = weightBytes(declaration, model);
      DjlSession session = new DjlSession(graph, model, provider, weightBytes, sessions::remove);
      sessions.add(session);
      opened = true;
      return session;
    } finally {
      if (!opened) {
        model.close();
      }
    }
  }

  private static long weightBytes(DjlDeclaration declaration, ZooModel<?, ?> model)
      throws IOException {
    if (declaration.path() != null) {
      return declaration.files().stream().mapToLong(ModelFile::bytes).sum();
    }
    long bytes = 0;
    try (Stream<Path> fetched = Files.walk(model.getModelPath())) {
      for (Path file : fetched.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }

  private static Engine engine(ModelGraph graph, String name) {
    if (!Engine.hasEngine(name)) {
      throw new ModelLoadException(
          "model %s needs DJL's engine '%s' on the host's class path, which has %s; for PyTorch these are the jars pytorch-engine, pytorch-jni and pytorch-native-cpu of ai.djl.pytorch, in the folder that SENSORIUM_DJL_ENGINES names (docs/guides/djl.md)"
              .formatted(graph, name, Engine.getAllEngines()));
    }
    return Engine.getEngine(name);
  }

  private Device device(ModelGraph graph, Engine engine) {
    if (device.equals("auto")) {
      return engine.defaultDevice();
    }
    if (device.equals("cpu")) {
      return Device.cpu();
    }
    int colon = device.indexOf(':');
    int number = colon < 0 ? 0 : Integer.parseInt(device.substring(colon + 1));
    if (number >= engine.getGpuCount()) {
      throw new ModelLoadException(
          "model %s must run on %s; DJL's engine %s sees %d such devices"
              .formatted(graph, device, engine.getEngineName(), engine.getGpuCount()));
    }
    return Device.gpu(number);
  }

  private static String source(DjlDeclaration declaration) {
    if (declaration.path() != null) {
      return declaration.path().getFileName().toString();
    }
    boolean offline = Boolean.getBoolean("ai.djl.offline");
    return declaration.url() + (offline ? " (not fetched while ai.djl.offline is true)" : "");
  }

  private static String rootOf(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.toString() : root.getMessage();
  }

  /** Closes the sessions that are still open, each after its run. */
  @Deactivate
  @Override
  public void close() {
    sessions.forEach(DjlSession::close);
  }
}
