package io.sensorium.language.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sensorium.language.text.Vocabulary;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tokens that are given; null stands for a special one. */
record TestVocabulary(List<byte[]> tokens) implements Vocabulary {
  static final Path MODELS = Path.of("..", "..", "models");
  static final Path BYTE_LEVEL =
      MODELS.resolve(Path.of("reference", "tokenizers", "byte-level", "tokenizer.json"));
  static final Path LM_DEFAULT =
      MODELS.resolve(
          Path.of("defaults", "src", "main", "checkpoints", "lm-default", "tokenizer.json"));

  @Override
  public int size() {
    return tokens.size();
  }

  @Override
  public ByteBuffer bytes(int token) {
    byte[] bytes = tokens.get(token);
    return ByteBuffer.wrap(bytes == null ? new byte[0] : bytes).asReadOnlyBuffer();
  }

  @Override
  public boolean isSpecial(int token) {
    return tokens.get(token) == null;
  }

  /** One token for each byte, then these. */
  static TestVocabulary ofBytes(String... more) {
    List<byte[]> tokens = new ArrayList<>();
    for (int next = 0; next < 256; next++) {
      tokens.add(new byte[] {(byte) next});
    }
    Arrays.stream(more).forEach(text -> tokens.add(text.getBytes(StandardCharsets.UTF_8)));
    tokens.add(null);
    return new TestVocabulary(tokens);
  }

  /** ASCII alone. */
  static TestVocabulary ofAscii() {
    List<byte[]> tokens = new ArrayList<>();
    for (int next = 0; next < 128; next++) {
      tokens.add(new byte[] {(byte) next});
    }
    tokens.add("\u00E9t\u00E9".getBytes(StandardCharsets.UTF_8));
    return new TestVocabulary(tokens);
  }

  /** A byte-level tokenizer's. */
  static TestVocabulary read(Path tokenizer) {
    try {
      JsonNode json = new ObjectMapper().readTree(tokenizer.toFile());
      Map<Integer, byte[]> byId = new HashMap<>();
      json.get("model")
          .get("vocab")
          .properties()
          .forEach(entry -> byId.put(entry.getValue().intValue(), bytes(entry.getKey())));
      json.get("added_tokens").forEach(token -> byId.put(token.get("id").intValue(), null));
      List<byte[]> tokens = new ArrayList<>();
      int size = byId.keySet().stream().mapToInt(id -> id).max().orElseThrow() + 1;
      for (int id = 0; id < size; id++) {
        tokens.add(byId.get(id));
      }
      return new TestVocabulary(tokens);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + tokenizer, e);
    }
  }

  /** Byte-level vocabularies name each byte by a printable character. */
  private static byte[] bytes(String name) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    name.codePoints().forEach(point -> bytes.write(named(point)));
    return bytes.toByteArray();
  }

  private static int named(int point) {
    int beyond = 256;
    for (int next = 0; next < 256; next++) {
      boolean printable = (next > 32 && next < 127) || (next > 160 && next != 173);
      if (point == (printable ? next : beyond++)) {
        return next;
      }
    }
    throw new IllegalArgumentException("no byte is named " + point);
  }

  /** The tokens' bytes as text. */
  String text(List<Integer> ids) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ids.forEach(id -> bytes.writeBytes(tokens.get(id)));
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
