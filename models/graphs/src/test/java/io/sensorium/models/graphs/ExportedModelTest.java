package io.sensorium.models.graphs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.Modality;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.Precision;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.models.checkpoints.CheckpointFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is made of exports; that their numbers stay is {@link ReferenceParityTest}'s. */
class ExportedModelTest {
  private static final Path REFERENCE = Path.of("..", "reference");

  @TempDir Path folder;

  @Test
  void aGraphOfTwoTowersIsCutIntoThem() {
    AuthoredModel model = author("export-clip");
    assertThat(model.architecture()).isEqualTo("clip");
    assertThat(model.graphs()).extracting("name").containsExactly("vision", "text");
    AuthoredGraph vision = model.graphs().get(0);
    assertThat(vision.modality()).contains(Modality.IMAGE);
    assertThat(vision.inputs()).hasSize(1);
    assertThat(vision.inputs().getFirst().shape()).isEqualTo(Shape.of(-1, 3, 20, 20));
    assertThat(vision.outputs()).extracting("name").containsExactly("image_embeds");
    assertThat(vision.weightFiles()).containsExactly("model.onnx_data");
    AuthoredGraph text = model.graphs().get(1);
    assertThat(text.inputs())
        .extracting("name")
        .containsExactlyInAnyOrder("input_ids", "attention_mask");
    assertThat(text.preprocessing()).isEqualTo(Map.of("max_length", 16));
    assertThat(text.authored().getGraph().getNodeCount())
        .isLessThan(300)
        .isGreaterThan(vision.authored().getGraph().getNodeCount() / 2);
  }

  @Test
  void towersInFilesOfTheirOwnAreTakenAsTheyAre() {
    AuthoredModel model = author("export-clip-towers");
    assertThat(model.graphs()).extracting("name").containsExactly("vision", "text");
    assertThat(model.graphs().get(1).preprocessing())
        .as("without a mask padding is text")
        .isEqualTo(Map.of("max_length", 16, "padding", "max_length"));
  }

  @Test
  void theEmbeddingComesFirst() {
    assertThat(author("export-sentence").graphs().getFirst().outputs())
        .extracting("name")
        .containsExactly("sentence_embedding", "last_hidden_state");
    assertThat(author("export-vit").graphs().getFirst().outputs())
        .extracting("name")
        .containsExactly("image_embeds", "last_hidden_state");
    AuthoredGraph audio = author("export-ast").graphs().getFirst();
    assertThat(audio.modality()).contains(Modality.AUDIO);
    assertThat(audio.outputs())
        .extracting("name")
        .containsExactly("pooler_output", "last_hidden_state");
    assertThat(audio.inputs().getFirst().shape()).isEqualTo(Shape.of(-1, 40, 24));
  }

  @Test
  void weightsOfAKnownFamilyAreWrittenAnewRatherThanTakenFromTheExport() throws IOException {
    Path vit = REFERENCE.resolve("vit-pooled").resolve("checkpoint");
    Files.copy(vit.resolve("config.json"), folder.resolve("config.json"));
    Files.copy(vit.resolve("model.safetensors"), folder.resolve("model.safetensors"));
    Files.write(folder.resolve("model.onnx"), new byte[] {1, 2, 3});
    try (CheckpointFolder checkpoint = CheckpointFolder.open(folder)) {
      assertThat(GraphAuthor.author(checkpoint).graphs().getFirst().isExported()).isFalse();
    }
  }

  @Test
  void towersThatReadEachOthersInputsAreRefused() throws IOException {
    GraphBuilder graph = twoInputs();
    Operators operators = new Operators(graph);
    Value ids =
        operators.toFloat("ids", new Value("input_ids", ElementType.INT64, Shape.of(-1, 4)));
    Value values = new Value("input_values", ElementType.FLOAT32, Shape.of(-1, 4));
    graph.output("text_embeds", operators.add("sum", ids, values));
    graph.output("audio_embeds", values);
    assertThatAuthoring(graph)
        .hasMessageContaining("'text_embeds' of")
        .hasMessageContaining(
            "must be computed from its own inputs alone; it reads [input_values]");
  }

  @Test
  void whatNobodyCanFeedOrEmbedIsNamed() throws IOException {
    GraphBuilder graph = twoInputs();
    graph.input("is_longer", ElementType.BOOL, Shape.DYNAMIC, 1);
    graph.output("logits", new Value("input_values", ElementType.FLOAT32, Shape.of(-1, 4)));
    assertThatAuthoring(graph)
        .hasMessageContaining("reads 'is_longer', which no encoder gives")
        .hasMessageContaining("must have an output float32[n,d] 'sentence_embedding'")
        .hasMessageContaining("must have an output float32[n,d] 'audio_embeds'; it has [logits]");
    GraphBuilder single = new GraphBuilder("single");
    single.output("logits", single.input("input_values", ElementType.FLOAT32, -1, 4));
    assertThatAuthoring(single)
        .hasMessageContaining("or a last_hidden_state float32[n,s,d]; its outputs are [logits]");
  }

  @Test
  void aGraphThatReadsNothingIsRefused() throws IOException {
    GraphBuilder nothing = new GraphBuilder("nothing");
    nothing.output("pooler_output", nothing.integers(1, 2));
    assertThatAuthoring(nothing).hasMessageContaining("must read one of [[pixel_values]");
  }

  @Test
  void exportsKeepTheirPrecision() {
    try (CheckpointFolder checkpoint = open("export-vit")) {
      assertThatThrownBy(() -> GraphAuthor.author(checkpoint, Precision.INT8))
          .isInstanceOf(ModelLoadException.class);
    }
  }

  private static GraphBuilder twoInputs() {
    GraphBuilder graph = new GraphBuilder("two inputs");
    graph.input("input_ids", ElementType.INT64, Shape.DYNAMIC, 4);
    graph.input("input_values", ElementType.FLOAT32, Shape.DYNAMIC, 4);
    return graph;
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertThatAuthoring(GraphBuilder graph)
      throws IOException {
    Draft.Tower tower = new Draft.Tower(Optional.empty(), Map.of(), Map.of());
    new AuthoredGraph("any", graph, tower).writeTo(folder.resolve("model.onnx"));
    return assertThatThrownBy(
            () -> {
              try (CheckpointFolder checkpoint = CheckpointFolder.open(folder)) {
                GraphAuthor.author(checkpoint);
              }
            })
        .isInstanceOf(ModelLoadException.class);
  }

  private static AuthoredModel author(String name) {
    try (CheckpointFolder checkpoint = open(name)) {
      return GraphAuthor.author(checkpoint);
    }
  }

  private static CheckpointFolder open(String name) {
    return CheckpointFolder.open(REFERENCE.resolve(name).resolve("checkpoint"));
  }
}
