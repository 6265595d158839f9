package io.sensorium.host.launch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Unpacks native libraries once a home, and tells their loaders where. Left alone, ONNX Runtime
 * unpacks 28 MB into the temporary folder at every start, and leaves them there when it is killed.
 *
 * <p>Whoever set one of the properties before is respected.
 */
final class NativeLibraries {
  private static final Logger LOG = LoggerFactory.getLogger(NativeLibraries.class);
  private static final String ONNXRUNTIME_PATH = "onnxruntime.native.path";
  private static final String FOLDER = "natives";

  private NativeLibraries() {}

  static void prepare(HomeFolder home) {
    Path folder = home.root().resolve(FOLDER);
    try {
      if (isOurs(ONNXRUNTIME_PATH, "onnxruntime-") && unpackOnnxRuntime(onnxRuntime(folder))) {
        System.setProperty(ONNXRUNTIME_PATH, onnxRuntime(folder).toString());
      }
    } catch (IOException e) {
      LOG.warn("ONNX Runtime's libraries stay in the temporary folder: {}", Problems.line(e));
    }
    // DJL's libraries: no download, no telemetry, no look for CUDA, no writing outside the home.
    setUnlessSet("ai.djl.offline", "true");
    setUnlessSet("OPT_OUT_TRACKING", "true");
    setUnlessSet("RUST_FLAVOR", "cpu");
    if (System.getenv("ENGINE_CACHE_DIR") == null && isOurs("ENGINE_CACHE_DIR", "djl")) {
      System.setProperty("ENGINE_CACHE_DIR", folder.resolve("djl").toString());
    }
  }

  private static Path onnxRuntime(Path folder) {
    return folder.resolve("onnxruntime-" + Versions.all().get("onnxruntime"));
  }

  /** Whether a property is unset, or was set by an earlier host of this process. */
  private static boolean isOurs(String property, String lastName) {
    String value = System.getProperty(property);
    if (value == null) {
      return true;
    }
    Path path = Path.of(value);
    return path.getFileName() != null
        && path.getFileName().toString().startsWith(lastName)
        && path.getParent() != null
        && path.getParent().endsWith(FOLDER);
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null && System.getenv(property) == null) {
      System.setProperty(property, value);
    }
  }

  private static boolean unpackOnnxRuntime(Path target) throws IOException {
    for (String library : List.of("onnxruntime", "onnxruntime4j_jni")) {
      String name = System.mapLibraryName(library);
      if (!Files.isRegularFile(target.resolve(name)) && !unpack(name, target)) {
        return false;
      }
    }
    return true;
  }

  private static boolean unpack(String name, Path target) throws IOException {
    String resource = "ai/onnxruntime/native/" + platform() + "/" + name;
    try (InputStream in = NativeLibraries.class.getClassLoader().getResourceAsStream(resource)) {
      if (in == null) {
        return false;
      }
      Files.createDirectories(target);
      Path partial = Files.createTempFile(target, name, ".part");
      try {
        Files.copy(in, partial, StandardCopyOption.REPLACE_EXISTING);
        Files.move(partial, target.resolve(name), StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(partial);
      }
      return true;
    }
  }

  /** As ONNX Runtime names its folders. */
  private static String platform() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    String os = system.contains("mac") ? "osx" : system.contains("win") ? "win" : "linux";
    return os + "-" + (machine.equals("amd64") || machine.equals("x86_64") ? "x64" : machine);
  }
}
