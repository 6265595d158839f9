package io.sensorium.api.language;

import java.util.List;
import java.util.Objects;

/**
 * A turn of a conversation. Immutable.
 *
 * @param role who speaks, in the words of the model's chat template: {@code system}, {@code user}
 *     or {@code assistant}
 * @param content what is said, in order
 */
public record ChatMessage(String role, List<PromptPart> content) {
  public ChatMessage {
    Objects.requireNonNull(role, "role");
    content = List.copyOf(content);
  }

  /** A turn of words alone. */
  public ChatMessage(String role, String text) {
    this(role, List.of(new PromptPart.Text(text)));
  }
}
