package io.sensorium.models.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.model.ModelPlan;
import io.sensorium.api.model.Precision;
import io.sensorium.models.checkpoints.CheckpointFolder;
import io.sensorium.models.graphs.ModelPlanner;
import java.io.IOException;
import java.nio.file.Path;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the catalogue promises is what the plan of the checkpoint itself says. */
class PlanAgreementTest {
  private static final Catalogue CATALOGUE = Catalogue.read();

  @TempDir Path folder;

  @Test
  void clipTakesWhatTheCatalogueSays() throws IOException {
    HollowCheckpoint checkpoint = new HollowCheckpoint().tensor("logit_scale");
    checkpoint
        .tensor("vision_model.embeddings.class_embedding", 768)
        .tensor("vision_model.embeddings.patch_embedding.weight", 768, 3, 32, 32)
        .tensor("vision_model.embeddings.position_embedding.weight", 50, 768)
        .norm("vision_model.pre_layrnorm", 768)
        .norm("vision_model.post_layernorm", 768)
        .tensor("visual_projection.weight", 512, 768)
        .tensor("text_model.embeddings.token_embedding.weight", 49408, 512)
        .tensor("text_model.embeddings.position_embedding.weight", 77, 512)
        .norm("text_model.final_layer_norm", 512)
        .tensor("text_projection.weight", 512, 512);
    for (int i = 0; i < 12; i++) {
      clipLayer(checkpoint, "vision_model.encoder.layers." + i, 768);
      clipLayer(checkpoint, "text_model.encoder.layers." + i, 512);
    }
    checkpoint.write(
        folder,
        """
        {"model_type": "clip", "projection_dim": 512,
         "vision_config": {"hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 12,
           "num_attention_heads": 12, "patch_size": 32, "image_size": 224,
           "hidden_act": "quick_gelu", "layer_norm_eps": 1e-5},
         "text_config": {"hidden_size": 512, "intermediate_size": 2048, "num_hidden_layers": 12,
           "num_attention_heads": 8, "vocab_size": 49408, "max_position_embeddings": 77,
           "hidden_act": "quick_gelu", "layer_norm_eps": 1e-5, "eos_token_id": 2}}
        """);

    assertAgreement("clip-vit-b-32");
  }

  private static void clipLayer(HollowCheckpoint checkpoint, String name, int width) {
    for (String part : new String[] {"q_proj", "k_proj", "v_proj", "out_proj"}) {
      checkpoint.linear(name + ".self_attn." + part, width, width);
    }
    checkpoint
        .norm(name + ".layer_norm1", width)
        .norm(name + ".layer_norm2", width)
        .linear(name + ".mlp.fc1", 4 * width, width)
        .linear(name + ".mlp.fc2", width, 4 * width);
  }

  @Test
  void minilmTakesWhatTheCatalogueSays() throws IOException {
    HollowCheckpoint checkpoint =
        new HollowCheckpoint()
            .tensor("embeddings.word_embeddings.weight", 30522, 384)
            .tensor("embeddings.position_embeddings.weight", 512, 384)
            .tensor("embeddings.token_type_embeddings.weight", 2, 384)
            .norm("embeddings.LayerNorm", 384)
            .linear("pooler.dense", 384, 384);
    for (int i = 0; i < 6; i++) {
      String layer = "encoder.layer." + i;
      checkpoint
          .linear(layer + ".attention.self.query", 384, 384)
          .linear(layer + ".attention.self.key", 384, 384)
          .linear(layer + ".attention.self.value", 384, 384)
          .linear(layer + ".attention.output.dense", 384, 384)
          .norm(layer + ".attention.output.LayerNorm", 384)
          .linear(layer + ".intermediate.dense", 1536, 384)
          .linear(layer + ".output.dense", 384, 1536)
          .norm(layer + ".output.LayerNorm", 384);
    }
    checkpoint.write(
        folder,
        """
        {"model_type": "bert", "hidden_size": 384, "intermediate_size": 1536,
         "num_hidden_layers": 6, "num_attention_heads": 12, "vocab_size": 30522,
         "max_position_embeddings": 512, "type_vocab_size": 2, "hidden_act": "gelu",
         "layer_norm_eps": 1e-12, "pad_token_id": 0}
        """);

    assertAgreement("minilm-l6");
  }

  /**
   * One in a hundred for weights: a pooler that sentence encoders leave out, the scales of int8.
   * Activations are an estimate by layers there and a count value by value here: within twice.
   */
  private void assertAgreement(String name) {
    CatalogueEntry entry = CATALOGUE.find(name).orElseThrow();
    try (CheckpointFolder checkpoint = CheckpointFolder.open(folder)) {
      ModelPlan plan = ModelPlanner.plan(checkpoint, Precision.FLOAT32, 1);
      assertThat(plan.parameters()).isCloseTo(entry.parameters(), Percentage.withPercentage(1));
      long working = entry.towers().stream().mapToLong(Tower::workingBytes).max().orElseThrow();
      for (Precision precision : Precision.values()) {
        assertThat(plan.bytes().get(precision.label()))
            .as("%s weights of %s", precision.label(), name)
            .isCloseTo(entry.memoryBytes(precision) - working, Percentage.withPercentage(1.5));
      }
      assertThat(working).isBetween(plan.workingBytes() / 2, plan.workingBytes() * 2);
    }
  }
}
