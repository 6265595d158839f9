package io.sensorium.language.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.language.decoding.TokenConstraint;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaConstraintsTest {
  private static final TestVocabulary VOCABULARY =
      TestVocabulary.ofBytes(
          "10",
          "12",
          "\"a",
          "ab\"",
          "bc",
          "true",
          "e,",
          ", ",
          "\":",
          "\\u",
          "00",
          "{\"",
          "\"}",
          "}}",
          "[[",
          "null]",
          ",\"b\"",
          "\u00E9\"",
          "1\n",
          " ",
          "\u4F60");
  private static final SchemaConstraints CONSTRAINTS = new SchemaConstraints(VOCABULARY);

  private static String json(String schema) {
    return schema.replace('\'', '"');
  }

  private static BitSet allowed(TokenConstraint constraint) {
    BitSet allowed = new BitSet();
    allowed.set(0, VOCABULARY.size());
    constraint.restrict(allowed);
    return allowed;
  }

  private static String latin(int token) {
    return new String(VOCABULARY.tokens().get(token), StandardCharsets.ISO_8859_1);
  }

  /** All that may be written, byte by byte, must be all that begins a text, and nothing else. */
  private static void checkExactly(String schema, Set<String> texts) {
    checkExactly(schema, "", texts);
  }

  private static void checkExactly(String schema, String before, Set<String> texts) {
    Set<String> bytes =
        texts.stream()
            .map(text -> (before + text).getBytes(StandardCharsets.UTF_8))
            .map(text -> new String(text, StandardCharsets.ISO_8859_1))
            .collect(Collectors.toSet());
    TokenConstraint constraint =
        CONSTRAINTS.constraint(json(schema), StandardCharsets.UTF_8.encode(before), 100);
    follow(constraint, "", bytes, new TreeSet<>());
  }

  @Test
  void whatStandsBeforeTheValueMayShareATokenWithIt() {
    Set<String> values = Set.of("true", "12", "1", "\"a\"", "\"\\u0061\"");
    for (String before : List.of(" ", "bc{", "{\"", "\u00E9", "12", "\u4F60: ")) {
      checkExactly("{'enum':[true,12,1,'a']}", before, values);
    }
    assertThatThrownBy(() -> CONSTRAINTS.constraint("{}", StandardCharsets.UTF_8.encode("xyz"), 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("takes 4 tokens; maxTokens is 3");
  }

  private static void follow(
      TokenConstraint constraint, String written, Set<String> texts, Set<String> seen) {
    if (!seen.add(written)) {
      return;
    }
    assertThat(constraint.mayEnd())
        .as("may end after %s", written)
        .isEqualTo(texts.contains(written));
    BitSet allowed = allowed(constraint);
    for (int token = 0; token < VOCABULARY.size(); token++) {
      boolean special = VOCABULARY.isSpecial(token);
      String next = written + (special ? "" : latin(token));
      boolean begins = !special && texts.stream().anyMatch(text -> text.startsWith(next));
      assertThat(allowed.get(token)).as("%s after %s", next, written).isEqualTo(begins);
      if (begins) {
        TokenConstraint fork = constraint.fork();
        fork.accept(token);
        follow(fork, next, texts, seen);
      }
    }
  }

  @Test
  void tokensMayFollowExactlyWhereSomeTextGoesOnWithThem() {
    checkExactly("{'type':'boolean'}", Set.of("true", "false"));
    checkExactly(
        "{'type':'integer','minimum':-3,'maximum':125,'multipleOf':3}",
        IntStream.rangeClosed(-1, 41).mapToObj(n -> "" + 3 * n).collect(Collectors.toSet()));
    checkExactly(
        "{'enum':[1,12,123,null,true,-1.5]}", Set.of("1", "12", "123", "null", "true", "-1.5"));
    checkExactly("{'const':'\u00E9'}", Set.of("\"\u00E9\"", "\"\\u00e9\"", "\"\\u00E9\""));
    checkExactly(
        "{'enum':['ab','a']}",
        Stream.of("a", "\\u0061")
            .flatMap(a -> Stream.of("", "b", "\\u0062").map(b -> "\"" + a + b + "\""))
            .collect(Collectors.toSet()));
  }

  @Test
  void arraysAndObjectsHaveExactlyTheirPartsInAnyOrder() {
    Set<String> arrays = new TreeSet<>(Set.of("[]"));
    for (String first : List.of("true", "null")) {
      arrays.add("[" + first + "]");
      arrays.add("[" + first + ",1]");
      arrays.add("[" + first + ", 1]");
    }
    checkExactly(
        "{'type':'array','prefixItems':[{'enum':[true,null]},{'const':1}],'items':false}", arrays);
    Set<String> objects = new TreeSet<>();
    List<String> firsts = properties("a", "1");
    List<String> seconds = properties("1", "null");
    firsts.forEach(first -> objects.add("{" + first + "}"));
    for (String comma : List.of(",", ", ")) {
      firsts.forEach(
          first ->
              seconds.forEach(
                  second -> {
                    objects.add("{" + first + comma + second + "}");
                    objects.add("{" + second + comma + first + "}");
                  }));
    }
    checkExactly(
        "{'type':'object','properties':{'a':{'const':1},'1':{'type':'null'}},'required':['a'],"
            + "'additionalProperties':false}",
        objects);
  }

  private static List<String> properties(String name, String value) {
    String escaped = "\\u00%02x".formatted((int) name.charAt(0));
    return Stream.of(name, escaped)
        .flatMap(key -> Stream.of(":", ": ").map(colon -> '"' + key + '"' + colon + value))
        .toList();
  }

  /** Follows every way there is within a budget. */
  private static int ends(TokenConstraint constraint, int remaining) {
    BitSet allowed = allowed(constraint);
    assertThat(allowed.isEmpty() && !constraint.mayEnd()).isFalse();
    assertThat(remaining > 0 || constraint.mayEnd()).isTrue();
    int ends = constraint.mayEnd() ? 1 : 0;
    for (int token = allowed.nextSetBit(0); token >= 0; token = allowed.nextSetBit(token + 1)) {
      TokenConstraint fork = constraint.fork();
      fork.accept(token);
      ends += ends(fork, remaining - 1);
    }
    return ends;
  }

  @Test
  void everyWayWithinABudgetEnds() {
    for (String schema :
        List.of(
            "{'type':'object','properties':{'a':{'type':'boolean'},'bc':{'enum':[10,12,'ab']}},"
                + "'required':['a'],'additionalProperties':false}",
            "{'$ref':'#/$defs/tree','$defs':{'tree':{'type':'array','items':{'$ref':'#/$defs/tree'}}}}",
            "{'anyOf':[{'type':'array','items':{'const':null},'minItems':1},{'const':[[true]]}]}",
            "{'type':'number','minimum':9.5,'maximum':120}")) {
      int least = 1;
      while (needsMore(json(schema), least)) {
        least++;
      }
      for (int budget = least; budget < least + 3; budget++) {
        assertThat(ends(CONSTRAINTS.constraint(json(schema), budget), budget))
            .as("%s in %d tokens", schema, budget)
            .isPositive();
      }
    }
  }

  private static boolean needsMore(String schema, int maxTokens) {
    try {
      CONSTRAINTS.constraint(schema, maxTokens);
      return false;
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageContaining("maxTokens is " + maxTokens);
      return true;
    }
  }

  @Test
  void forksGoTheirOwnWays() {
    String schema =
        json("{'type':'object','properties':{'a':{'type':'string'},'b':{'type':'array'}}}");
    Random random = new Random(11);
    TokenConstraint constraint = CONSTRAINTS.constraint(schema, 60);
    List<Integer> accepted = new ArrayList<>();
    while (!allowed(constraint).isEmpty() && accepted.size() < 40) {
      BitSet before = allowed(constraint);
      TokenConstraint fork = constraint.fork();
      int[] tokens = before.stream().toArray();
      fork.accept(tokens[random.nextInt(tokens.length)]);
      assertThat(allowed(constraint)).as("seed 11, after a fork went on").isEqualTo(before);
      int token = tokens[random.nextInt(tokens.length)];
      constraint.accept(token);
      accepted.add(token);
      TokenConstraint again = CONSTRAINTS.constraint(schema, 60);
      accepted.forEach(again::accept);
      assertThat(allowed(constraint)).isEqualTo(allowed(again));
    }
  }

  @Test
  void tokensOutsideAreClearedAndNoneAreAdded() {
    TokenConstraint constraint = CONSTRAINTS.constraint(json("{'const':null}"), 4);
    BitSet some = new BitSet();
    some.set('t');
    some.set('n');
    constraint.restrict(some);
    assertThat(some).isEqualTo(BitSet.valueOf(new long[] {0, 1L << ('n' - 64)}));
    assertThatThrownBy(() -> constraint.accept('t'))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("token 116 must not follow");
    int special = VOCABULARY.size() - 1;
    assertThatThrownBy(() -> constraint.accept(special))
        .isInstanceOf(IllegalArgumentException.class);
    for (char next : "null".toCharArray()) {
      constraint.accept(next);
    }
    assertThat(constraint.mayEnd()).isTrue();
    assertThat(allowed(constraint).isEmpty()).isTrue();
    constraint.accept(special);
    assertThat(constraint.mayEnd()).isTrue();
  }

  @Test
  void vocabulariesOfAsciiAloneEscapeOthers() {
    TestVocabulary ascii = TestVocabulary.ofAscii();
    SchemaConstraints constraints = new SchemaConstraints(ascii);
    TokenConstraint constraint = constraints.constraint(json("{'const':'\u00E9'}"), 8);
    for (char next : "\"\\u00e9\"".toCharArray()) {
      BitSet allowed = new BitSet();
      allowed.set(0, ascii.size());
      constraint.restrict(allowed);
      assertThat(allowed.get(next)).isTrue();
      constraint.accept(next);
    }
    assertThat(constraint.mayEnd()).isTrue();
    assertThatThrownBy(
            () ->
                new SchemaConstraints(
                    new TestVocabulary(List.of("a".getBytes(StandardCharsets.UTF_8)))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("' ' has none");
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      value = {
        "{'not':{}} => #/not is a keyword that is not supported",
        "{'properties':{'a/b':{'if':true}}} => #/properties/a~1b/if is a keyword",
        "{'patternProperties':{}} => #/patternProperties is a keyword",
        "{'type':'text'} => #/type must be types out of",
        "{'type':'array','uniqueItems':true} => #/uniqueItems is not supported",
        "{'items':[{}]} => #/items must be a schema",
        "{'$ref':'other.json'} => #/$ref must be '#' or begin with '#/'",
        "{'$ref':'#/$defs/a'} => #/$ref points to nothing",
        "{'$ref':'#'} => # refers to itself without a value in between",
        "{'anyOf':[{'$ref':'#'},{'type':'null'}]} => refers to itself",
        "{'type':'object','properties':{'a':{'$ref':'#'}},'required':['a']} => satisfied by no value",
        "{'pattern':'(?=a)'} => #/pattern '(?=a)' has a group of a kind",
        "{'pattern':'(a'} => #/pattern '(a' needs ')'",
        "{'pattern':'a\\\\1'} => has '\\1', which is not supported",
        "{'pattern':'\\\\bword'} => has '\\b', which is not supported",
        "{'pattern':'^(a|b)*a(a|b){40}$'} => needs more than 20,000 states",
        "{'pattern':'((a{1000}){1000}){1000}'} => needs more than 20,000 steps",
        "{'minLength':-1} => #/minLength must be a whole number from 0 on; got -1",
        "{'multipleOf':0} => #/multipleOf must be above 0",
        "{'type':'number','multipleOf':1e-20} => #/multipleOf must have at most 14 digits",
        "{'type':'integer','minimum':5,'maximum':4} => is satisfied by no value",
        "{'type':'string','minLength':2000000000} => is satisfied by no value of up to 268,435,456",
        "{'enum':[]} => #/enum must be an array of values",
        "{'oneOf':[{'type':'integer'},{'type':'number'}]} => #/oneOf must have branches",
        "{'const':1e999999999,'multipleOf':3} => #/const must have numbers between 1e-400 and 1e400",
        "{'maximum':1e999999999} => #/maximum must have numbers between 1e-400 and 1e400",
        "false => # is satisfied by no value",
        "[] => # must be a schema",
        "{'a':1,'a':2} => must be JSON",
        "{'a': => must be JSON",
      })
  void whatIsNotSupportedIsRefusedByName(String schema, String message) {
    assertThatThrownBy(() -> CONSTRAINTS.constraint(json(schema), 1000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void hostileSchemasAreRefusedOrRead() {
    String deep = "{\"items\":".repeat(200) + "{}" + "}".repeat(200);
    assertThatThrownBy(() -> CONSTRAINTS.constraint(deep, 100))
        .hasMessageContaining("nested 128 deep at most");
    String definitions =
        IntStream.range(0, 3_000)
            .mapToObj(i -> "\"d%d\":{\"$ref\":\"#/$defs/d%d\"}".formatted(i, i + 1))
            .collect(Collectors.joining(","));
    assertThatThrownBy(
            () ->
                CONSTRAINTS.constraint(
                    "{\"$ref\":\"#/$defs/d0\",\"$defs\":{%s,\"d3000\":{}}}".formatted(definitions),
                    100))
        .hasMessageContaining("more than 200 deep");
    String nested =
        IntStream.range(0, 3_000)
            .mapToObj(
                i ->
                    ("\"d%d\":{\"type\":\"array\",\"minItems\":1,"
                            + "\"items\":{\"$ref\":\"#/$defs/d%d\"}}")
                        .formatted(i, i + 1))
            .collect(Collectors.joining(","));
    assertThatThrownBy(
            () ->
                CONSTRAINTS.constraint(
                    "{\"$ref\":\"#/$defs/d0\",\"$defs\":{%s,\"d3000\":{}}}".formatted(nested), 100))
        .hasMessageContaining("needs more than 64 arrays or objects within each other");
    String all =
        IntStream.range(0, 40)
            .mapToObj(
                i ->
                    "{\"anyOf\":[{\"properties\":{\"p%d\":false}},{\"required\":[\"p%d\"]}]}"
                        .formatted(i, i))
            .collect(Collectors.joining(",", "[", "]"));
    assertThatThrownBy(() -> CONSTRAINTS.constraint("{\"allOf\":" + all + "}", 100))
        .hasMessageContaining("alternatives");
    String many =
        IntStream.range(0, 300)
            .mapToObj(i -> "\"p%d\":{\"pattern\":\"^(a|b)*a(a|b){11}c{%d}$\"}".formatted(i, i))
            .collect(Collectors.joining(","));
    assertThatThrownBy(() -> CONSTRAINTS.constraint("{\"properties\":{" + many + "}}", 100))
        .hasMessageContaining("more than 50,000,000 steps to prepare");
    String words =
        IntStream.range(0, 5_000).mapToObj(i -> "\"w" + i + "\"").collect(Collectors.joining(","));
    assertThat(CONSTRAINTS.constraint("{\"enum\":[" + words + "]}", 100).mayEnd()).isFalse();
    assertThatThrownBy(() -> CONSTRAINTS.constraint(" ".repeat(1 << 20) + "{}", 100))
        .hasMessageContaining("1,048,576 characters at most");
  }
}
