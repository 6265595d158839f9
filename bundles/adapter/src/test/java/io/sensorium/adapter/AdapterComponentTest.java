package io.sensorium.adapter;

import static io.sensorium.api.model.ModelPackage.USER_SINCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sensorium.api.Modality;
import io.sensorium.api.RequestContext;
import io.sensorium.api.adapter.MediaAdapter;
import io.sensorium.api.adapter.Projection;
import io.sensorium.api.language.PromptPart;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.model.ModelImporter.ImportRequest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.api.space.FeatureService;
import io.sensorium.api.space.Features;
import io.sensorium.api.space.SpaceId;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.importer.CheckpointImporter;
import io.sensorium.models.checkpoints.SafetensorsFile;
import io.sensorium.runtime.onnx.OnnxInferenceRuntime;
import io.sensorium.runtime.onnx.SessionSettings;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Constants;

class AdapterComponentTest {
  private static final Path REFERENCE = Path.of("..", "..", "models", "reference");
  private static final SpaceId WORLD = new SpaceId("world", "1");
  private static final EncodeRequest PICTURE =
      EncodeRequest.of(Modality.IMAGE, MediaInput.ofText("picture"));

  @TempDir Path folder;

  private final OnnxInferenceRuntime runtime =
      new OnnxInferenceRuntime("cpu", new SessionSettings(1, false, Duration.ofSeconds(5)));
  private Features found = new Features(embedding(WORLD, 10), Optional.empty(), "vision", "1");
  private final Deque<Features> next = new ArrayDeque<>();
  private Optional<String> asked = Optional.empty();
  private final FeatureService features =
      (request, tokenOutput, context) -> {
        assertThat(request.space()).contains("world");
        asked = tokenOutput;
        return next.isEmpty() ? found : next.remove();
      };
  private final AdapterComponent projector = new AdapterComponent(runtime, features);

  @AfterEach
  void close() {
    runtime.close();
  }

  @Test
  void rowsAreWhatTheReferenceMakesOfTheSameFeatures() {
    install("projection-pooled", "see", 7);
    Path golden = REFERENCE.resolve("projection-pooled/checkpoint/golden.safetensors");
    try (SafetensorsFile recorded = SafetensorsFile.open(golden)) {
      Tensor wanted = recorded.tensor("output.media_embeds");
      int width = (int) wanted.shape().dimension(2);
      int rows = (int) wanted.shape().dimension(1);
      for (int item = 0; item < wanted.shape().dimension(0); item++) {
        found = recordedFeatures(recorded, item);

        PromptPart.Media media = project(PICTURE, "speaker");

        assertThat(media.sense()).isEqualTo("image");
        assertThat(media.rows().shape()).isEqualTo(Shape.of(rows, width));
        for (int i = 0; i < rows * width; i++) {
          assertThat(media.rows().asFloats().get(i))
              .isCloseTo(wanted.asFloats().get(item * rows * width + i), within(1e-4f));
        }
      }
    }
  }

  @Test
  void theQFormerOfABlip2GivesTheRowsThatTheReferencePutsIntoItsPrompt() {
    install("blip2-projector", "see", 7);
    Path golden = REFERENCE.resolve("blip2-projector/checkpoint/golden.safetensors");
    try (SafetensorsFile recorded = SafetensorsFile.open(golden)) {
      Tensor wanted = recorded.tensor("output.media_embeds");
      for (int item = 0; item < 3; item++) {
        Optional<Tensor> states = Optional.of(item(recorded.tensor("input.token_states"), item));
        found = new Features(embedding(WORLD, 10), states, "vision", "1");

        PromptPart.Media media = project(PICTURE, "speaker");

        assertThat(media.rows().shape()).isEqualTo(Shape.of(5, 14));
        assertThat(asked).contains("last_hidden_state");
        FloatBuffer rows = item(wanted, item).asFloats();
        for (int i = 0; i < rows.remaining(); i++) {
          assertThat(media.rows().asFloats().get(i)).isCloseTo(rows.get(i), within(1e-4f));
        }
      }
    }
    assertThat(projector.adapters())
        .containsExactly(
            new MediaAdapter(
                "see", "1", "query", Modality.IMAGE, "vision", WORLD, "speaker", 5, 14));
  }

  @Test
  void zeroGatedAdaptersGiveWhatTheReferenceAddsToLayers() {
    install("projection-zero-gated", "see", 7);
    Path golden = REFERENCE.resolve("projection-zero-gated/checkpoint/golden.safetensors");
    try (SafetensorsFile recorded = SafetensorsFile.open(golden)) {
      Tensor wanted = recorded.tensor("output.layer_additions");
      Tensor embeddings = recorded.tensor("input.embedding");
      int width = (int) embeddings.shape().dimension(1);
      for (int item = 0; item < wanted.shape().dimension(0); item++) {
        FloatBuffer components = embeddings.asFloats().slice(item * width, width);
        found = new Features(Embedding.of(WORLD, components), Optional.empty(), "vision", "1");

        Tensor vectors = additions(PICTURE);
        assertThat(vectors.shape()).isEqualTo(Shape.of(3, 20));
        for (int i = 0; i < 60; i++) {
          assertThat(vectors.asFloats().get(i))
              .isCloseTo(wanted.asFloats().get(item * 60 + i), within(1e-4f));
        }
      }
    }
    assertThat(projector.adapters())
        .containsExactly(
            new MediaAdapter(
                "see", "1", "zero_gated", Modality.IMAGE, "vision", WORLD, "speaker", 0, 20));
  }

  @Test
  void oneGatedAdapterReadsTheMeanOfItsItemsAndSeveralShareByTheirItems() throws IOException {
    install("projection-zero-gated", "see", 7);
    install(forSounds("projection-zero-gated"), "hear", Map.of(Constants.SERVICE_ID, 8L));
    Features one = embedded(0.6f, 0.8f);
    Features other = embedded(-0.8f, 0.6f);
    EncodeRequest sound = EncodeRequest.of(Modality.AUDIO, MediaInput.ofText("sound"));

    next.addAll(List.of(one, other));
    Tensor both = additions(PICTURE, PICTURE);
    next.add(embedded(-0.1f, 0.7f));
    assertMean(both, additions(PICTURE));

    next.add(one);
    Tensor seen = additions(PICTURE);
    next.add(other);
    Tensor heard = additions(sound);
    next.addAll(List.of(one, other, one));
    assertMean(additions(PICTURE, sound, PICTURE), seen, seen, heard);
  }

  @Test
  void rowsStandInTheOrderOfTheirItemsBesideWhatIsAddedToLayers() throws IOException {
    install("projection-one-token", "see", 7);
    install(forSounds("projection-zero-gated"), "hear", Map.of(Constants.SERVICE_ID, 8L));
    EncodeRequest sound = EncodeRequest.of(Modality.AUDIO, MediaInput.ofText("sound"));
    Features picture = new Features(embedding(WORLD, 13), Optional.empty(), "vision", "1");
    next.addAll(List.of(picture, embedded(0, 1), picture));

    Projection made =
        projector.project(List.of(PICTURE, sound, PICTURE), "speaker", Optional.empty(), soon());

    assertThat(made.media())
        .hasSize(2)
        .allSatisfy(media -> assertThat(media.rows().shape()).isEqualTo(Shape.of(1, 8)));
    assertThat(made.layerAdditions()).isPresent();
    assertThat(next).isEmpty();
  }

  @Test
  void gatedAdaptersForModelsOfOtherSizesAreRefusedTogether() throws IOException {
    install("projection-zero-gated", "see", 7);
    install(forSounds("imagebind-llm"), "hear", Map.of(Constants.SERVICE_ID, 8L));
    found = embedded(0, 1);
    EncodeRequest sound = EncodeRequest.of(Modality.AUDIO, MediaInput.ofText("sound"));

    assertThatThrownBy(() -> additions(PICTURE, sound))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "what adapters of one question add to layers must be of one shape; got [3,20] and"
                + " [3,12]");
  }

  @Test
  void adaptersAreListedAsLongAsTheirPackagesAreInService() {
    ModelPackage model = install("projection-pooled", "see", 7);

    assertThat(projector.adapters())
        .containsExactly(
            new MediaAdapter("see", "1", "mlp", Modality.IMAGE, "vision", WORLD, "speaker", 9, 9));

    projector.removePackage(model, Map.of(Constants.SERVICE_ID, 7L));

    assertThat(projector.adapters()).isEmpty();
    assertThatThrownBy(() -> project(PICTURE, "speaker"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no adapter makes image readable for speaker; there are []");
  }

  @Test
  void theAdapterInstalledLastIsChosenAmongThoseThatFit() {
    install("projection-one-token", "old", 3);
    install("projection-query", "new", 5);
    found = new Features(embedding(WORLD, 13), Optional.empty(), "vision", "1");

    assertThat(projector.adapters()).extracting(MediaAdapter::id).containsExactly("new", "old");
    assertThat(project(PICTURE, "speaker", "old").rows().shape()).isEqualTo(Shape.of(1, 8));
    found =
        new Features(
            embedding(WORLD, 6),
            Optional.of(Tensor.ofFloats(Shape.of(9, 10), new float[90])),
            "vision",
            "1");
    assertThat(project(PICTURE, "speaker").rows().shape()).isEqualTo(Shape.of(5, 7));
  }

  @Test
  void whatTheUserInstalledGoesBeforeWhatBundlesCarryInWhateverOrderTheyAppear() {
    install("projection-pooled", "first", Map.of(Constants.SERVICE_ID, 9L, USER_SINCE, 100L));
    install("projection-one-token", "second", Map.of(Constants.SERVICE_ID, 4L, USER_SINCE, 200L));
    install("projection-query", "carried", 12);
    found = new Features(embedding(WORLD, 13), Optional.empty(), "vision", "1");

    assertThat(project(PICTURE, "speaker").rows().shape()).isEqualTo(Shape.of(1, 8));
  }

  @Test
  void anotherModelModalityOrSpaceIsRefusedByName() {
    install("projection-one-token", "see", 3);
    EncodeRequest sound = EncodeRequest.of(Modality.AUDIO, MediaInput.ofText("sound"));

    assertThatThrownBy(() -> project(PICTURE, "another"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no adapter makes image readable for another")
        .hasMessageContaining("see 1 (image of vision in world@1 for speaker)");
    assertThatThrownBy(() -> project(sound, "speaker", "see"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("an adapter of audio for speaker is required; got see 1");
    assertThatThrownBy(() -> project(PICTURE.in("other"), "speaker"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no adapter makes image in space 'other' readable");
    assertThatThrownBy(() -> project(PICTURE, "speaker", "hear"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no such adapter: 'hear'");
  }

  @Test
  void featuresOfAnotherEncoderOrSpaceVersionAreRefused() {
    install("projection-one-token", "see", 3);

    found = new Features(embedding(new SpaceId("world", "2"), 13), Optional.empty(), "vision", "2");
    assertThatThrownBy(() -> project(PICTURE, "speaker"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(
            "adapter see reads what vision says in world@1; vision 2 answered in world@2");
    found = new Features(embedding(WORLD, 13), Optional.empty(), "eye", "1");
    assertThatThrownBy(() -> project(PICTURE, "speaker"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("eye 1 answered in world@1");
    found = new Features(embedding(WORLD, 12), Optional.empty(), "vision", "1");
    assertThatThrownBy(() -> project(PICTURE, "speaker"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("adapter see reads embedding float32[n,13]; vision 1 gives");
  }

  private ModelPackage install(String reference, String id, long serviceId) {
    return install(reference, id, Map.of(Constants.SERVICE_ID, serviceId));
  }

  private ModelPackage install(String reference, String id, Map<String, Object> properties) {
    return install(REFERENCE.resolve(reference).resolve("checkpoint"), id, properties);
  }

  private ModelPackage install(Path checkpoint, String id, Map<String, Object> properties) {
    ModelPackage model =
        new CheckpointImporter(runtime)
            .importCheckpoint(checkpoint, folder.resolve(id), ImportRequest.of(id));
    projector.addPackage(model, properties);
    return model;
  }

  private PromptPart.Media project(EncodeRequest item, String model) {
    return rows(projector.project(List.of(item), model, Optional.empty(), soon()));
  }

  private PromptPart.Media project(EncodeRequest item, String model, String adapter) {
    return rows(projector.project(List.of(item), model, Optional.of(adapter), soon()));
  }

  private static PromptPart.Media rows(Projection projection) {
    assertThat(projection.layerAdditions()).isEmpty();
    assertThat(projection.media()).hasSize(1);
    return projection.media().getFirst();
  }

  private Tensor additions(EncodeRequest... items) {
    Projection made = projector.project(List.of(items), "speaker", Optional.empty(), soon());
    assertThat(made.media()).isEmpty();
    return made.layerAdditions().orElseThrow();
  }

  private static RequestContext soon() {
    return RequestContext.within(Duration.ofSeconds(30));
  }

  private static Embedding embedding(SpaceId space, int dimension) {
    float[] components = new float[dimension];
    components[dimension / 2] = 1;
    return Embedding.of(space, FloatBuffer.wrap(components));
  }

  /** A recorded checkpoint as an adapter of sounds. */
  private Path forSounds(String reference) throws IOException {
    Path recorded = REFERENCE.resolve(reference).resolve("checkpoint");
    Path copy = Files.createDirectories(folder.resolve("sounds-" + reference));
    Files.copy(recorded.resolve("model.safetensors"), copy.resolve("model.safetensors"));
    String config = Files.readString(recorded.resolve("config.json"));
    Files.writeString(
        copy.resolve("config.json"),
        config.replace("\"modality\": \"image\"", "\"modality\": \"audio\""));
    return copy;
  }

  /** What an encoder says whose embedding has two components that are not 0. */
  private static Features embedded(float first, float last) {
    float[] components = new float[10];
    components[0] = first;
    components[9] = last;
    return new Features(
        Embedding.of(WORLD, FloatBuffer.wrap(components)), Optional.empty(), "vision", "1");
  }

  private static void assertMean(Tensor actual, Tensor... expected) {
    assertThat(actual.shape()).isEqualTo(expected[0].shape());
    for (int at = 0; at < actual.shape().elements(); at++) {
      float sum = 0;
      for (Tensor each : expected) {
        sum += each.asFloats().get(at);
      }
      assertThat(actual.asFloats().get(at)).isCloseTo(sum / expected.length, within(1e-5f));
    }
  }

  private static Features recordedFeatures(SafetensorsFile golden, int item) {
    Tensor vectors = golden.tensor("input.embedding");
    int width = (int) vectors.shape().dimension(1);
    return new Features(
        Embedding.of(WORLD, vectors.asFloats().slice(item * width, width)),
        Optional.of(item(golden.tensor("input.token_states"), item)),
        "vision",
        "1");
  }

  /** One of {@code all [n, tokens, width]}. */
  private static Tensor item(Tensor all, int item) {
    Shape one = Shape.of(all.shape().dimension(1), all.shape().dimension(2));
    long bytes = one.elements() * Float.BYTES;
    return Tensor.of(all.type(), one, all.data().asSlice(item * bytes, bytes));
  }
}
