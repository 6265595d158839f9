package io.sensorium.models.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class FileSelectionTest {
  private static final HubReference REFERENCE = HubReference.parse("hf:org/model");

  @Test
  void safetensorsComeBeforePickledWeightsAndOtherFrameworksStay() {
    assertThat(
            chosen(
                "flax_model.msgpack",
                "model.safetensors",
                "model.fp16.safetensors",
                "pytorch_model.bin",
                "open_clip_model.safetensors",
                "tf_model.h5",
                "onnx/model.onnx",
                "openvino/openvino_model.bin",
                ".gitattributes",
                "train.py",
                "config.json",
                "merges.txt",
                "spiece.model",
                "LICENSE",
                "README.md"))
        .containsExactly(
            "LICENSE",
            "README.md",
            "config.json",
            "merges.txt",
            "spiece.model",
            "model.safetensors");
  }

  @Test
  void shardsComeWithTheirIndex() {
    assertThat(
            chosen(
                "config.json",
                "golden.safetensors",
                "model-00001-of-00002.safetensors",
                "model-00002-of-00002.safetensors",
                "model.safetensors.index.json",
                "pytorch_model.bin.index.json",
                "pytorch_model-00001-of-00001.bin"))
        .containsExactly(
            "config.json",
            "golden.safetensors",
            "model-00001-of-00002.safetensors",
            "model-00002-of-00002.safetensors",
            "model.safetensors.index.json");
  }

  @Test
  void modulesOfASentenceTransformerComeBeforeTheTransformersWeights() {
    assertThat(
            chosen(
                "1_Pooling/config.json",
                "2_Dense/config.json",
                "2_Dense/model.safetensors",
                "2_Dense/pytorch_model.bin",
                "config.json",
                "eval/results.json",
                "model.safetensors",
                "modules.json"))
        .containsExactly(
            "1_Pooling/config.json",
            "2_Dense/config.json",
            "config.json",
            "modules.json",
            "2_Dense/model.safetensors",
            "model.safetensors");
  }

  @Test
  void pickledWeightsAreTakenWhereThereIsNothingElse() {
    assertThat(chosen("config.json", "pytorch_model.bin", "onnx/model.onnx"))
        .containsExactly("config.json", "pytorch_model.bin");
    assertThat(chosen("imagebind_huge.pth", "README.md"))
        .containsExactly("README.md", "imagebind_huge.pth");
    assertThat(chosen("config.json", "weights.bin", "training_args.bin", "optimizer.pt"))
        .containsExactly("config.json", "weights.bin");
    assertThatThrownBy(() -> chosen("a.pth", "b.pth"))
        .hasMessageContaining("several models in one folder: [a.pth, b.pth]");
  }

  @Test
  void exportsComeWithTheirDataWhereThereAreNoWeights() {
    assertThat(
            chosen(
                "config.json",
                "onnx/config.json",
                "onnx/model.onnx",
                "onnx/model.onnx_data",
                "onnx/model_quantized.onnx"))
        .containsExactly(
            "config.json", "onnx/config.json", "onnx/model.onnx", "onnx/model.onnx_data");
    assertThat(
            chosen(
                "config.json",
                "onnx/text_model.onnx",
                "onnx/vision_model.onnx",
                "onnx/vision_model_fp16.onnx"))
        .containsExactly("config.json", "onnx/text_model.onnx", "onnx/vision_model.onnx");
    assertThat(chosen("onnx/model_quantized.onnx")).containsExactly("onnx/model_quantized.onnx");
  }

  @Test
  void aRepositoryWithoutWeightsIsRefusedByName() {
    assertThatThrownBy(() -> chosen("config.json", "model.gguf"))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("hf:org/model has no weights that can be imported")
        .hasMessageContaining("model.gguf");
    assertThatThrownBy(() -> chosen("2_Dense/model.safetensors", "config.json"))
        .isInstanceOf(HubException.class);
  }

  @Test
  void lengthsThatWouldOverflowAreTooMuch() {
    List<HubFile> files =
        List.of(
            new HubFile("model.safetensors.index.json", Long.MAX_VALUE, "0".repeat(40)),
            new HubFile("model-00001-of-00001.safetensors", Long.MAX_VALUE, "1".repeat(64)));

    assertThatThrownBy(() -> FileSelection.choose(REFERENCE, files, HubLimits.DEFAULT))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("are taken");
  }

  private static List<String> chosen(String... paths) {
    List<HubFile> files =
        Arrays.stream(paths).map(path -> new HubFile(path, 10, "0".repeat(40))).toList();
    return FileSelection.choose(REFERENCE, files, HubLimits.DEFAULT).stream()
        .map(HubFile::path)
        .toList();
  }
}
