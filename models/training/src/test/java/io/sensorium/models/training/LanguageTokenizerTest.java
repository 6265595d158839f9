package io.sensorium.models.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sensorium.models.training.BytePairTrainer.Merge;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LanguageTokenizerTest {

  private static final List<String> TEXTS =
      List.of(
          "How many bells are there?",
          "",
          "  two   spaces, and\na line\t",
          "élan Ωmega 日本語 🎈🔔 naïve",
          "there's 123 bells; they'll ring",
          "\u00a0\u0000\u007f");

  private static LanguageTokenizer small() {
    var trainer = new BytePairTrainer();
    for (int round = 0; round < 3; round++) {
      trainer.learn("How many bells are there? Three red bells.");
    }
    return new LanguageTokenizer(trainer.merges(60));
  }

  private static HuggingFaceTokenizer load(LanguageTokenizer vocabulary) throws Exception {
    byte[] json = vocabulary.json().toString().getBytes(StandardCharsets.UTF_8);
    return HuggingFaceTokenizer.newInstance(
        new ByteArrayInputStream(json), Map.of("padding", "false", "truncation", "false"));
  }

  @Test
  void mergesTakeTheCommonestPairFirst() {
    var trainer = new BytePairTrainer();
    for (String word : List.of("low", "low", "lower", "newest", "newest", "newest", "widest")) {
      trainer.learn(word);
    }
    // es, st and we occur four times each; of equals the first in the alphabet is taken.
    assertThat(trainer.merges(4))
        .containsExactly(
            new Merge("e", "s"), new Merge("es", "t"), new Merge("e", "w"), new Merge("ew", "est"));
    assertThat(trainer.merges(1_000).getLast().joined()).isIn("newest", "widest", "lower");
  }

  @Test
  void aKeptVocabularyIsTakenAsItIs(@TempDir Path folder) {
    Path file = folder.resolve("kept/merges");
    LanguageTokenizer learnt = LanguageTokenizer.keptIn(file, 300);
    assertThat(learnt.size()).isEqualTo(300);
    assertThat(LanguageTokenizer.keptIn(file, 1_000)).isEqualTo(learnt);
  }

  @Test
  void everyTextComesBackAsItWas() throws Exception {
    try (HuggingFaceTokenizer tokenizer = load(small())) {
      var texts = new ArrayList<>(TEXTS);
      var random = new Random(1021);
      for (int index = 0; index < 300; index++) {
        var text = new StringBuilder();
        random
            .ints(random.nextInt(1, 12), 1, 0x2ffff)
            .filter(point -> Character.isDefined(point) && !Character.isSurrogate((char) point))
            .forEach(text::appendCodePoint);
        texts.add(text.toString());
      }
      for (String text : texts) {
        long[] ids = tokenizer.encode(text, false, false).getIds();
        assertThat(tokenizer.decode(ids, true)).as(text).isEqualTo(text);
      }
    }
  }

  @Test
  void piecesAreEncodedAsTheWholeTextIs() throws Exception {
    LanguageTokenizer vocabulary = small();
    try (HuggingFaceTokenizer tokenizer = load(vocabulary);
        var tokens = new ConversationTokens(vocabulary)) {
      for (String text : TEXTS.subList(0, 5)) {
        int[] whole =
            Arrays.stream(tokenizer.encode(text, false, false).getIds())
                .mapToInt(Math::toIntExact)
                .toArray();
        assertThat(tokens.encode(text)).as(text).isEqualTo(whole);
      }
    }
  }

  @Test
  void specialTokensBytesAndMergesShareOneVocabularyWithoutGaps() throws Exception {
    LanguageTokenizer vocabulary = small();
    ObjectNode json = vocabulary.json();
    var ids = new HashSet<Integer>();
    json.at("/model/vocab").forEach(id -> ids.add(id.asInt()));
    assertThat(ids).hasSize(vocabulary.size());
    assertThat(ids).allMatch(id -> id >= 0 && id < vocabulary.size());
    try (HuggingFaceTokenizer tokenizer = load(vocabulary)) {
      long[] ids1 = tokenizer.encode("<|user|>are<|end|>", true, false).getIds();
      assertThat(ids1[0]).isEqualTo(LanguageTokenizer.id("<|begin|>"));
      assertThat(ids1[1]).isEqualTo(LanguageTokenizer.id("<|user|>"));
      assertThat(ids1[ids1.length - 1]).isEqualTo(LanguageTokenizer.id("<|end|>"));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LanguageTokenizer.id("<|nobody|>"))
        .withMessageContaining("<|nobody|>");
  }
}
