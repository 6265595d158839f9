package io.sensorium.models.training;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sensorium.models.world.SoundSynthesizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Writes trained towers as checkpoints of standard architectures: a {@code vit}, an {@code
 * audio-spectrogram-transformer}, and the Sentence-Transformers modules that follow MiniLM.
 * Stateless.
 */
final class CheckpointExport {
  private static final String MODULES = "sentence_transformers.models.";
  private static final String CALIBRATION_NOTE =
      "probability = softmax(cosine / temperature) over labels, each the mean of its prompts'"
          + " embeddings; temperature is for any labels, temperatures for single attributes";

  private CheckpointExport() {}

  /**
   * Writes {@code world-image} and {@code world-text}.
   *
   * @param temperatures by task
   */
  static void image(
      Path target, ImageModel model, TowerShape shape, Map<String, Double> temperatures) {
    var folder = new CheckpointFolder(target.resolve("world-image"));
    ObjectNode config = transformer(shape, "ViTModel", "vit", model.logitScale(shape));
    config.put("image_size", shape.rows());
    config.put("num_channels", shape.channels());
    folder.json("config.json", config);
    folder.json("preprocessor_config.json", pixels(shape));
    folder.json("calibration.json", calibration(temperatures, ClassPrompts.IMAGE_TEMPLATES));
    folder.forgetGolden();
    folder.weights("model.safetensors", model.tower(shape));
    text(new CheckpointFolder(target.resolve("world-text")), model, shape);
  }

  /** Writes {@code world-audio}. */
  static void audio(
      Path target,
      BoundModel model,
      TowerShape shape,
      SceneClips.Statistics statistics,
      Map<String, Double> temperatures) {
    var folder = new CheckpointFolder(target.resolve("world-audio"));
    spectrogramTower(folder, model, shape);
    ObjectNode features = JsonNodeFactory.instance.objectNode();
    features.put("feature_extractor_type", "ASTFeatureExtractor");
    features.put("feature_size", 1);
    features.put("sampling_rate", SoundSynthesizer.SAMPLE_RATE);
    features.put("num_mel_bins", shape.rows());
    features.put("max_length", shape.columns());
    features.put("do_normalize", true);
    features.put("mean", statistics.mean());
    features.put("std", statistics.deviation());
    features.put("padding_side", "right");
    features.put("padding_value", 0.0);
    features.put("return_attention_mask", false);
    folder.json("preprocessor_config.json", features);
    folder.json("calibration.json", calibration(temperatures, ClassPrompts.AUDIO_TEMPLATES));
  }

  /** Writes configuration and weights; what was recorded with other weights is removed. */
  static void spectrogramTower(CheckpointFolder folder, BoundModel model, TowerShape shape) {
    ObjectNode config =
        transformer(shape, "ASTModel", "audio-spectrogram-transformer", model.logitScale(shape));
    config.put("num_mel_bins", shape.rows());
    config.put("max_length", shape.columns());
    config.put("frequency_stride", shape.patch());
    config.put("time_stride", shape.patch());
    folder.json("config.json", config);
    folder.forgetGolden();
    folder.weights("model.safetensors", model.tower(shape));
  }

  private static ObjectNode transformer(
      TowerShape shape, String architecture, String type, float logitScale) {
    ObjectNode config = JsonNodeFactory.instance.objectNode();
    config.putArray("architectures").add(architecture);
    config.put("model_type", type);
    config.put("hidden_size", shape.hidden());
    config.put("num_hidden_layers", shape.layers());
    config.put("num_attention_heads", shape.heads());
    config.put("intermediate_size", shape.intermediate());
    config.put("hidden_act", "gelu");
    config.put("hidden_dropout_prob", 0.0);
    config.put("attention_probs_dropout_prob", 0.0);
    config.put("initializer_range", 0.02);
    config.put("layer_norm_eps", 1e-12);
    config.put("patch_size", shape.patch());
    config.put("qkv_bias", true);
    config.put("projection_dim", shape.projection());
    // As in CLIP: the logarithm of the learned factor on cosines.
    config.put("logit_scale", (double) logitScale);
    config.put("torch_dtype", "float32");
    return config;
  }

  private static ObjectNode pixels(TowerShape shape) {
    ObjectNode processor = JsonNodeFactory.instance.objectNode();
    processor.put("image_processor_type", "ViTImageProcessor");
    processor.put("do_resize", true);
    processor.putObject("size").put("height", shape.rows()).put("width", shape.columns());
    processor.put("resample", 2);
    processor.put("do_rescale", true);
    processor.put("rescale_factor", 1 / 255.0);
    processor.put("do_normalize", true);
    for (String key : List.of("image_mean", "image_std")) {
      processor.putArray(key).add(0.5).add(0.5).add(0.5);
    }
    return processor;
  }

  static ObjectNode calibration(Map<String, Double> temperatures, List<String> templates) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("meaning", CALIBRATION_NOTE);
    if (temperatures.containsKey("thing-label")) {
      node.put("temperature", temperatures.get("thing-label"));
    }
    templates.forEach(node.withArray("prompts")::add);
    ObjectNode tasks = node.putObject("temperatures");
    temperatures.forEach(tasks::put);
    return node;
  }

  private static void text(CheckpointFolder folder, ImageModel model, TowerShape shape) {
    var modules = JsonNodeFactory.instance.arrayNode();
    String[] names = {
      "Transformer", "1_Pooling", "2_Normalize", "3_Dense", "4_Dense", "5_Normalize"
    };
    for (int i = 0; i < names.length; i++) {
      ObjectNode module = modules.addObject();
      module.put("idx", i);
      module.put("name", Integer.toString(i));
      module.put("path", i == 0 ? "" : names[i]);
      module.put("type", MODULES + names[i].substring(names[i].indexOf('_') + 1));
    }
    folder.forgetGolden();
    folder.json("modules.json", modules);
    folder.json("config.json", miniLm());
    ObjectNode pooling = JsonNodeFactory.instance.objectNode();
    pooling.put("word_embedding_dimension", MiniLmEncoder.WIDTH);
    pooling.put("pooling_mode_cls_token", false);
    pooling.put("pooling_mode_mean_tokens", true);
    pooling.put("pooling_mode_max_tokens", false);
    pooling.put("pooling_mode_mean_sqrt_len_tokens", false);
    folder.json("1_Pooling/config.json", pooling);
    ObjectNode limits = JsonNodeFactory.instance.objectNode();
    limits.put("max_seq_length", MiniLmEncoder.MAXIMUM_TOKENS);
    limits.put("do_lower_case", false);
    folder.json("sentence_bert_config.json", limits);
    ObjectNode similarity = JsonNodeFactory.instance.objectNode();
    similarity.put("similarity_fn_name", "cosine");
    similarity.putObject("prompts");
    similarity.putNull("default_prompt_name");
    folder.json("config_sentence_transformers.json", similarity);
    int at = TowerParameters.count(shape);
    List<Parameter> all = model.parameters();
    dense(folder, "3_Dense", all.subList(at, at + 2), "activation.GELU");
    dense(folder, "4_Dense", all.subList(at + 2, at + 4), "linear.Identity");
  }

  private static void dense(
      CheckpointFolder folder, String path, List<Parameter> linear, String activation) {
    Parameter weight = linear.get(0);
    ObjectNode config = JsonNodeFactory.instance.objectNode();
    config.put("in_features", weight.shape()[1]);
    config.put("out_features", weight.shape()[0]);
    config.put("bias", true);
    config.put("activation_function", "torch.nn.modules." + activation);
    folder.json(path + "/config.json", config);
    Parameter bias = linear.get(1);
    folder.weights(
        path + "/model.safetensors",
        List.of(
            new Parameter("linear.weight", weight.shape(), weight.values()),
            new Parameter("linear.bias", bias.shape(), bias.values())));
  }

  private static ObjectNode miniLm() {
    ObjectNode config = JsonNodeFactory.instance.objectNode();
    config.putArray("architectures").add("BertModel");
    config.put("model_type", "bert");
    config.put("hidden_size", MiniLmEncoder.WIDTH);
    config.put("num_hidden_layers", 6);
    config.put("num_attention_heads", 12);
    config.put("intermediate_size", 1536);
    config.put("hidden_act", "gelu");
    config.put("layer_norm_eps", 1e-12);
    config.put("max_position_embeddings", 512);
    config.put("type_vocab_size", 2);
    config.put("vocab_size", 30522);
    config.put("projection_dim", TextHead.WIDTH);
    return config;
  }
}
