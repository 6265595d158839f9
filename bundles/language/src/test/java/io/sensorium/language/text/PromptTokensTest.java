package io.sensorium.language.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.language.ChatMessage;
import io.sensorium.api.language.Prompt;
import io.sensorium.api.language.PromptPart;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Prompts become the tokens that the reference makes of them, and rows of media in their places.
 */
class PromptTokensTest {
  private static final int CONTEXT = 64;
  private static final int WIDTH = 4;
  private static final int BEGIN = 1;
  private static ModelText text;
  private static JsonNode recorded;

  @BeforeAll
  static void open() throws IOException {
    text = ModelText.open(TextPackages.of(TextPackages.LM_DEFAULT), TextPackages.LM_DEFAULT_SIZE);
    recorded =
        new ObjectMapper()
            .readTree(TextPackages.REFERENCE.resolve("lm-default/tokens.json").toFile());
  }

  @AfterAll
  static void close() {
    text.close();
  }

  @Test
  void textsHaveTheReferencesIds() {
    for (JsonNode string : recorded.path("strings")) {
      assertThat(text.encode(string.path("text").textValue()))
          .as(string.path("text").textValue())
          .isEqualTo(ids(string.path("ids")));
    }
  }

  @Test
  void conversationsHaveTheReferencesIds() {
    Tensor one = Tensor.ofFloats(Shape.of(1, WIDTH), 1, 2, 3, 4);
    for (JsonNode chat : recorded.path("chats")) {
      List<ChatMessage> messages = new ArrayList<>();
      for (JsonNode message : chat.path("messages")) {
        messages.add(message(message, one));
      }
      PromptTokens prompt = text.encode(new Prompt.Chat(messages), CONTEXT, WIDTH);
      List<Integer> flat = new ArrayList<>();
      prompt.segments().forEach(segment -> flat.addAll(segment.tokens()));
      int placeholder = 8;
      flat.replaceAll(id -> id < 0 ? placeholder : id);
      assertThat(flat).isEqualTo(ids(chat.path("ids")));
    }
  }

  private static ChatMessage message(JsonNode message, Tensor rows) {
    String role = message.path("role").textValue();
    if (message.path("content").isTextual()) {
      return new ChatMessage(role, message.path("content").textValue());
    }
    List<PromptPart> parts = new ArrayList<>();
    for (JsonNode part : message.path("content")) {
      String type = part.path("type").textValue();
      parts.add(
          type.equals("text")
              ? new PromptPart.Text(part.path("text").textValue())
              : new PromptPart.Media(type, rows));
    }
    return new ChatMessage(role, parts);
  }

  private static List<Integer> ids(JsonNode list) {
    List<Integer> ids = new ArrayList<>();
    list.forEach(id -> ids.add(id.intValue()));
    return ids;
  }

  @Test
  void rawTextBeginsWithTheBeginToken() {
    PromptTokens prompt = text.encode(Prompt.of("two bells"), CONTEXT, WIDTH);

    assertThat(prompt.segments()).hasSize(1);
    assertThat(prompt.segments().getFirst().tokens().getFirst()).isEqualTo(BEGIN);
    assertThat(prompt.closingTokens().subList(1, prompt.places()))
        .isEqualTo(text.encode("two bells"));
  }

  @Test
  void idsAreTakenAsTheyAre() {
    PromptTokens prompt =
        text.encode(
            new Prompt.Raw(List.of(new PromptPart.Tokens(List.of(7, 1279, 0)))), CONTEXT, 0);

    assertThat(prompt.closingTokens()).containsExactly(7, 1279, 0);
  }

  @Test
  void mediaStandBetweenTheWordsInTheirOrder() {
    Tensor picture = Tensor.ofFloats(Shape.of(3, WIDTH), new float[3 * WIDTH]);
    Tensor sound = Tensor.ofFloats(Shape.of(2, WIDTH), new float[2 * WIDTH]);
    Prompt prompt =
        new Prompt.Raw(
            List.of(
                new PromptPart.Text("a"),
                new PromptPart.Media("image", picture),
                new PromptPart.Text("b"),
                new PromptPart.Media("audio", sound),
                new PromptPart.Tokens(List.of(5))));

    PromptTokens tokens = text.encode(prompt, CONTEXT, WIDTH);

    int a = text.encode("a").getFirst();
    int b = text.encode("b").getFirst();
    assertThat(tokens.segments())
        .containsExactly(
            new PromptSegment(List.of(BEGIN, a, -1, -2, -3, b), Optional.of(picture)),
            new PromptSegment(List.of(-1, -2, 5), Optional.of(sound)));
    assertThat(tokens.places()).isEqualTo(9);
    assertThat(tokens.closingTokens()).containsExactly(5);
    assertThat(tokens.withoutLast(1).closingTokens()).isEmpty();
  }

  @Test
  void idsMayStandInAConversation() {
    Prompt chat =
        new Prompt.Chat(
            List.of(
                new ChatMessage(
                    "user",
                    List.of(
                        new PromptPart.Text("a"),
                        new PromptPart.Tokens(List.of(77, 78)),
                        new PromptPart.Text("b")))));

    List<Integer> tokens = text.encode(chat, CONTEXT, 0).closingTokens();

    int a = text.encode("a").getFirst();
    int b = text.encode("b").getFirst();
    assertThat(tokens).containsExactly(BEGIN, 3, a, 77, 78, b, 2, 4);
  }

  @Test
  void emptyPromptsAreRefused() {
    assertRefused(new Prompt.Raw(List.of()), "at least one token", "empty");
    assertRefused(Prompt.of(""), "at least one token", "empty");
  }

  @Test
  void halfACharacterIsRefused() {
    assertRefused(Prompt.of("bells \ud83c!"), "U+D83C", "at 6");
    assertRefused(Prompt.question("\udf88"), "U+DF88", "at 0");
  }

  @Test
  void idsOutOfTheVocabularyAreRefused() {
    assertRefused(
        new Prompt.Raw(List.of(new PromptPart.Tokens(List.of(3, 1280)))), "0..1279", "1280");
    assertRefused(new Prompt.Raw(List.of(new PromptPart.Tokens(List.of(-1)))), "0..1279", "-1");
  }

  @Test
  void mediaOfAnotherWidthAreRefused() {
    Tensor wide = Tensor.ofFloats(Shape.of(1, 5), new float[5]);

    assertRefused(
        new Prompt.Raw(List.of(new PromptPart.Media("image", wide))), "[rows,4]", "[1,5]");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                text.encode(
                    new Prompt.Raw(List.of(new PromptPart.Media("image", wide))), CONTEXT, 0))
        .withMessageContaining("reads no media");
  }

  @Test
  void whatIsLongerThanTheContextIsRefused() {
    List<Integer> fits = new ArrayList<>();
    for (int i = 0; i < CONTEXT; i++) {
      fits.add(20);
    }
    assertThat(
            text.encode(new Prompt.Raw(List.of(new PromptPart.Tokens(fits))), CONTEXT, 0).places())
        .isEqualTo(CONTEXT);
    fits.add(20);
    assertRefused(new Prompt.Raw(List.of(new PromptPart.Tokens(fits))), "64 tokens", "65 places");
    assertRefused(Prompt.of("x".repeat(50_000_000)), "64 tokens", "50000000 characters");
    Tensor tall = Tensor.ofFloats(Shape.of(CONTEXT, WIDTH), new float[CONTEXT * WIDTH]);
    assertRefused(
        new Prompt.Raw(List.of(new PromptPart.Text("a"), new PromptPart.Media("image", tall))),
        "64 tokens",
        "66 places");
  }

  @Test
  void whatTheTemplateRefusesIsRefused() {
    Prompt chat = new Prompt.Chat(List.of(new ChatMessage("system", "Be brief.")));

    assertRefused(chat, "roles are user and assistant; found system", "speaker");
  }

  @Test
  void aTextThatPretendsToBeAMediumIsRefused() {
    assertRefused(Prompt.question("what is <|media|>?"), "one place for each", "0 media");
    assertRefused(Prompt.question("what is \ufdd00\ufdd1?"), "U+FDD0", "at 8");
  }

  @Test
  void aTokenizerWithMoreIdsThanTheModelHasLogitsIsRefused() {
    assertThatThrownBy(() -> ModelText.open(TextPackages.of(TextPackages.LM_DEFAULT), 1279))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContainingAll("1279", "1280", "tokenizer.json");
  }

  /** Tables are padded to round numbers of rows; what is left over is known, and never comes. */
  @Test
  void idsOfPaddingAreKnownAndATokenizerThatLacksMoreIsRefused() {
    ModelPackage model = TextPackages.of(TextPackages.LM_DEFAULT);
    assertThat(text.unknownTokens()).isEmpty();
    try (ModelText padded = ModelText.open(model, 1280 + 256)) {
      assertThat(padded.unknownTokens()).hasSize(256).contains(1280, 1535).doesNotContain(1279);
    }
    assertThatThrownBy(() -> ModelText.open(model, 1280 + 257))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContainingAll("1280 of 1537", "256 of padding", "tokenizer.json");
    assertThatThrownBy(() -> ModelText.open(model, 32_000))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContainingAll("1280 of 32000", "2000 of padding");
  }

  @Test
  void aPackageWithoutTokenizerIsRefused() {
    assertThatThrownBy(() -> ModelText.open(TextPackages.of(TextPackages.TOKENIZERS), 1000))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("tokenizer.json");
  }

  @Test
  void theModelEndsItsTextsAsItsSettingsSay() {
    assertThat(text.endTokens()).containsExactly(2);
    assertThat(text.vocabulary().isSpecial(2)).isTrue();
    assertThat(text.vocabulary().bytes(2).hasRemaining()).isFalse();
  }

  private static void assertRefused(Prompt prompt, String... words) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> text.encode(prompt, CONTEXT, WIDTH))
        .satisfies(e -> assertThat(e.getMessage()).contains(words));
  }
}
