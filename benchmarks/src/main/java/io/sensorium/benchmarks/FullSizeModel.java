package io.sensorium.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Published models by their tensors' names and shapes; the weights are random. */
enum FullSizeModel {
  /** {@code openai/clip-vit-large-patch14}. */
  CLIP_LARGE {
    @Override
    RandomCheckpoint tensors() {
      RandomCheckpoint tensors = new RandomCheckpoint(SEED);
      clipTower(tensors, "vision_model.", 1024, 24);
      tensors
          .tensor("vision_model.embeddings.class_embedding", 1024)
          .tensor("vision_model.embeddings.patch_embedding.weight", 1024, 3, 14, 14)
          .tensor("vision_model.embeddings.position_embedding.weight", 257, 1024)
          .norm("vision_model.pre_layrnorm", 1024)
          .norm("vision_model.post_layernorm", 1024)
          .tensor("visual_projection.weight", 768, 1024);
      clipTower(tensors, "text_model.", 768, 12);
      return tensors
          .tensor("text_model.embeddings.token_embedding.weight", 49408, 768)
          .tensor("text_model.embeddings.position_embedding.weight", 77, 768)
          .norm("text_model.final_layer_norm", 768)
          .tensor("text_projection.weight", 768, 768)
          .tensor("logit_scale");
    }

    @Override
    void configure(Path folder) throws IOException {
      Files.writeString(
          folder.resolve("config.json"),
          """
          {"model_type": "clip", "projection_dim": 768,
           "vision_config": {"hidden_size": 1024, "intermediate_size": 4096, "patch_size": 14,
             "num_hidden_layers": 24, "num_attention_heads": 16, "projection_dim": 768},
           "text_config": {"hidden_size": 768, "intermediate_size": 3072,
             "num_hidden_layers": 12, "num_attention_heads": 12, "projection_dim": 768}}
          """);
      Files.writeString(
          folder.resolve("preprocessor_config.json"),
          """
          {"feature_extractor_type": "CLIPFeatureExtractor", "size": 224, "crop_size": 224,
           "image_mean": [0.48145466, 0.4578275, 0.40821073],
           "image_std": [0.26862954, 0.26130258, 0.27577711]}
          """);
    }
  },

  /** {@code imagebind_huge}. */
  IMAGEBIND_HUGE {
    @Override
    RandomCheckpoint tensors() {
      RandomCheckpoint tensors = new RandomCheckpoint(SEED);
      String vision = "modality_preprocessors.vision.";
      trunk(tensors, "vision", 1280, 32, "2");
      tensors
          .norm("modality_trunks.vision.pre_transformer_layer.0", 1280)
          .tensor(vision + "cls_token", 1, 1, 1280)
          .tensor(vision + "rgbt_stem.proj.1.weight", 1280, 3, 2, 14, 14)
          .tensor(vision + "pos_embedding_helper.pos_embed", 1, 257, 1280);
      trunk(tensors, "text", 1024, 24, "");
      tensors
          .norm("modality_heads.text.proj.0", 1024)
          .tensor("modality_heads.text.proj.1.weight", EMBEDDING, 1024)
          .tensor("modality_preprocessors.text.token_embedding.weight", 49408, 1024)
          .tensor("modality_preprocessors.text.pos_embed", 1, 77, 1024);
      plane(tensors, "audio", "rgbt_stem", 768, 229);
      plane(tensors, "depth", "depth_stem", 384, 197);
      plane(tensors, "thermal", "rgbt_stem", 768, 197);
      trunk(tensors, "imu", 512, 6, "3");
      return tensors
          .tensor("modality_preprocessors.imu.cls_token", 1, 1, 512)
          .tensor("modality_preprocessors.imu.pos_embed", 1, 251, 512)
          .tensor("modality_preprocessors.imu.imu_stem.proj.weight", 512, 48)
          .norm("modality_preprocessors.imu.imu_stem.norm_layer", 512);
    }

    /** Its constructor's arguments are the importer's defaults. */
    @Override
    void configure(Path folder) {}
  };

  private static final long SEED = 20261121;
  private static final long EMBEDDING = 1024;

  /** Names and shapes of every tensor that the model needs. */
  abstract RandomCheckpoint tensors();

  /** Writes the files beside the weights. */
  abstract void configure(Path folder) throws IOException;

  /** Makes the checkpoint in an empty folder; answers how many weights it has. */
  long write(Path folder) throws IOException {
    RandomCheckpoint tensors = tensors();
    tensors.write(folder.resolve("model.safetensors"));
    configure(folder);
    return tensors.parameters();
  }

  private static void clipTower(RandomCheckpoint tensors, String prefix, long width, int layers) {
    for (int layer = 0; layer < layers; layer++) {
      String block = prefix + "encoder.layers." + layer + ".";
      for (String projection : new String[] {"q_proj", "k_proj", "v_proj", "out_proj"}) {
        tensors.linear(block + "self_attn." + projection, width, width);
      }
      tensors
          .norm(block + "layer_norm1", width)
          .norm(block + "layer_norm2", width)
          .linear(block + "mlp.fc1", 4 * width, width)
          .linear(block + "mlp.fc2", width, 4 * width);
    }
  }

  /**
   * @param projection the head's last layer by its number; empty if it has another place
   */
  private static void trunk(
      RandomCheckpoint tensors, String name, long width, int layers, String projection) {
    boolean learnsToken = !name.equals("vision") && !name.equals("text");
    for (int layer = 0; layer < layers; layer++) {
      String block = "modality_trunks." + name + ".blocks." + layer + ".";
      tensors
          .tensor(block + "attn.in_proj_weight", 3 * width, width)
          .tensor(block + "attn.in_proj_bias", 3 * width)
          .linear(block + "attn.out_proj", width, width)
          .norm(block + "norm_1", width)
          .norm(block + "norm_2", width)
          .linear(block + "mlp.fc1", 4 * width, width)
          .linear(block + "mlp.fc2", width, 4 * width);
      if (learnsToken) {
        tensors.tensor(block + "attn.bias_k", 1, 1, width);
        tensors.tensor(block + "attn.bias_v", 1, 1, width);
      }
    }
    if (!projection.isEmpty()) {
      String head = "modality_heads." + name + ".";
      tensors.norm(head + "0", width).tensor(head + projection + ".weight", EMBEDDING, width);
    }
    if (!name.equals("vision")) {
      tensors.tensor("modality_postprocessors." + name + ".1.log_logit_scale");
    }
  }

  private static void plane(
      RandomCheckpoint tensors, String name, String stem, long width, long tokens) {
    String prefix = "modality_preprocessors." + name + ".";
    trunk(tensors, name, width, 12, "2");
    tensors
        .tensor(prefix + "cls_token", 1, 1, width)
        .tensor(prefix + stem + ".proj.weight", width, 1, 16, 16)
        .norm(prefix + stem + ".norm_layer", width)
        .tensor(prefix + "pos_embedding_helper.pos_embed", 1, tokens, width);
  }
}
