package io.sensorium.api.language;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Writes the usual kinds of prompts: a task alone, a task with examples, and examples that reason
 * before they answer. They are conversations, in which each example is a turn of its own and the
 * instruction stands before the first question, since not every chat template takes a system
 * message; {@link #asText} writes them for models that have no chat template. Stateless.
 */
public final class Prompts {
  private static final String STEP_BY_STEP = "Let's think step by step.";
  private static final String CONCLUSION = "So the answer is ";

  private Prompts() {}

  /**
   * A question that was answered.
   *
   * @param question words and media, at least one
   * @param reasoning what leads to the answer; empty for none
   * @param answer what the model shall imitate
   */
  public record Example(List<PromptPart> question, String reasoning, String answer) {
    public Example {
      question = List.copyOf(question);
      Objects.requireNonNull(reasoning, "reasoning");
      Objects.requireNonNull(answer, "answer");
      if (question.isEmpty()) {
        throw new IllegalArgumentException("an example's question must have a part; got none");
      }
    }

    /** An example of words alone, without reasoning. */
    public Example(String question, String answer) {
      this(List.of(new PromptPart.Text(question)), "", answer);
    }
  }

  /**
   * A task and a question, and nothing else.
   *
   * @param instruction what is to be done; empty for none
   * @param question words and media, in order
   */
  public static Prompt.Chat zeroShot(String instruction, List<PromptPart> question) {
    return fewShot(instruction, List.of(), question);
  }

  /** A task and a question in words. */
  public static Prompt.Chat zeroShot(String instruction, String question) {
    return zeroShot(instruction, List.of(new PromptPart.Text(question)));
  }

  /**
   * A task shown by examples: Brown et al., "Language Models are Few-Shot Learners" (2020). What
   * the examples reason is left out.
   *
   * @param instruction what is to be done; empty for none
   * @param examples in the order in which the model reads them
   * @param question words and media, in order
   */
  public static Prompt.Chat fewShot(
      String instruction, List<Example> examples, List<PromptPart> question) {
    List<ChatMessage> messages = new ArrayList<>();
    for (Example example : examples) {
      add(messages, instruction, example.question());
      messages.add(new ChatMessage("assistant", example.answer()));
    }
    add(messages, instruction, question);
    return new Prompt.Chat(messages);
  }

  /** A task shown by examples, and a question in words. */
  public static Prompt.Chat fewShot(String instruction, List<Example> examples, String question) {
    return fewShot(instruction, examples, List.of(new PromptPart.Text(question)));
  }

  /**
   * A task whose answer is reasoned out first: with examples that have a reasoning as in Wei et
   * al., "Chain-of-Thought Prompting" (2022), each of which ends with "So the answer is ..."; and
   * always with the request to think step by step, which does without examples, too: Kojima et al.,
   * "Large Language Models are Zero-Shot Reasoners" (2022).
   *
   * @param instruction what is to be done; empty for none
   * @param examples in the order in which the model reads them; may be none
   * @param question words and media, in order
   */
  public static Prompt.Chat chainOfThought(
      String instruction, List<Example> examples, List<PromptPart> question) {
    List<Example> reasoned = new ArrayList<>();
    for (Example example : examples) {
      String answer =
          example.reasoning().isEmpty()
              ? example.answer()
              : example.reasoning() + " " + CONCLUSION + example.answer();
      reasoned.add(new Example(thoughtful(example.question()), "", answer));
    }
    return fewShot(instruction, reasoned, thoughtful(question));
  }

  /** A task whose answer is reasoned out first, and a question in words. */
  public static Prompt.Chat chainOfThought(
      String instruction, List<Example> examples, String question) {
    return chainOfThought(instruction, examples, List.of(new PromptPart.Text(question)));
  }

  /**
   * A conversation as text for a model that has no chat template: {@code Question:} before what
   * others say than the assistant, {@code Answer:} before what it says and at the end. Such a model
   * goes on with a question of its own; stop it before {@code "\n\nQuestion:"}.
   */
  public static Prompt.Raw asText(Prompt.Chat chat) {
    List<PromptPart> parts = new ArrayList<>();
    for (ChatMessage message : chat.messages()) {
      boolean answers = message.role().equals("assistant");
      parts.add(new PromptPart.Text(answers ? "Answer: " : "Question: "));
      parts.addAll(message.content());
      parts.add(new PromptPart.Text(answers ? "\n\n" : "\n"));
    }
    parts.add(new PromptPart.Text("Answer:"));
    return new Prompt.Raw(joined(parts));
  }

  private static void add(
      List<ChatMessage> messages, String instruction, List<PromptPart> question) {
    boolean instructs = messages.isEmpty() && !instruction.isEmpty();
    List<PromptPart> content = new ArrayList<>(question);
    if (instructs) {
      content.addFirst(new PromptPart.Text(instruction + "\n\n"));
    }
    messages.add(new ChatMessage("user", joined(content)));
  }

  private static List<PromptPart> thoughtful(List<PromptPart> question) {
    List<PromptPart> parts = new ArrayList<>(question);
    parts.add(new PromptPart.Text("\n" + STEP_BY_STEP));
    return parts;
  }

  /** Neighbouring texts as one, which the tokenizer then cuts as a whole. */
  private static List<PromptPart> joined(List<PromptPart> parts) {
    List<PromptPart> joined = new ArrayList<>();
    for (PromptPart part : parts) {
      boolean continues =
          !joined.isEmpty()
              && part instanceof PromptPart.Text
              && joined.getLast() instanceof PromptPart.Text;
      if (continues) {
        String before = ((PromptPart.Text) joined.removeLast()).text();
        joined.add(new PromptPart.Text(before + ((PromptPart.Text) part).text()));
      } else {
        joined.add(part);
      }
    }
    return joined;
  }
}
