package io.sensorium.models.graphs;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.language.AdaptableDecoder;
import io.sensorium.api.language.AdaptableDecoder.Size;
import io.sensorium.api.language.LowRankAdapter;
import io.sensorium.api.language.LowRankAdapter.Factors;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.models.checkpoints.CheckpointFolder;
import io.sensorium.models.checkpoints.SafetensorsFile;
import io.sensorium.models.checkpoints.TensorInfo;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a low-rank adapter as Hugging Face's peft saves it: {@code adapter_config.json} and {@code
 * adapter_model.safetensors} with {@code base_model.model.N.lora_A.weight [rank, in]} and {@code
 * N.lora_B.weight [out, rank]}. One thread at a time.
 */
public final class PeftAdapter {
  /** Its configuration. */
  public static final String CONFIG = "adapter_config.json";

  /** Its tensors. */
  public static final String WEIGHTS = "adapter_model.safetensors";

  private static final int MAX_RANK = 4096;
  private static final Set<ElementType> FLOATS =
      Set.of(ElementType.FLOAT32, ElementType.FLOAT16, ElementType.BFLOAT16);
  private static final Pattern NAME =
      Pattern.compile("base_model\\.model\\.(.{1,512})\\.lora_([AB])\\.weight");

  private final CheckpointFolder folder;
  private final AdaptableDecoder decoder;
  private final Problems problems = new Problems();
  private final PeftScale scale;

  private PeftAdapter(CheckpointFolder folder, AdaptableDecoder decoder) {
    this.folder = folder;
    this.decoder = decoder;
    this.scale =
        PeftScale.read(
            folder
                .settings(CONFIG)
                .orElseThrow(() -> new ModelLoadException(folder.path() + " has no " + CONFIG)),
            problems);
  }

  /** Answers whether a folder holds an adapter and no model. */
  public static boolean isIn(CheckpointFolder folder) {
    return folder.file(CONFIG).isPresent() && folder.file("config.json").isEmpty();
  }

  /**
   * Reads an adapter for a decoder.
   *
   * @param folder borrowed until return
   * @param decoder that it must fit
   * @param name of the adapter
   * @throws ModelLoadException listing everything that is wrong with it or does not fit
   */
  public static LowRankAdapter read(
      CheckpointFolder folder, AdaptableDecoder decoder, String name) {
    PeftAdapter adapter = new PeftAdapter(folder, decoder);
    String what = "the adapter " + folder.path();
    adapter.problems.throwIfAny(what);
    Map<String, Factors> linears = adapter.linears();
    if (linears.isEmpty()) {
      adapter.problems.add("there must be at least one pair of lora_A and lora_B");
    }
    adapter.problems.throwIfAny(what);
    return new LowRankAdapter(name, linears);
  }

  private Map<String, Factors> linears() {
    Map<String, Factors> linears = new LinkedHashMap<>();
    try (SafetensorsFile weights = SafetensorsFile.open(folder.requireFile(WEIGHTS))) {
      Map<String, Map<String, String>> found = pairs(weights);
      for (Map.Entry<String, Map<String, String>> linear : found.entrySet()) {
        String name = linear.getKey();
        String down = linear.getValue().get("A");
        String up = linear.getValue().get("B");
        if (down == null || up == null) {
          problems.add("'%s' must have both lora_A and lora_B".formatted(name));
        } else if (decoder.find(name).isEmpty()) {
          problems.add(
              "'%s' must be one of %s in one of %d layers"
                  .formatted(name, new TreeSet<>(decoder.linears().keySet()), decoder.layers()));
        } else if (fits(name, weights.info(down), weights.info(up))
            && finite(weights, down)
            && finite(weights, up)) {
          linears.put(name, factors(name, weights.tensor(down), weights.tensor(up)));
        }
      }
    }
    return linears;
  }

  private Map<String, Map<String, String>> pairs(SafetensorsFile weights) {
    Map<String, Map<String, String>> pairs = new TreeMap<>();
    for (String tensor : weights.names()) {
      Matcher name = NAME.matcher(tensor);
      if (name.matches()) {
        pairs.computeIfAbsent(name.group(1), key -> new TreeMap<>()).put(name.group(2), tensor);
      } else {
        problems.add(
            "tensor '%s' must be base_model.model.*.lora_A.weight or lora_B.weight"
                .formatted(tensor));
      }
    }
    return pairs;
  }

  private boolean fits(String name, TensorInfo down, TensorInfo up) {
    Size size = decoder.find(name).orElseThrow();
    int rank = scale.rank(name);
    Shape wantedDown = Shape.of(rank, size.in());
    Shape wantedUp = Shape.of(size.out(), rank);
    boolean fits = down.shape().equals(wantedDown) && up.shape().equals(wantedUp);
    if (rank < 1 || rank > MAX_RANK) {
      problems.add("the rank of '%s' must be in 1..%d; got %d".formatted(name, MAX_RANK, rank));
    } else if (!fits) {
      problems.add(
          "'%s' of rank %d must have lora_A %s and lora_B %s; got %s and %s"
              .formatted(name, rank, wantedDown, wantedUp, down.shape(), up.shape()));
    } else if (!FLOATS.contains(down.type()) || !FLOATS.contains(up.type())) {
      problems.add(
          "'%s' must be one of %s; got %s and %s".formatted(name, FLOATS, down.type(), up.type()));
    } else {
      return true;
    }
    return false;
  }

  private boolean finite(SafetensorsFile weights, String tensor) {
    boolean finite = FiniteCheck.isFinite(weights.tensor(tensor));
    if (!finite) {
      problems.add("tensor '%s' holds NaN or infinity".formatted(tensor));
    }
    return finite;
  }

  private Factors factors(String name, Tensor down, Tensor up) {
    int rank = (int) down.shape().dimension(0);
    int out = (int) up.shape().dimension(0);
    float factor = (float) scale.of(name, rank);
    Tensor stored = Tensor.allocate(ElementType.FLOAT32, down.shape());
    stored.asFloats().put(FloatTensors.widen(down).asFloats());
    FloatBuffer rows = FloatTensors.widen(up).asFloats();
    float[] transposed = new float[Math.multiplyExact(rank, out)];
    for (int row = 0; row < out; row++) {
      for (int column = 0; column < rank; column++) {
        float scaled = rows.get(row * rank + column) * factor;
        transposed[column * out + row] = scaled;
      }
    }
    return new Factors(stored, Tensor.ofFloats(Shape.of(rank, out), transposed));
  }
}
