package io.sensorium.language.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sensorium.api.language.ChatMessage;
import io.sensorium.api.language.Prompt;
import io.sensorium.api.language.PromptPart;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Media find their places in conversations, whatever a chat template takes for content. */
class ChatTemplateTest {
  private static final Tensor PICTURE = Tensor.ofFloats(Shape.of(2, 3), new float[6]);
  private static final Prompt LOOK =
      new Prompt.Chat(
          List.of(
              new ChatMessage(
                  "user",
                  List.of(
                      new PromptPart.Text("Look: "),
                      new PromptPart.Media("image", PICTURE),
                      new PromptPart.Text(" What is it?")))));

  @TempDir Path folder;

  @BeforeEach
  void copyTokenizer() throws IOException {
    for (String file : List.of("tokenizer.json", "config.json", "tokenizer_config.json")) {
      Files.copy(TextPackages.LM_DEFAULT.resolve(file), folder.resolve(file));
    }
  }

  private ModelText open(String template) throws IOException {
    Files.writeString(folder.resolve("chat_template.jinja"), template);
    return ModelText.open(TextPackages.of(folder), TextPackages.LM_DEFAULT_SIZE);
  }

  private static List<Integer> flat(PromptTokens prompt) {
    List<Integer> flat = new ArrayList<>();
    prompt.segments().forEach(segment -> flat.addAll(segment.tokens()));
    return flat;
  }

  private static List<Integer> ids(ModelText text, String before, String after) {
    List<Integer> ids = new ArrayList<>(text.encode(before));
    ids.addAll(List.of(-1, -2));
    ids.addAll(text.encode(after));
    return ids;
  }

  @Test
  void aTemplateOfTextsHasMediaBetweenTheWords() throws IOException {
    try (ModelText text =
        open("{% for m in messages %}<{{ m.role }}>{{ m.content.strip() + '|' }}{% endfor %}")) {
      assertThat(flat(text.encode(LOOK, 100, 3)))
          .isEqualTo(ids(text, "<user>Look: ", " What is it?|"));
    }
  }

  @Test
  void aTemplateOfPartsPutsMediaWhereItWants() throws IOException {
    String template =
        "{% for m in messages %}{% if m.content is string %}{{ m.content }}{% else %}"
            + "{% for p in m.content if p.type != 'text' %}<image>{% endfor %}"
            + "{% for p in m.content if p.type == 'text' %}{{ p.text }}{% endfor %}"
            + "{% endif %}{% endfor %}";
    try (ModelText text = open(template)) {
      assertThat(flat(text.encode(LOOK, 100, 3))).isEqualTo(ids(text, "", "Look:  What is it?"));
    }
  }

  @Test
  void aTemplateWithoutPlaceForAMediumRefusesIt() throws IOException {
    String template =
        "{% for m in messages %}{% if m.content is string %}{{ m.content }}{% else %}"
            + "{% for p in m.content if p.type == 'text' %}{{ p.text }}{% endfor %}"
            + "{% endif %}{% endfor %}";
    try (ModelText text = open(template)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> text.encode(LOOK, 100, 3))
          .withMessageContaining("one place for each")
          .withMessageContaining("1 media");
    }
  }

  @Test
  void aTemplateThatFailsIsOneError() throws IOException {
    try (ModelText text = open("{{ messages[0].content.explode() }}")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> text.encode(Prompt.question("a"), 100, 0))
          .withMessageContaining("chat template of model speaker 1")
          .withMessageContaining("explode");
    }
  }

  @Test
  void withoutTemplateThereIsNoConversation() throws IOException {
    ObjectMapper json = new ObjectMapper();
    Path file = folder.resolve("tokenizer_config.json");
    ObjectNode settings = (ObjectNode) json.readTree(file.toFile());
    settings.remove("chat_template");
    json.writeValue(file.toFile(), settings);
    try (ModelText text = ModelText.open(TextPackages.of(folder), TextPackages.LM_DEFAULT_SIZE)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> text.encode(Prompt.question("a"), 100, 0))
          .withMessageContaining("no chat template");
      assertThat(text.answer(Prompt.of("a"), Optional.empty(), List.of()).end()).isEmpty();
    }
  }

  @Test
  void ofSeveralTemplatesTheDefaultIsTaken() throws IOException {
    ObjectMapper json = new ObjectMapper();
    Path file = folder.resolve("tokenizer_config.json");
    ObjectNode settings = (ObjectNode) json.readTree(file.toFile());
    settings
        .putArray("chat_template")
        .add(json.createObjectNode().put("name", "tool_use").put("template", "tools"))
        .add(json.createObjectNode().put("name", "default").put("template", "{{ bos_token }}hm"));
    json.writeValue(file.toFile(), settings);
    try (ModelText text = ModelText.open(TextPackages.of(folder), TextPackages.LM_DEFAULT_SIZE)) {
      List<Integer> expected = new ArrayList<>(List.of(1));
      expected.addAll(text.encode("hm"));
      assertThat(flat(text.encode(Prompt.question("a"), 100, 0))).isEqualTo(expected);
    }
  }
}
