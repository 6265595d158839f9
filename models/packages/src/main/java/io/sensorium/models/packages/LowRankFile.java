package io.sensorium.models.packages;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.language.LowRankAdapter;
import io.sensorium.api.language.LowRankAdapter.Factors;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.models.checkpoints.SafetensorsFile;
import io.sensorium.models.checkpoints.SafetensorsWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The factors of a low-rank adapter's package, mapped into memory: for every linear layer {@code N}
 * that it changes {@code N.lora_A float32[rank, in]} and {@code N.lora_B float32[rank, out]}, the
 * latter transposed and scaled. Immutable; the adapter is valid until this is closed.
 */
public final class LowRankFile implements AutoCloseable {
  /** The file's name in a package. */
  public static final String FILE_NAME = "lora.safetensors";

  private static final String DOWN = ".lora_A";
  private static final String UP = ".lora_B";
  private static final String BASE = "base_model";

  private final SafetensorsFile file;
  private final LowRankAdapter adapter;

  private LowRankFile(SafetensorsFile file, LowRankAdapter adapter) {
    this.file = file;
    this.adapter = adapter;
  }

  /**
   * Writes an adapter's factors.
   *
   * @throws java.io.UncheckedIOException if they cannot be written; nothing is left behind
   */
  public static void write(LowRankAdapter adapter, Path folder) {
    Map<String, Tensor> tensors = new TreeMap<>();
    adapter
        .linears()
        .forEach(
            (name, factors) -> {
              tensors.put(name + DOWN, factors.down());
              tensors.put(name + UP, factors.up());
            });
    SafetensorsWriter.writeTensors(folder.resolve(FILE_NAME), tensors, Map.of());
  }

  /**
   * Maps a package's factors.
   *
   * @throws ModelLoadException if they are missing or malformed
   */
  public static LowRankFile open(ModelPackage model) {
    SafetensorsFile file = SafetensorsFile.open(model.file(FILE_NAME));
    boolean opened = false;
    try {
      LowRankFile factors =
          new LowRankFile(file, new LowRankAdapter(model.toString(), linears(file)));
      opened = true;
      return factors;
    } catch (IllegalArgumentException e) {
      throw new ModelLoadException("adapter %s is damaged: %s".formatted(model, e.getMessage()), e);
    } finally {
      if (!opened) {
        file.close();
      }
    }
  }

  private static Map<String, Factors> linears(SafetensorsFile file) {
    Map<String, Factors> linears = new LinkedHashMap<>();
    for (String tensor : file.names()) {
      if (tensor.endsWith(DOWN)) {
        String name = tensor.substring(0, tensor.length() - DOWN.length());
        linears.put(name, new Factors(file.tensor(tensor), file.tensor(name + UP)));
      }
    }
    return linears;
  }

  /** What an adapter's manifest says of the model that it is for. */
  public static Map<String, Object> madeFor(ModelManifest base) {
    return Map.of(BASE, base.id());
  }

  /**
   * The id of the model that an adapter is for.
   *
   * @throws ModelLoadException if its manifest does not say
   */
  public static String baseOf(ModelManifest adapter) {
    return adapter.calibration().text(BASE);
  }

  /** Its factors, views of the file. */
  public LowRankAdapter adapter() {
    return adapter;
  }

  /** Unmaps the file. Idempotent. */
  @Override
  public void close() {
    file.close();
  }
}
