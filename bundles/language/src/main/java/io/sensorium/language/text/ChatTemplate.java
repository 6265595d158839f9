package io.sensorium.language.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.language.ChatMessage;
import io.sensorium.api.language.Prompt;
import io.sensorium.api.language.PromptPart;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.language.template.JinjaTemplate;
import io.sensorium.language.template.TemplateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes conversations as a package's chat template says. Media, and tokens given by their ids,
 * stand in the written text as marks until it is cut into tokens. Thread-safe.
 */
final class ChatTemplate {
  /** A code point that no text may have; the number of a part follows, then another one. */
  private static final char MARK_BEGIN = '\ufdd0';

  private static final char MARK_END = '\ufdd1';

  /** What published templates write where a medium belongs. */
  private static final List<String> PLACEHOLDERS =
      List.of("<|media|>", "<|image_pad|>", "<|audio_pad|>", "<image>", "<audio>");

  private static final String PROBE = "\ufdd2";

  /** Shows that a template writes parts down as a list rather than reading them. */
  private static final String WRITTEN_OUT = "'type'";

  private final ModelPackage model;
  private final JinjaTemplate template;
  private final Map<String, String> names;
  private final Pattern places;
  private final boolean takesText;
  private final boolean takesParts;

  private ChatTemplate(ModelPackage model, String source, Map<String, String> names) {
    this.model = model;
    this.template = new JinjaTemplate(source, Clock.system(ZoneId.systemDefault()));
    this.names = names;
    String marks = MARK_BEGIN + "([0-9]+)" + MARK_END;
    String written =
        PLACEHOLDERS.stream()
            .filter(source::contains)
            .map(Pattern::quote)
            .reduce(marks, (all, placeholder) -> all + "|" + placeholder);
    this.places = Pattern.compile(written);
    this.takesText = takes(PROBE);
    this.takesParts = takes(List.of(Map.of("type", "text", "text", PROBE)));
  }

  /**
   * The template of a package: {@code chat_template.jinja}, else that of {@code
   * tokenizer_config.json}; of several the one named {@code default}.
   *
   * @throws ModelLoadException if it cannot be read
   */
  static Optional<ChatTemplate> of(ModelPackage model, SpecialTokens special) {
    Optional<Path> file = PackageJson.find(model, "chat_template.jinja");
    Optional<String> source = file.map(path -> read(path, model)).or(() -> inSettings(model));
    return source.map(text -> new ChatTemplate(model, text, special.names()));
  }

  private static String read(Path file, ModelPackage model) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new ModelLoadException(
          "cannot read %s of model %s: %s".formatted(file.getFileName(), model, e.getMessage()), e);
    }
  }

  private static Optional<String> inSettings(ModelPackage model) {
    JsonNode value = PackageJson.read(model, "tokenizer_config.json").path("chat_template");
    if (value.isTextual()) {
      return Optional.of(value.textValue());
    }
    for (JsonNode named : value) {
      if (named.path("name").asText().equals("default")) {
        return Optional.of(named.path("template").asText());
      }
    }
    return Optional.empty();
  }

  /** Answers whether a message's content may have this form. */
  private boolean takes(Object content) {
    try {
      String written = render(List.of(Map.of("role", "user", "content", content)));
      return written.contains(PROBE) && !written.contains(WRITTEN_OUT);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private String render(List<Map<String, Object>> messages) {
    Map<String, Object> variables = new HashMap<>(names);
    variables.put("messages", messages);
    variables.put("add_generation_prompt", true);
    variables.put("tools", null);
    variables.put("documents", null);
    try {
      return template.render(variables);
    } catch (TemplateException e) {
      throw new IllegalArgumentException(
          "the chat template of model %s does not take the conversation: %s"
              .formatted(model, e.getMessage()),
          e);
    }
  }

  /** Appends a conversation's tokens and media. */
  void write(Prompt.Chat chat, PromptText text, PromptWriter writer) {
    List<PromptPart> marked = new ArrayList<>();
    List<Map<String, Object>> messages = new ArrayList<>();
    for (ChatMessage message : chat.messages()) {
      messages.add(Map.of("role", message.role(), "content", content(message, marked)));
    }
    String written = render(messages);
    List<Integer> order = new ArrayList<>();
    Matcher place = places.matcher(written);
    int end = 0;
    while (place.find()) {
      text.write(written.substring(end, place.start()), writer);
      int number =
          place.group(1) == null ? nextMedium(order, marked) : Integer.parseInt(place.group(1));
      if (number >= marked.size() || order.contains(number)) {
        throw misplaced(marked, order);
      }
      order.add(number);
      text.write(marked.get(number), writer);
      end = place.end();
    }
    text.write(written.substring(end), writer);
    if (order.size() != marked.size()) {
      throw misplaced(marked, order);
    }
  }

  private static int nextMedium(List<Integer> order, List<PromptPart> marked) {
    int number = 0;
    while (number < marked.size()
        && (order.contains(number) || !(marked.get(number) instanceof PromptPart.Media))) {
      number++;
    }
    return number;
  }

  private IllegalArgumentException misplaced(List<PromptPart> marked, List<Integer> order) {
    return new IllegalArgumentException(
        ("the chat template must have one place for each of the conversation's %d media and runs of"
                + " ids, and its texts must not have a place of their own; found %d that fit"
                + " (model %s)")
            .formatted(marked.size(), order.size(), model));
  }

  /** A text, or a list of parts for a medium if the template knows them. */
  private Object content(ChatMessage message, List<PromptPart> marked) {
    boolean hasMedia =
        message.content().stream().anyMatch(part -> part instanceof PromptPart.Media);
    boolean asParts = takesParts && (hasMedia || !takesText);
    StringBuilder words = new StringBuilder();
    List<Map<String, Object>> parts = new ArrayList<>();
    for (PromptPart part : message.content()) {
      if (asParts && part instanceof PromptPart.Media media) {
        marked.add(part);
        parts.add(Map.of("type", media.sense()));
        continue;
      }
      String written = written(part, marked);
      words.append(written);
      parts.add(Map.of("type", "text", "text", written));
    }
    return asParts ? parts : words.toString();
  }

  private String written(PromptPart part, List<PromptPart> marked) {
    if (part instanceof PromptPart.Text(String text)) {
      if (text.indexOf(MARK_BEGIN) >= 0) {
        throw new IllegalArgumentException(
            "a chat's text must not have the code point U+FDD0, which is no character; found it at"
                + " %d (model %s)".formatted(text.indexOf(MARK_BEGIN), model));
      }
      return PromptText.wellFormed(text, model);
    }
    marked.add(part);
    return "" + MARK_BEGIN + (marked.size() - 1) + MARK_END;
  }
}
