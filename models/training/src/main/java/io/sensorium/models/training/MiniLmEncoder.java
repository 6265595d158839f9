package io.sensorium.models.training;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.List;
import java.util.Map;

/**
 * The frozen sentence encoder: MiniLM-L6-v2 with int8 weights, masked mean pooling, unit length.
 *
 * <p>The graph quantises activations over the whole batch, so a sentence's embedding depends a
 * little on its neighbours. Encode in a fixed order and batch size where results must be equal.
 *
 * <p>One thread at a time.
 */
final class MiniLmEncoder implements AutoCloseable {
  /** The width of an embedding. */
  static final int WIDTH = 384;

  private static final String GRAPH = "/all-minilm-l6-v2-q.onnx";
  private static final String TOKENIZER = "/all-minilm-l6-v2-q-tokenizer.json";

  /** Longer sentences are cut. */
  static final int MAXIMUM_TOKENS = 128;

  private final HuggingFaceTokenizer tokenizer;
  private final OrtSession session;

  MiniLmEncoder() {
    try (InputStream vocabulary = resource(TOKENIZER);
        InputStream graph = resource(GRAPH);
        var options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      session = OrtEnvironment.getEnvironment().createSession(graph.readAllBytes(), options);
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
      return pool(((OnnxTensor) result.get(0)).getFloatBuffer(), encodings, tokens);
    } catch (OrtException e) {
      throw new IllegalStateException("MiniLM failed on %d sentences".formatted(shape[0]), e);
    }
  }

  private static float[] pool(FloatBuffer states, Encoding[] encodings, int tokens) {
    var rows = new float[encodings.length * WIDTH];
    for (int row = 0; row < encodings.length; row++) {
      long[] mask = encodings[row].getAttentionMask();
      for (int token = 0; token < tokens; token++) {
        if (mask[token] != 0) {
          int from = (row * tokens + token) * WIDTH;
          for (int k = 0; k < WIDTH; k++) {
            rows[row * WIDTH + k] += states.get(from + k);
          }
        }
      }
      Vectors.normalise(rows, row * WIDTH, WIDTH);
    }
    return rows;
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
