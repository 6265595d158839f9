package io.sensorium.models.training;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sensorium.models.training.BytePairTrainer.Merge;
import io.sensorium.models.world.Seeds;
import io.sensorium.models.world.Split;
import io.sensorium.models.world.talk.Conversation;
import io.sensorium.models.world.talk.ConversationWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The byte-level BPE vocabulary of the default language models, as Hugging Face's tokenizers read
 * it. Special tokens come first, then the bytes, then the merges. Immutable.
 */
record LanguageTokenizer(List<Merge> merges) {
  /** What a conversation is built with; a token's id is its index. */
  static final List<String> SPECIAL =
      List.of(
          "<|pad|>",
          "<|begin|>",
          "<|end|>",
          "<|user|>",
          "<|assistant|>",
          "<|picture|>",
          "<|sound|>",
          "<|close|>",
          "<|media|>",
          "<|reserved_0|>",
          "<|reserved_1|>",
          "<|reserved_2|>",
          "<|reserved_3|>",
          "<|reserved_4|>",
          "<|reserved_5|>",
          "<|reserved_6|>");

  /** Turns of user and assistant; a medium is its kind's token, what stands for it, and a close. */
  static final String CHAT_TEMPLATE =
      "{{- '<|begin|>' }}"
          + "{%- for message in messages %}"
          + "{%- if message['role'] not in ['user', 'assistant'] %}"
          + "{{- raise_exception('roles are user and assistant; found ' + message['role']) }}"
          + "{%- endif %}"
          + "{{- '<|' + message['role'] + '|>' }}"
          + "{%- if message['content'] is string %}"
          + "{{- message['content'] }}"
          + "{%- else %}"
          + "{%- for part in message['content'] %}"
          + "{%- if part['type'] == 'text' %}"
          + "{{- part['text'] }}"
          + "{%- elif part['type'] == 'image' %}"
          + "{{- '<|picture|><|media|><|close|>' }}"
          + "{%- elif part['type'] == 'audio' %}"
          + "{{- '<|sound|><|media|><|close|>' }}"
          + "{%- endif %}"
          + "{%- endfor %}"
          + "{%- endif %}"
          + "{{- '<|end|>' }}"
          + "{%- endfor %}"
          + "{%- if add_generation_prompt %}"
          + "{{- '<|assistant|>' }}"
          + "{%- endif %}";

  private static final int BYTES = 256;
  private static final int CONVERSATIONS = 20_000;
  private static final long SEED = 0x70C3_0001L;

  /** Learns from freshly written conversations; at most {@code vocabulary} tokens. */
  static LanguageTokenizer train(int vocabulary) {
    var trainer = new BytePairTrainer();
    var writer = new ConversationWriter(Split.TRAIN);
    for (int index = 0; index < CONVERSATIONS; index++) {
      Conversation talk = writer.write(4, Seeds.generator(SEED, index));
      talk.media().forEach(medium -> trainer.learn(medium.text()));
      talk.exchanges()
          .forEach(
              exchange -> {
                trainer.learn(exchange.question());
                trainer.learn(exchange.answer());
              });
    }
    return new LanguageTokenizer(trainer.merges(vocabulary - BYTES - SPECIAL.size()));
  }

  /**
   * The vocabulary that {@code file} keeps; where there is none, one is learnt and kept there. A
   * model is worth nothing with another vocabulary than its own, however alike the texts.
   */
  static LanguageTokenizer keptIn(Path file, int vocabulary) {
    try {
      if (Files.exists(file)) {
        List<Merge> merges = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
          String[] pair = line.split(" ", -1);
          merges.add(new Merge(pair[0], pair[1]));
        }
        return new LanguageTokenizer(merges);
      }
      LanguageTokenizer learnt = train(vocabulary);
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.write(
          file, learnt.merges.stream().map(merge -> merge.left() + " " + merge.right()).toList());
      return learnt;
    } catch (IOException e) {
      throw new UncheckedIOException("the vocabulary could not be kept in " + file, e);
    }
  }

  /** The number of tokens. */
  int size() {
    return SPECIAL.size() + BYTES + merges.size();
  }

  static int id(String special) {
    int id = SPECIAL.indexOf(special);
    if (id < 0) {
      throw new IllegalArgumentException(
          "special tokens are %s; got %s".formatted(SPECIAL, special));
    }
    return id;
  }

  /** What goes into {@code tokenizer.json}. */
  ObjectNode json() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("version", "1.0");
    root.putNull("truncation");
    root.putNull("padding");
    ArrayNode added = root.putArray("added_tokens");
    for (int id = 0; id < SPECIAL.size(); id++) {
      ObjectNode token = added.addObject().put("id", id).put("content", SPECIAL.get(id));
      for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
        token.put(flag, false);
      }
      token.put("special", true);
    }
    root.putNull("normalizer");
    root.set("pre_tokenizer", byteLevel(false));
    root.set("post_processor", beginning());
    root.set("decoder", byteLevel(true));
    root.set("model", model());
    return root;
  }

  private static ObjectNode byteLevel(boolean prefixSpace) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", "ByteLevel")
        .put("add_prefix_space", prefixSpace)
        .put("trim_offsets", true)
        .put("use_regex", true);
  }

  /** A text that is no conversation begins with the token that begins every sequence. */
  private static ObjectNode beginning() {
    String begin = "<|begin|>";
    ObjectNode processor = JsonNodeFactory.instance.objectNode().put("type", "TemplateProcessing");
    for (String kind : List.of("single", "pair")) {
      ArrayNode parts = processor.putArray(kind);
      parts.addObject().putObject("SpecialToken").put("id", begin).put("type_id", 0);
      parts.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
      if (kind.equals("pair")) {
        parts.addObject().putObject("Sequence").put("id", "B").put("type_id", 0);
      }
    }
    ObjectNode special = processor.putObject("special_tokens").putObject(begin);
    special.put("id", begin);
    special.putArray("ids").add(id(begin));
    special.putArray("tokens").add(begin);
    return processor;
  }

  private ObjectNode model() {
    ObjectNode model = JsonNodeFactory.instance.objectNode();
    model.put("type", "BPE");
    for (String absent :
        List.of("dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix")) {
      model.putNull(absent);
    }
    for (String flag : List.of("fuse_unk", "byte_fallback", "ignore_merges")) {
      model.put(flag, false);
    }
    ObjectNode vocabulary = model.putObject("vocab");
    SPECIAL.forEach(token -> vocabulary.put(token, vocabulary.size()));
    for (int value = 0; value < BYTES; value++) {
      vocabulary.put(ByteAlphabet.symbol(value), vocabulary.size());
    }
    ArrayNode pairs = model.putArray("merges");
    for (Merge merge : merges) {
      vocabulary.put(merge.joined(), vocabulary.size());
      pairs.add(merge.left() + " " + merge.right());
    }
    if (vocabulary.size() != size()) {
      throw new IllegalStateException(
          "two merges gave the same token: %d of %d".formatted(vocabulary.size(), size()));
    }
    return model;
  }

  /** What goes into {@code tokenizer_config.json}. */
  static ObjectNode configuration(int contextLength) {
    ObjectNode config = JsonNodeFactory.instance.objectNode();
    config.put("tokenizer_class", "PreTrainedTokenizerFast");
    config.put("bos_token", "<|begin|>");
    config.put("eos_token", "<|end|>");
    config.put("pad_token", "<|pad|>");
    config.put("model_max_length", contextLength);
    config.put("clean_up_tokenization_spaces", false);
    config.put("chat_template", CHAT_TEMPLATE);
    return config;
  }
}
