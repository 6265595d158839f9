package io.sensorium.models.graphs;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl;
import io.sensorium.api.model.GraphMemory;
import io.sensorium.api.model.Precision;
import io.sensorium.api.model.Settings;
import io.sensorium.models.checkpoints.CheckpointFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkingSetTest {
  private static final Path REFERENCE = Path.of("../reference");

  /** An image of 40 x 40 in patches of 8 gives 26 tokens; the inner layer is 96 wide. */
  @Test
  void holdsTheWidestLayer() {
    try (CheckpointFolder checkpoint = open("vit-projected")) {
      AuthoredGraph graph = GraphAuthor.author(checkpoint).graphs().getFirst();
      WorkingSet working = new WorkingSet(graph, 1);
      long image = 4 * 3 * 40 * 40;
      long widest = 4 * 26 * 96;
      assertThat(working.isKnown()).isTrue();
      assertThat(working.bytes()).isBetween(Math.max(image, 2 * widest), image + 8 * widest);
    }
  }

  @Test
  void aTextNeedsMoreTheLongerItIsAndScoresGrowWithItsSquare() {
    try (CheckpointFolder checkpoint = open("bert-plain")) {
      AuthoredGraph graph = GraphAuthor.author(checkpoint).graphs().getFirst();
      long once = new WorkingSet(graph, 500).bytes();
      assertThat(new WorkingSet(graph, 1_000).bytes()).isBetween(3 * once, 4 * once);
    }
  }

  /** The caches are the caller's, and only the last token's logits are computed. */
  @Test
  void aDecoderCountsTheTokensItReadsAndTheScoresOfThoseItRemembers() {
    try (CheckpointFolder checkpoint = open("llama-grouped")) {
      AuthoredGraph graph = GraphAuthor.author(checkpoint).graphs().getFirst();
      Settings config = ModelPlanner.config(checkpoint);
      long tokens = 64;
      long one = new WorkingSet(graph, tokens, tokens).bytes();
      long more = new WorkingSet(graph, tokens, tokens + 10_000).bytes();
      long heads = config.integer("num_attention_heads");
      assertThat(more - one).isBetween(4 * heads * tokens * 9_000, 4 * heads * tokens * 10_000);
      long inner = config.integer("intermediate_size");
      long width = config.integer("hidden_size");
      assertThat(one)
          .isLessThan(4 * tokens * (6 * inner + 6 * width) + 4 * heads * tokens * tokens);
    }
  }

  /** Their shapes are known here, so that the formula can be held against the walk. */
  @ParameterizedTest
  @ValueSource(strings = {"vit-pooled", "ast-overlapping", "clip-vision-projected", "bert-plain"})
  void theFormulaIsCloseToTheWalk(String reference) {
    try (CheckpointFolder checkpoint = open(reference)) {
      AuthoredGraph graph = GraphAuthor.author(checkpoint).graphs().getFirst();
      WorkingSet working = new WorkingSet(graph, 100);
      assertThat(working.isKnown()).isTrue();
      long estimated = LayerEstimate.of(ModelPlanner.config(checkpoint), graph, 100).bytes();
      assertThat(estimated).isBetween(working.bytes() / 3, 3 * working.bytes());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"export-vit", "export-ast", "export-sentence"})
  void whatAnExportDoesNotTellItsConfigurationDoes(String reference) {
    try (CheckpointFolder checkpoint = open(reference)) {
      AuthoredGraph graph = GraphAuthor.author(checkpoint).graphs().getFirst();
      assertThat(new WorkingSet(graph, 100).isKnown()).isFalse();
      Settings config = ModelPlanner.config(checkpoint);
      GraphMemory memory = ModelPlanner.memory(graph, Precision.FLOAT32, config);
      assertThat(memory.workingBytes())
          .isGreaterThanOrEqualTo(LayerEstimate.of(config, graph, 1).bytes())
          .isPositive();
    }
  }

  /** Both layers' keys read the input alone; ONNX Runtime computes the second layer's first. */
  @Test
  void whatLayersReadOfTheInputsIsThereBeforeTheFirstLayer() {
    List<OnnxMl.NodeProto> file =
        List.of(
            node("x", "key0"),
            node("x", "query0"),
            node("query0", "key0", "layer0"),
            node("x", "key1"),
            node("layer0", "query1"),
            node("query1", "key1", "layer1"));
    assertThat(RunOrder.of(file))
        .extracting(node -> node.getOutput(0))
        .containsExactly("query0", "key0", "layer0", "query1", "key1", "layer1");
    List<OnnxMl.NodeProto> keysLast =
        List.of(
            node("x", "query0"),
            node("x", "key0"),
            node("query0", "key0", "layer0"),
            node("layer0", "query1"),
            node("x", "key1"),
            node("query1", "key1", "layer1"));
    assertThat(RunOrder.of(keysLast))
        .extracting(node -> node.getOutput(0))
        .containsExactly("key1", "key0", "query0", "layer0", "query1", "layer1");
  }

  private static OnnxMl.NodeProto node(String... inputsAndOutput) {
    List<String> names = List.of(inputsAndOutput);
    return OnnxMl.NodeProto.newBuilder()
        .addAllInput(names.subList(0, names.size() - 1))
        .addOutput(names.getLast())
        .build();
  }

  @Test
  void aConfigurationGivesTheWidestLayerByFormula() {
    Settings config =
        Settings.of(
            "config.json",
            Map.of(
                "hidden_size",
                8,
                "num_hidden_layers",
                2,
                "num_attention_heads",
                3,
                "intermediate_size",
                32));
    assertThat(new LayerEstimate(config, 5).bytes()).isEqualTo(4 * (2 * 5 * 8 + 4 * 5 * 32));
    assertThat(new LayerEstimate(config, 100).bytes())
        .isEqualTo(4 * (5 * 100 * 8 + 2 * 3 * 100 * 100));
    assertThat(new LayerEstimate(Settings.of("c", Map.of()), 100).bytes()).isZero();
  }

  private static CheckpointFolder open(String reference) {
    return CheckpointFolder.open(REFERENCE.resolve(reference).resolve("checkpoint"));
  }
}
