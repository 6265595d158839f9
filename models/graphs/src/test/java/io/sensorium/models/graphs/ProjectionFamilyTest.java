package io.sensorium.models.graphs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.TensorSpec;
import io.sensorium.models.checkpoints.CheckpointFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What they compute is compared with torch and transformers in {@link ReferenceParityTest}. */
class ProjectionFamilyTest {
  private static final Path REFERENCE = Path.of("..", "reference");

  @TempDir Path folder;

  @Test
  void saysWhatItStandsBetweenAndWhatItReads() {
    AuthoredGraph graph = author(REFERENCE.resolve("projection-pooled/checkpoint"));

    assertThat(graph.modality()).isEmpty();
    assertThat(graph.inputs())
        .containsExactlyInAnyOrder(
            new TensorSpec("token_states", ElementType.FLOAT32, Shape.of(-1, 26, 12)),
            new TensorSpec("embedding", ElementType.FLOAT32, Shape.of(-1, 10)));
    assertThat(graph.outputs())
        .containsExactly(
            new TensorSpec("media_embeds", ElementType.FLOAT32, Shape.of(-1, 3 + 2 + 4, 9)));
    assertThat(graph.preprocessing())
        .containsEntry("kind", "mlp")
        .containsEntry("modality", "image")
        .containsEntry("encoder", "vision")
        .containsEntry("space", "world@1")
        .containsEntry("language_model", "speaker")
        .containsEntry("feature_output", "penultimate_hidden_state");
  }

  @Test
  void takesTheProjectorOutOfALlavaCheckpoint() {
    AuthoredGraph graph = author(REFERENCE.resolve("llava-projector/checkpoint"));

    assertThat(graph.weights().keySet())
        .containsExactlyInAnyOrder(
            "multi_modal_projector.linear_1.weight",
            "multi_modal_projector.linear_1.bias",
            "multi_modal_projector.linear_2.weight",
            "multi_modal_projector.linear_2.bias");
    assertThat(graph.preprocessing())
        .containsEntry("kind", "mlp")
        .containsEntry("encoder", "vision")
        .containsEntry("feature_output", "penultimate_hidden_state");
  }

  @Test
  void refusesALlavaCheckpointThatDoesNotSayBetweenWhatItStands() throws IOException {
    Path copy = rewritten("llava-projector", config -> config.put("vision_feature_layer", -5));

    assertThatThrownBy(() -> author(copy))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("vision_feature_layer must be -2 or -1; got -5")
        .hasMessageContaining("encoder must be the name of what the adapter was trained with")
        .hasMessageContaining("space must be NAME@VERSION");
  }

  @Test
  void takesTheQFormerOutOfABlip2Checkpoint() {
    AuthoredGraph graph = author(REFERENCE.resolve("blip2-projector/checkpoint"));

    assertThat(graph.inputs())
        .containsExactly(
            new TensorSpec("token_states", ElementType.FLOAT32, Shape.of(-1, 1 + 16, 20)));
    assertThat(graph.outputs())
        .containsExactly(new TensorSpec("media_embeds", ElementType.FLOAT32, Shape.of(-1, 5, 14)));
    assertThat(graph.weights().keySet())
        .contains("query_tokens", "qformer.encoder.layer.2.crossattention.output.dense.weight")
        .doesNotContain("qformer.encoder.layer.1.crossattention.output.dense.weight")
        .allMatch(name -> name.matches("(query_tokens|qformer|language_projection).*"));
    assertThat(graph.preprocessing())
        .containsEntry("kind", "query")
        .containsEntry("modality", "image")
        .containsEntry("space", "world@1")
        .containsEntry("feature_output", "last_hidden_state");
  }

  @Test
  void refusesAQFormerThatReadsTheQuestionToo() throws IOException {
    Path instruct =
        rewritten("blip2-projector", config -> config.put("model_type", "instructblip"));
    Path texts =
        rewritten(
            "blip2-projector",
            config ->
                ((ObjectNode) config.get("qformer_config")).put("use_qformer_text_input", true));

    assertThatThrownBy(() -> author(instruct))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining(
            "model_type must be blip-2: a Q-Former that reads the question too is not supported;"
                + " got instructblip");
    assertThatThrownBy(() -> author(texts))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("qformer_config.use_qformer_text_input must be false");
  }

  @Test
  void namesEverythingThatDoesNotFit() throws IOException {
    Path copy =
        rewritten(
            "projection-pooled",
            config -> {
              config.putArray("token_grid").add(5).add(6);
              config.put("space", "world 1");
              config.put("hidden_width", 15);
              config.remove("language_model");
            });

    assertThatThrownBy(() -> author(copy))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("token_grid must be rows and columns of the 24 patches")
        .hasMessageContaining("space must be NAME@VERSION")
        .hasMessageContaining("language_model must be the name of")
        .hasMessageContaining("'linear_1.weight' must be [15,12]; got [14,12]");
  }

  @Test
  void refusesTokensForAnAdapterOfTheEmbedding() throws IOException {
    Path copy = rewritten("projection-one-token", config -> config.put("features", "tokens"));

    assertThatThrownBy(() -> author(copy))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("features must be 'embedding' for one_token; got tokens");
  }

  private Path rewritten(String name, Consumer<ObjectNode> change) throws IOException {
    Path checkpoint = REFERENCE.resolve(name).resolve("checkpoint");
    Path copy = Files.createTempDirectory(folder, "checkpoint");
    Files.copy(checkpoint.resolve("model.safetensors"), copy.resolve("model.safetensors"));
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode config = (ObjectNode) mapper.readTree(checkpoint.resolve("config.json").toFile());
    change.accept(config);
    mapper.writeValue(copy.resolve("config.json").toFile(), config);
    return copy;
  }

  private static AuthoredGraph author(Path path) {
    try (CheckpointFolder checkpoint = CheckpointFolder.open(path)) {
      return GraphAuthor.author(checkpoint).graphs().getFirst();
    }
  }
}
