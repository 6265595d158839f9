package io.sensorium.models.training;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.sensorium.models.checkpoints.CheckpointFolder;
import io.sensorium.models.graphs.GraphAuthor;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The frozen sentence encoder as the default text tower begins with it: MiniLM-L6-v2 with int8
 * weights, masked mean pooling, unit length. A sentence's embedding does not depend on the batch.
 *
 * <p>One thread at a time.
 */
final class MiniLmEncoder implements AutoCloseable {
  /** The width of an embedding. */
  static final int WIDTH = 384;

  private static final String GRAPH = "/all-minilm-l6-v2-q.onnx";

  /** Without a configuration of its own the pooling is the mean. */
  private static final String MODULES =
      """
      [{"path": "", "type": "sentence_transformers.models.Transformer"},
       {"path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
       {"path": "2_Normalize", "type": "sentence_transformers.models.Normalize"}]
      """;

  private static final String TOKENIZER = "/all-minilm-l6-v2-q-tokenizer.json";

  /** Longer sentences are cut. */
  static final int MAXIMUM_TOKENS = 128;

  private final HuggingFaceTokenizer tokenizer;
  private final OrtSession session;

  MiniLmEncoder() {
    try (InputStream vocabulary = resource(TOKENIZER);
        var options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      session = OrtEnvironment.getEnvironment().createSession(graph(), options);
      tokenizer =
          HuggingFaceTokenizer.newInstance(
              vocabulary,
              Map.of(
                  "padding",
                  "true",
                  "truncation",
                  "true",
                  "maxLength",
                  Integer.toString(MAXIMUM_TOKENS),
                  "modelMaxLength",
                  Integer.toString(MAXIMUM_TOKENS)));
    } catch (IOException e) {
      throw new UncheckedIOException("the MiniLM resources could not be read", e);
    } catch (OrtException e) {
      throw new IllegalStateException("the MiniLM graph could not be loaded", e);
    }
  }

  /** The export with what Sentence-Transformers puts behind it, as an import writes it. */
  private static byte[] graph() throws IOException {
    Path folder = Files.createTempDirectory("minilm");
    try (InputStream export = resource(GRAPH)) {
      Files.copy(export, folder.resolve("model.onnx"));
      Files.writeString(folder.resolve("modules.json"), MODULES);
      Path written = folder.resolve("graph.onnx");
      try (CheckpointFolder checkpoint = CheckpointFolder.open(folder)) {
        GraphAuthor.author(checkpoint).graphs().getFirst().writeTo(written);
      }
      return Files.readAllBytes(written);
    } finally {
      for (String file : List.of("model.onnx", "modules.json", "graph.onnx", "")) {
        Files.deleteIfExists(folder.resolve(file));
      }
    }
  }

  private static InputStream resource(String name) throws IOException {
    InputStream stream = MiniLmEncoder.class.getResourceAsStream(name);
    if (stream == null) {
      throw new FileNotFoundException(name + " must be on the class path");
    }
    return stream;
  }

  /** Encodes one batch into unit rows of {@value #WIDTH}, back to back. */
  float[] encode(List<String> sentences) {
    Encoding[] encodings = tokenizer.batchEncode(sentences);
    int tokens = encodings[0].getIds().length;
    long[] shape = {encodings.length, tokens};
    LongBuffer ids = LongBuffer.allocate(encodings.length * tokens);
    LongBuffer mask = LongBuffer.allocate(encodings.length * tokens);
    for (Encoding encoding : encodings) {
      ids.put(encoding.getIds());
      mask.put(encoding.getAttentionMask());
    }
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    LongBuffer types = LongBuffer.allocate(encodings.length * tokens);
    try (OnnxTensor idTensor = OnnxTensor.createTensor(environment, ids.flip(), shape);
        OnnxTensor maskTensor = OnnxTensor.createTensor(environment, mask.flip(), shape);
        OnnxTensor typeTensor = OnnxTensor.createTensor(environment, types, shape);
        OrtSession.Result result =
            session.run(
                Map.of(
                    "input_ids", idTensor,
                    "attention_mask", maskTensor,
                    "token_type_ids", typeTensor))) {
      var rows = new float[encodings.length * WIDTH];
      ((OnnxTensor) result.get(0)).getFloatBuffer().get(rows);
      return rows;
    } catch (OrtException e) {
      throw new IllegalStateException("MiniLM failed on %d sentences".formatted(shape[0]), e);
    }
  }

  @Override
  public void close() {
    tokenizer.close();
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("the MiniLM session could not be closed", e);
    }
  }
}
