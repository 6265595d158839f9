package io.sensorium.models.training;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.sensorium.models.world.talk.Conversation;
import io.sensorium.models.world.talk.Exchange;
import io.sensorium.models.world.talk.Medium;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;

/**
 * Writes conversations as places of a sequence: mostly one token each, but a heap of words may be
 * folded into few places that hold weighted sums of embeddings. A model that reads those knows how
 * to read what an adapter writes. One thread at a time.
 */
final class ConversationTokens implements AutoCloseable {
  private static final float TEXT_WEIGHT = 0.1f;

  /** How many of the conversations about one medium tell it in the user's own words. */
  private static final double TOLD_SHARE = 0.1;

  private final HuggingFaceTokenizer tokenizer;
  private final Map<String, int[]> pieces = new HashMap<>();

  ConversationTokens(LanguageTokenizer vocabulary) {
    this(
        new ByteArrayInputStream(vocabulary.json().toString().getBytes(StandardCharsets.UTF_8)),
        "in memory");
  }

  /**
   * @param file a published {@code tokenizer.json} of such a vocabulary
   */
  ConversationTokens(Path file) {
    this(open(file), file.toString());
  }

  private ConversationTokens(InputStream json, String name) {
    try (json) {
      tokenizer =
          HuggingFaceTokenizer.newInstance(json, Map.of("padding", "false", "truncation", "false"));
    } catch (IOException e) {
      throw new UncheckedIOException("the tokenizer %s could not be read".formatted(name), e);
    }
  }

  private static InputStream open(Path file) {
    try {
      return Files.newInputStream(file);
    } catch (IOException e) {
      throw new UncheckedIOException("there is no tokenizer at " + file, e);
    }
  }

  /** The ids of a text without special tokens. */
  int[] encode(String text) {
    Matcher matcher = BytePairTrainer.PIECES.matcher(text);
    int[] ids = new int[text.length() * 4];
    int size = 0;
    while (matcher.find()) {
      int[] piece = pieces.computeIfAbsent(matcher.group(), this::piece);
      System.arraycopy(piece, 0, ids, size, piece.length);
      size += piece.length;
    }
    return Arrays.copyOf(ids, size);
  }

  private int[] piece(String text) {
    return Arrays.stream(tokenizer.encode(text, false, false).getIds())
        .mapToInt(Math::toIntExact)
        .toArray();
  }

  /**
   * A conversation as a row of at most {@code length} places; exchanges that find no room are left
   * out.
   *
   * @param foldShare how many of the media that are heaps of words are folded, 0..1
   * @return empty where not even one exchange finds room
   */
  Optional<TokenRow> row(Conversation talk, int length, double foldShare, RandomGenerator random) {
    var row = new TokenRow(length);
    row.token(LanguageTokenizer.id("<|begin|>"), 0);
    row.token(LanguageTokenizer.id("<|user|>"), TEXT_WEIGHT);
    boolean told = talk.media().size() == 1 && random.nextDouble() < TOLD_SHARE;
    if (told) {
      String text = talk.media().getFirst().text();
      row.tokens(encode(text + (text.endsWith(".") ? " " : ". ")), TEXT_WEIGHT);
    }
    for (Medium medium : told ? List.<Medium>of() : talk.media()) {
      boolean fold = medium.unordered() && random.nextDouble() < foldShare;
      String sense = medium.sense() == Medium.Sense.PICTURE ? "<|picture|>" : "<|sound|>";
      row.token(LanguageTokenizer.id(sense), TEXT_WEIGHT);
      if (fold) {
        medium.parts().forEach(part -> fold(row, part, random));
      } else {
        row.tokens(encode(medium.text()), TEXT_WEIGHT);
      }
      row.token(LanguageTokenizer.id("<|close|>"), TEXT_WEIGHT);
    }
    boolean first = true;
    for (Exchange exchange : talk.exchanges()) {
      int[] question = encode(exchange.question());
      int[] answer = encode(exchange.answer());
      if (row.room() < question.length + answer.length + 4) {
        break;
      }
      if (!first) {
        row.token(LanguageTokenizer.id("<|user|>"), TEXT_WEIGHT);
      }
      first = false;
      row.tokens(question, TEXT_WEIGHT);
      row.token(LanguageTokenizer.id("<|end|>"), TEXT_WEIGHT);
      row.token(LanguageTokenizer.id("<|assistant|>"), TEXT_WEIGHT);
      row.answer(exchange, answer, LanguageTokenizer.id("<|end|>"));
    }
    return row.answers().isEmpty() ? Optional.empty() : Optional.of(row);
  }

  /** Puts the words of a heap into one to three places, each word with its own weight. */
  private void fold(TokenRow row, String part, RandomGenerator random) {
    int[] tokens = encode(part.replace(",", ""));
    int places = Math.min(tokens.length, Math.max(1, random.nextInt(5) - 1));
    List<List<Integer>> heaps = new ArrayList<>();
    for (int place = 0; place < places; place++) {
      heaps.add(new ArrayList<>());
    }
    for (int index = 0; index < tokens.length; index++) {
      heaps.get(index * places / tokens.length).add(tokens[index]);
    }
    for (List<Integer> heap : heaps) {
      int[] ids = heap.stream().mapToInt(Integer::intValue).toArray();
      float[] weights = new float[ids.length];
      for (int index = 0; index < ids.length; index++) {
        weights[index] = (float) (random.nextDouble(0.7, 1.4) / Math.sqrt(ids.length));
      }
      row.folded(ids, weights);
    }
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
