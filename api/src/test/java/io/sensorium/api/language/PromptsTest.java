package io.sensorium.api.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class PromptsTest {
  private static final PromptPart PICTURE =
      new PromptPart.Media("image", Tensor.ofFloats(Shape.of(1, 2), 1, 2));

  @Test
  void aTaskStandsBeforeItsQuestion() {
    assertThat(Prompts.zeroShot("Count.", "How many?").messages())
        .containsExactly(new ChatMessage("user", "Count.\n\nHow many?"));
    assertThat(Prompts.zeroShot("", "How many?").messages())
        .containsExactly(new ChatMessage("user", "How many?"));
  }

  @Test
  void examplesAreTurnsOfTheConversation() {
    List<Prompts.Example> examples =
        List.of(
            new Prompts.Example("red", "colour"),
            new Prompts.Example(List.of(PICTURE), "It is round.", "thing"));

    Prompt.Chat prompt = Prompts.fewShot("What is it?", examples, "blue");

    assertThat(prompt.messages())
        .containsExactly(
            new ChatMessage("user", "What is it?\n\nred"),
            new ChatMessage("assistant", "colour"),
            new ChatMessage("user", List.of(PICTURE)),
            new ChatMessage("assistant", "thing"),
            new ChatMessage("user", "blue"));
  }

  @Test
  void reasoningComesBeforeTheAnswer() {
    List<Prompts.Example> examples =
        List.of(
            new Prompts.Example(
                List.of(new PromptPart.Text("1 + 1 + 1?")), "1 + 1 is 2; 2 + 1 is 3.", "3."));

    Prompt.Chat prompt = Prompts.chainOfThought("", examples, List.of(PICTURE));

    assertThat(prompt.messages())
        .containsExactly(
            new ChatMessage("user", "1 + 1 + 1?\nLet's think step by step."),
            new ChatMessage("assistant", "1 + 1 is 2; 2 + 1 is 3. So the answer is 3."),
            new ChatMessage(
                "user", List.of(PICTURE, new PromptPart.Text("\nLet's think step by step."))));
  }

  @Test
  void aConversationAsTextEndsWhereTheAnswerBegins() {
    Prompt.Chat chat =
        Prompts.fewShot("", List.of(new Prompts.Example("red", "colour")), List.of(PICTURE));

    assertThat(Prompts.asText(chat).parts())
        .containsExactly(
            new PromptPart.Text("Question: red\nAnswer: colour\n\nQuestion: "),
            PICTURE,
            new PromptPart.Text("\nAnswer:"));
  }

  @Test
  void anExampleWithoutQuestionIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Prompts.Example(List.of(), "", "3"))
        .withMessageContaining("must have a part");
  }
}
