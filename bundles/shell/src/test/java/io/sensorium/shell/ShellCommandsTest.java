package io.sensorium.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.Modality;
import io.sensorium.api.RequestContext;
import io.sensorium.api.index.Hit;
import io.sensorium.api.index.IndexEntry;
import io.sensorium.api.index.IndexHealth;
import io.sensorium.api.index.IndexQuery;
import io.sensorium.api.index.MediaIndex;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.model.ModelFile;
import io.sensorium.api.model.ModelLicence;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.ModelRepository;
import io.sensorium.api.model.RefusedModel;
import io.sensorium.api.model.Settings;
import io.sensorium.api.model.VerificationReport;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.EmbeddingService;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.api.space.EncoderStatus;
import io.sensorium.api.space.SpaceId;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ShellCommandsTest {
  private static final SpaceId SPACE = new SpaceId("world", "1");
  private static final Embedding UP = Embedding.of(SPACE, FloatBuffer.wrap(new float[] {0, 1}));

  private final List<String> asked = new ArrayList<>();
  private final ShellCommands shell =
      new ShellCommands(new OneEncoder(asked), new OneEntry(), new OneModel());

  @Test
  void searchAsksForTheWholeSentence() {
    assertThat(shell.search("three", "small", "bells")).isEqualTo(" 1  0.500  image   /bell.png");
    assertThat(asked).containsExactly("three small bells");
  }

  @Test
  void searchNeedsASentence() {
    assertThatThrownBy(() -> shell.search()).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void modelsAndEncodersAreOneLineEach() {
    assertThat(shell.models()).isEqualTo("world-image 3  segmentation  vit  Apache-2.0");
    assertThat(shell.encoders())
        .isEqualTo("image   world@1 (2)  world-image 3  READY on CPU, 7 answered, 1.5 a run");
  }

  private record OneEncoder(List<String> asked) implements EmbeddingService {
    @Override
    public CompletableFuture<Embedding> embedAsync(EncodeRequest request, RequestContext context) {
      return CompletableFuture.completedFuture(embed(request, context));
    }

    @Override
    public Embedding embed(EncodeRequest request, RequestContext context) {
      asked.add(StandardCharsets.UTF_8.decode(request.input().bytes()).toString());
      return UP;
    }

    @Override
    public Optional<Modality> modalityOf(MediaInput input) {
      return Optional.of(Modality.TEXT);
    }

    @Override
    public List<EncoderStatus> encoders() {
      return List.of(
          new EncoderStatus(
              Modality.IMAGE,
              SPACE,
              2,
              "world-image",
              "3",
              EncoderStatus.State.READY,
              "CPU",
              7,
              1.5));
    }
  }

  private static final class OneEntry implements MediaIndex {
    @Override
    public CompletableFuture<Void> put(List<IndexEntry> entries) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Void> delete(List<String> ids) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public Optional<IndexEntry> find(String id) {
      return Optional.empty();
    }

    @Override
    public List<String> ids(String prefix) {
      return List.of();
    }

    @Override
    public List<String> ids(SpaceId space, Modality modality, String after, int most) {
      return List.of();
    }

    @Override
    public Set<SpaceId> spaces() {
      return Set.of();
    }

    @Override
    public Map<Modality, Long> census(SpaceId space) {
      return Map.of();
    }

    @Override
    public List<Hit> search(IndexQuery query) {
      IndexEntry entry =
          new IndexEntry("/bell.png", Modality.IMAGE, "/bell.png", "", UP, "", Map.of());
      return List.of(new Hit(1, 0.5, entry));
    }

    @Override
    public void refresh() {}

    @Override
    public long size() {
      return 1;
    }

    @Override
    public IndexHealth health() {
      return new IndexHealth(true, "", true, "memory");
    }
  }

  private static final class OneModel implements ModelRepository {
    @Override
    public List<ModelPackage> packages() {
      ModelManifest manifest =
          new ModelManifest(
              "world-image",
              "3",
              "segmentation",
              "vit",
              Optional.empty(),
              new ModelLicence("Apache-2.0", true),
              List.of(),
              Settings.of("test", Map.of()),
              List.of(new ModelFile("model.onnx", 1, "a".repeat(64))));
      return List.of(new ModelPackage(manifest, Path.of("packages")));
    }

    @Override
    public CompletableFuture<Void> settled() {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public List<RefusedModel> refused() {
      return List.of();
    }

    @Override
    public Optional<ModelPackage> find(String id) {
      return Optional.empty();
    }

    @Override
    public ModelPackage install(Path folderOrZip, InstallPolicy policy) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean retire(String id, String version) {
      return false;
    }

    @Override
    public boolean remove(String id) {
      return false;
    }

    @Override
    public VerificationReport verify(String id, Optional<Path> golden) {
      throw new UnsupportedOperationException();
    }
  }
}
