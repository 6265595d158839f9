package io.sensorium.api.language;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The form of a decoder to which something can be added while it runs, as its package declares it
 * beside the plain form. Both refer to the same weights. Immutable.
 *
 * <p>Every input of that form which the plain one lacks may be left out. For a linear layer {@code
 * N} they are {@code N.lora_A float32[rank, in]}, {@code N.lora_B float32[rank, out]} and {@code
 * N.lora_owner int64[rank]}, which says what adapter each row belongs to; {@code lora_active
 * bool[batch, adapters]} says which adapters a sequence has. {@code layer_additions float32[batch,
 * layers, attentionWidth]} is added to every token's attention before its output projection.
 *
 * @param file the graph's path in the package
 * @param layers of the decoder
 * @param attentionWidth heads of queries times channels of a head
 * @param linears what a linear layer of each layer takes and gives, by its name within the layer,
 *     for instance {@code self_attn.q_proj}
 */
public record AdaptableDecoder(
    String file, int layers, int attentionWidth, Map<String, Size> linears) {
  private static final String KEY = "adaptable";
  private static final String PREFIX = "model.layers.";

  /**
   * The size of a linear layer.
   *
   * @param in components that it reads
   * @param out components that it gives
   */
  public record Size(int in, int out) {}

  public AdaptableDecoder {
    if (layers < 1 || attentionWidth < 1) {
      throw new IllegalArgumentException(
          "an adaptable decoder must have layers and heads; got %d layers, %d wide"
              .formatted(layers, attentionWidth));
    }
    linears = Map.copyOf(linears);
  }

  /**
   * Reads what a graph declares; empty if nothing can be added to it.
   *
   * @throws ModelLoadException if the declaration is malformed
   */
  public static Optional<AdaptableDecoder> of(GraphManifest graph) {
    Settings settings = graph.preprocessing();
    if (settings.find(KEY).isEmpty()) {
      return Optional.empty();
    }
    if (!(settings.find(KEY + ".linears").orElse(null) instanceof Map<?, ?> declared)) {
      throw new ModelLoadException(
          "'%s.linears' of graph '%s' must be an object of sizes".formatted(KEY, graph.name()));
    }
    Map<String, Size> linears = new LinkedHashMap<>();
    declared.forEach((name, size) -> linears.put(name.toString(), size(name, size)));
    return Optional.of(
        new AdaptableDecoder(
            settings.text(KEY + ".file"),
            settings.integer(KEY + ".layers"),
            settings.integer(KEY + ".attention_width"),
            linears));
  }

  private static Size size(Object name, Object declared) {
    if (declared instanceof List<?> sizes
        && sizes.size() == 2
        && sizes.get(0) instanceof Number in
        && sizes.get(1) instanceof Number out
        && in.intValue() > 0
        && out.intValue() > 0) {
      return new Size(in.intValue(), out.intValue());
    }
    throw new ModelLoadException(
        "the size of linear layer '%s' must be [in, out]; got %s".formatted(name, declared));
  }

  /** The declaration, to be put among a graph's preprocessing. */
  public Map<String, Object> settings() {
    Map<String, Object> sizes = new LinkedHashMap<>();
    linears.keySet().stream()
        .sorted()
        .forEach(name -> sizes.put(name, List.of(linears.get(name).in(), linears.get(name).out())));
    Map<String, Object> declared = new LinkedHashMap<>();
    declared.put("file", file);
    declared.put("layers", layers);
    declared.put("attention_width", attentionWidth);
    declared.put("linears", sizes);
    return Map.of(KEY, declared);
  }

  /** The size of a linear layer by its full name; empty if it cannot be changed. */
  public Optional<Size> find(String name) {
    if (!name.startsWith(PREFIX)) {
      return Optional.empty();
    }
    int dot = name.indexOf('.', PREFIX.length());
    String number = dot < 0 ? "" : name.substring(PREFIX.length(), dot);
    if (!number.matches("0|[1-9]\\d{0,5}") || Integer.parseInt(number) >= layers) {
      return Optional.empty();
    }
    return Optional.ofNullable(linears.get(name.substring(dot + 1)));
  }

  /** The full names of all linear layers that can be changed, layer by layer. */
  public List<String> names() {
    List<String> within = linears.keySet().stream().sorted().toList();
    List<String> names = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      for (String name : within) {
        names.add(PREFIX + layer + "." + name);
      }
    }
    return names;
  }
}
