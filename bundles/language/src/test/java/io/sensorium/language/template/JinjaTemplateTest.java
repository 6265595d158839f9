package io.sensorium.language.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates write what transformers makes of them, and nothing else can be done with them. */
class JinjaTemplateTest {
  private static final Path FOLDER = Path.of("..", "..", "models", "reference", "chat-templates");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

  static Stream<String> templates() throws IOException {
    List<String> names = new ArrayList<>();
    recorded().path("templates").fieldNames().forEachRemaining(names::add);
    return names.stream();
  }

  private static JsonNode recorded() throws IOException {
    return JSON.readTree(FOLDER.resolve("renders.json").toFile());
  }

  @ParameterizedTest
  @MethodSource("templates")
  void publishedTemplatesWriteWhatTheReferenceWrites(String name) throws IOException {
    JsonNode recorded = recorded();
    Instant now = LocalDateTime.parse(recorded.path("now").textValue()).toInstant(ZoneOffset.UTC);
    JinjaTemplate template =
        new JinjaTemplate(
            Files.readString(FOLDER.resolve(name + ".jinja")), Clock.fixed(now, ZoneOffset.UTC));
    JsonNode cases = recorded.path("templates").path(name);
    assertThat(cases).hasSizeGreaterThan(20);
    for (JsonNode item : cases) {
      Map<String, Object> variables = variables(item, recorded);
      if (item.has("text")) {
        assertThat(template.render(variables))
            .as(item.path("conversation").textValue())
            .isEqualTo(item.path("text").textValue());
      } else {
        assertThatThrownBy(() -> template.render(variables))
            .as(item.path("conversation").textValue())
            .isInstanceOf(TemplateException.class)
            .hasMessageContaining(item.path("refusal").textValue());
      }
    }
  }

  @Test
  void whiteSpaceIsWhatTheReferenceLeaves() throws IOException {
    JsonNode cases = recorded().path("spaces");
    assertThat(cases).hasSizeGreaterThan(400);
    for (JsonNode item : cases) {
      String source = item.path(0).textValue();
      assertThat(new JinjaTemplate(source, CLOCK).render(Map.of("x", "X")))
          .as(source)
          .isEqualTo(item.path(1).textValue());
    }
  }

  private static Map<String, Object> variables(JsonNode item, JsonNode recorded) {
    Map<String, Object> variables = new HashMap<>();
    variables.put("tools", null);
    variables.put("documents", null);
    variables.putAll(map(recorded.path("names")));
    variables.putAll(map(item));
    String conversation = item.path("conversation").textValue();
    JsonNode messages = recorded.path("conversations").path(conversation);
    variables.put("messages", JSON.convertValue(messages, List.class));
    return variables;
  }

  private static Map<String, Object> map(JsonNode node) {
    return JSON.convertValue(node, new TypeReference<Map<String, Object>>() {});
  }

  private static String render(String source) {
    return new JinjaTemplate(source, CLOCK).render(Map.of("x", "text", "list", List.of(1, 2)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for a in range(99999) %}{% for b in range(99999) %}{% for c in range(99999) %}{{ c }}{% endfor %}{% endfor %}{% endfor %}",
        "{% set n = namespace(s='aaaaaaaa') %}{% for a in range(60) %}{% set n.s = n.s ~ n.s %}{% endfor %}",
        "{% set n = namespace(l=[1]) %}{% for a in range(60) %}{% set n.l = n.l + n.l %}{% endfor %}",
        "{{ 'a' * 4000000000 }}",
        "{{ range(1000000000000) | list }}",
        "{% macro m(x) %}{{ m(x) }}{% endmacro %}{{ m(1) }}",
        "{% for a in range(99999) %}{{ 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' * 1000 }}{% endfor %}",
        "{{ 9223372036854775807 + 1 }}",
      })
  void templatesThatGoOnAndOnAreStopped(String source) {
    assertThatThrownBy(() -> render(source)).isInstanceOf(TemplateException.class);
  }

  @Test
  void templatesThatNestTooDeepAreStopped() {
    String brackets = "{{ " + "(".repeat(100_000) + "1" + ")".repeat(100_000) + " }}";
    String conditions = "{% if x %}".repeat(20_000) + "{% endif %}".repeat(20_000);

    assertThatThrownBy(() -> render(brackets)).isInstanceOf(TemplateException.class);
    assertThatThrownBy(() -> render(conditions)).isInstanceOf(TemplateException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ x. }}",
        "{{ x.getClass() }}",
        "{{ list.add(3) }}",
        "{{ x.__class__.__mro__ }}",
        "{{ ____int3rpr3t3r____.getContext() }}",
        "{{ x|render }}",
        "{% include 'pom.xml' %}",
        "{% import 'pom.xml' as p %}",
        "{% do list.append(3) %}",
        "{% set x.y = 1 %}",
        "{{ type(x) }}",
        "{{ }}",
        "{{ x",
        "{% for x %}{% endfor %}",
        "{% if x %}",
        "{{ x.y.z }}",
        "{{ x + 1 }}",
        "{{ x['a }}",
        "{{ 1 / 0 }}",
        "{{ x is what }}",
        "{{ x | what }}",
      })
  void whatIsNoTemplateOrReachesForMoreIsRefused(String source) {
    assertThatThrownBy(() -> render(source)).isInstanceOf(TemplateException.class);
  }

  @Test
  void whatAValueSaysIsNeverRun() {
    JinjaTemplate template = new JinjaTemplate("{{ said }}{% set y = said %}{{ y }}", CLOCK);

    assertThat(template.render(Map.of("said", "{{ 1 + 1 }}{% if %}")))
        .isEqualTo("{{ 1 + 1 }}{% if %}{{ 1 + 1 }}{% if %}");
  }

  @Test
  void oneTemplateServesManyThreads() {
    JinjaTemplate template =
        new JinjaTemplate("{% for i in range(n) %}{{ i }},{% endfor %}", CLOCK);
    List<String> texts =
        Stream.iterate(0, i -> i + 1)
            .limit(200)
            .parallel()
            .map(i -> template.render(Map.of("n", i % 7)))
            .toList();

    for (int i = 0; i < texts.size(); i++) {
      assertThat(texts.get(i)).isEqualTo("0,1,2,3,4,5,6,".substring(0, 2 * (i % 7)));
    }
  }
}
