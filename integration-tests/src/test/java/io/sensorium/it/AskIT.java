package io.sensorium.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.Modality;
import io.sensorium.api.UnsupportedInputException;
import io.sensorium.api.adapter.MediaAdapter;
import io.sensorium.api.adapter.MediaProjector;
import io.sensorium.api.language.ChatMessage;
import io.sensorium.api.language.DecodingOptions;
import io.sensorium.api.language.Generation;
import io.sensorium.api.language.GenerationRequest;
import io.sensorium.api.language.Prompt;
import io.sensorium.api.language.PromptPart;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.api.SensoriumOptions;
import io.sensorium.host.operations.Arguments.ImportArguments;
import io.sensorium.host.operations.Arguments.Item;
import io.sensorium.host.operations.Arguments.Name;
import io.sensorium.host.operations.AskArguments;
import io.sensorium.host.operations.Call;
import io.sensorium.host.operations.GenerationArguments.Manner;
import io.sensorium.host.operations.GenerationArguments.Penalties;
import io.sensorium.host.operations.LocalOperations;
import io.sensorium.host.operations.Results.Generated;
import io.sensorium.models.checkpoints.SafetensorsFile;
import io.sensorium.models.checkpoints.SafetensorsWriter;
import io.sensorium.models.checkpoints.SafetensorsWriter.FloatTensor;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Questions about files, in a host. Most adapters here see the same in every item: their rows are
 * embeddings of chosen tokens, so that the answer must be the one to those tokens.
 */
class AskIT {
  private static final Path LANGUAGE_MODEL =
      Path.of("..", "models", "defaults", "src", "main", "checkpoints", "lm-default")
          .toAbsolutePath()
          .normalize();
  private static final String MODEL = "lm";
  private static final String QUESTION = "What colour?";
  private static final List<Integer> SEEN = List.of(301, 517, 402);
  private static final List<Integer> HEARD = List.of(288, 633);
  private static final int EMBEDDING_WIDTH = 128;
  private static final int TOKENS = 9;
  private static final long SEED = 20261121;

  @TempDir static Path folder;
  private static Sensorium sensorium;
  private static LocalOperations operations;
  private static Path picture;
  private static Path sound;

  @BeforeAll
  static void start() throws IOException {
    sensorium = Sensorium.start(SensoriumOptions.at(folder.resolve("home")));
    operations = new LocalOperations(sensorium);
    operations.importModel(ImportArguments.of(LANGUAGE_MODEL.toString(), MODEL), call());
    importAdapter("see", "image", "world-image", SEEN);
    importAdapter("hear", "audio", "world-audio", HEARD);
    Path media = Path.of("..", "models", "defaults", "src", "main", "checkpoints");
    picture = media.resolve("world-image/media/wide.png").toAbsolutePath().normalize();
    sound = media.resolve("world-audio/media/short.wav").toAbsolutePath().normalize();
  }

  @AfterAll
  static void stop() {
    operations.close();
  }

  @Test
  void mediaStandBeforeTheQuestionInTheirOrderAsTheirTokensWould() {
    String question = "How many bells are there?";
    List<String> told = new ArrayList<>();
    Call call = call();

    Generated answer =
        operations.ask(
            new AskArguments(
                MODEL,
                List.of(
                    Item.file("audio", sound.toString()), Item.file("image", picture.toString())),
                question,
                manner()),
            new Call(call.context(), call.progress(), told::add));

    Generation expected =
        generated(
            new PromptPart.Text("<|user|><|sound|>"),
            new PromptPart.Tokens(HEARD),
            new PromptPart.Text("<|close|><|picture|>"),
            new PromptPart.Tokens(SEEN),
            new PromptPart.Text("<|close|>" + question + "<|end|><|assistant|>"));
    assertThat(answer.tokenIds()).isEqualTo(expected.tokenIds());
    assertThat(answer.text()).isEqualTo(expected.text());
    assertThat(answer.promptTokens()).isEqualTo(expected.promptTokens());
    assertThat(String.join("", told)).isEqualTo(answer.text());
    assertThat(answer.finishReason()).isIn("end", "length");
    assertThat(answer.model()).isEqualTo(MODEL);
  }

  @Test
  void aQuestionAboutNothingIsAQuestion() {
    Generated answer =
        operations.ask(
            new AskArguments(MODEL, List.of(), "How many bells are there?", manner()), call());

    assertThat(answer.tokenIds()).isNotEmpty();
  }

  @Test
  void adaptersComeAndGoWhileTheHostRuns() throws IOException {
    MediaProjector projector = sensorium.service(MediaProjector.class);
    importAdapter("see-later", "image", "world-image", HEARD);
    assertThat(projector.adapters()).extracting(MediaAdapter::id).contains("see-later");
    assertThat(ask("image", picture).promptTokens()).isEqualTo(ask("audio", sound).promptTokens());

    operations.removeModel(new Name("see-later"), call());

    assertThat(projector.adapters()).extracting(MediaAdapter::id).doesNotContain("see-later");
    assertThat(ask("image", picture).promptTokens())
        .isEqualTo(ask("audio", sound).promptTokens() + SEEN.size() - HEARD.size());
  }

  @Test
  void whatAZeroGatedAdapterAddsToLayersHoldsForTheWholeAnswer() throws IOException {
    GatedAdapter adapter = new GatedAdapter(SEED, 6, 6, 2, 32);
    Path checkpoint = folder.resolve("checkpoint-gated");
    adapter.write(checkpoint, MODEL);
    operations.importModel(ImportArguments.of(checkpoint.toString(), "gated"), call());
    try {
      Generated answer = ask("image", picture);

      EncodeRequest item =
          EncodeRequest.of(Modality.IMAGE, MediaInput.read(picture, Files.size(picture)));
      Tensor additions = adapter.additions(sensorium.embed(item.in("world")).values());
      Prompt chat = new Prompt.Chat(List.of(new ChatMessage("user", QUESTION)));
      GenerationRequest plain = new GenerationRequest(MODEL, chat, DecodingOptions.greedy(TOKENS));
      GenerationRequest added =
          new GenerationRequest(MODEL, chat, plain.options(), Optional.of(additions));
      Generation expected = sensorium.generate(added, piece -> {});
      assertThat(answer.tokenIds()).as("seed %d", SEED).isEqualTo(expected.tokenIds());
      assertThat(answer.promptTokens()).isEqualTo(expected.promptTokens());
      assertThat(answer.tokenIds()).isNotEqualTo(sensorium.generate(plain, piece -> {}).tokenIds());
      assertThat(ask("image", picture, picture).tokenIds())
          .as("the mean of equal items")
          .isEqualTo(answer.tokenIds());
      assertThat(ask("audio", sound).tokenIds()).isNotEmpty();
    } finally {
      operations.removeModel(new Name("gated"), call());
    }
  }

  @Test
  void whatCannotBeAskedIsSaidInOneLine() throws IOException {
    Path broken = Files.writeString(folder.resolve("broken.png"), "no picture");

    Path nothing = Files.createFile(folder.resolve("nothing.png"));

    assertThatThrownBy(() -> ask("image", broken)).isInstanceOf(UnsupportedInputException.class);
    assertThatThrownBy(() -> ask("image", nothing)).hasMessageContaining("'nothing.png' has 0");
    assertThatThrownBy(() -> ask("image", sound))
        .hasMessage("an image file is required; the content of 'short.wav' is audio/wav");
    assertThatThrownBy(() -> ask("motion", picture))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no adapter makes motion readable for lm");
    assertThatThrownBy(
            () ->
                operations.ask(
                    new AskArguments(
                        "nobody",
                        List.of(Item.file("image", picture.toString())),
                        "What?",
                        manner()),
                    call()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no language model 'nobody' is installed");
  }

  @Test
  void adaptersForAnotherVersionOfTheSpaceOrAModelOfOtherSizesAreRefused() throws IOException {
    Path later = folder.resolve("checkpoint-later");
    new GatedAdapter(SEED, 6, 6, 2, 32).write(later, MODEL);
    Path config = later.resolve("config.json");
    Files.writeString(config, Files.readString(config).replace("world@1", "world@2"));
    Path flat = folder.resolve("checkpoint-flat");
    new GatedAdapter(SEED, 5, 6, 2, 32).write(flat, MODEL);

    assertRefused(later, "adapter misfit reads what world-image says in world@2; world-image");
    assertRefused(flat, "a decoder of 6 layers takes additions");
    assertThat(ask("image", picture).tokenIds()).isNotEmpty();
  }

  private static void assertRefused(Path checkpoint, String message) {
    operations.importModel(ImportArguments.of(checkpoint.toString(), "misfit"), call());
    try {
      assertThatThrownBy(() -> ask("image", picture))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(message);
    } finally {
      operations.removeModel(new Name("misfit"), call());
    }
  }

  private static Generated ask(String modality, Path... files) {
    List<Item> items = Stream.of(files).map(file -> Item.file(modality, file.toString())).toList();
    return operations.ask(new AskArguments(MODEL, items, QUESTION, manner()), call());
  }

  private static Generation generated(PromptPart... parts) {
    return sensorium.generate(
        new GenerationRequest(
            MODEL, new Prompt.Raw(List.of(parts)), DecodingOptions.greedy(TOKENS)),
        piece -> {});
  }

  private static Manner manner() {
    return new Manner(
        "greedy", new Penalties(1, 0, 0), TOKENS, false, List.of(), false, -1, null, null);
  }

  private static Call call() {
    return Call.within(Duration.ofMinutes(2));
  }

  /** An adapter without weights, whose biases are the embeddings of tokens. */
  private static void importAdapter(
      String id, String modality, String encoder, List<Integer> tokens) throws IOException {
    Path checkpoint = Files.createDirectories(folder.resolve("checkpoint-" + id));
    float[] bias;
    int width;
    try (SafetensorsFile weights =
        SafetensorsFile.open(LANGUAGE_MODEL.resolve("model.safetensors"))) {
      Tensor table = weights.tensor("model.embed_tokens.weight");
      width = (int) table.shape().dimension(1);
      bias = new float[tokens.size() * width];
      for (int row = 0; row < tokens.size(); row++) {
        for (int i = 0; i < width; i++) {
          bias[row * width + i] = value(table, (long) tokens.get(row) * width + i);
        }
      }
    }
    Files.writeString(
        checkpoint.resolve("config.json"),
        """
        {"model_type": "projection", "kind": "linear", "features": "embedding",
         "modality": "%s", "encoder": "%s", "space": "world@1", "language_model": "%s",
         "embedding_width": %d, "embedding_rows": %d, "output_width": %d}
        """
            .formatted(modality, encoder, MODEL, EMBEDDING_WIDTH, tokens.size(), width));
    SafetensorsWriter.write(
        checkpoint.resolve("model.safetensors"),
        Map.of(
            "embedding.linear.weight",
            new FloatTensor(
                new long[] {bias.length, EMBEDDING_WIDTH},
                new float[bias.length * EMBEDDING_WIDTH]),
            "embedding.linear.bias",
            new FloatTensor(new long[] {bias.length}, bias)),
        Map.of());
    operations.importModel(ImportArguments.of(checkpoint.toString(), id), call());
  }

  /** Weights may be stored in half precision. */
  private static float value(Tensor table, long index) {
    return table.type() == ElementType.FLOAT16
        ? Float.float16ToFloat(table.data().getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, index))
        : table.data().getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, index);
  }
}
