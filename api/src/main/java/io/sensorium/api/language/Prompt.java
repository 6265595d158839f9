package io.sensorium.api.language;

import java.util.List;

/** What a model is to go on from. Immutable. */
public sealed interface Prompt {
  /**
   * Text that is continued as it stands, after the tokens that the tokenizer puts before any text;
   * these are left out if it begins with {@link PromptPart.Tokens}.
   *
   * @param parts in order
   */
  record Raw(List<PromptPart> parts) implements Prompt {
    public Raw {
      parts = List.copyOf(parts);
    }
  }

  /**
   * A conversation, which the model's chat template writes down; the model speaks next.
   *
   * @param messages in order, at least one
   */
  record Chat(List<ChatMessage> messages) implements Prompt {
    public Chat {
      messages = List.copyOf(messages);
      if (messages.isEmpty()) {
        throw new IllegalArgumentException("at least one message is required; got none");
      }
    }
  }

  /** Words to continue. */
  static Prompt of(String text) {
    return new Raw(List.of(new PromptPart.Text(text)));
  }

  /** A question, asked by the chat template's user. */
  static Prompt question(String text) {
    return new Chat(List.of(new ChatMessage("user", text)));
  }
}
