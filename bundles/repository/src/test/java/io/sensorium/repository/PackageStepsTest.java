package io.sensorium.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.lifecycle.LifecycleEvent;
import io.sensorium.api.lifecycle.LifecycleListeners;
import io.sensorium.api.lifecycle.PlugIn;
import io.sensorium.api.lifecycle.Step;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.ModelRepository.InstallPolicy;
import io.sensorium.api.model.RefusedModel;
import io.sensorium.models.packages.FolderSource;
import io.sensorium.models.packages.ModelManifestJson;
import io.sensorium.runtime.onnx.OnnxInferenceRuntime;
import io.sensorium.runtime.onnx.SessionSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What listeners are told of packages, and what becomes of those that fail. */
@Timeout(120)
final class PackageStepsTest {
  private static final Origin OLD = new Origin("bundle:sense", 7);
  private static final Origin NEW = new Origin("bundle:sense", 8);

  @TempDir Path temporary;
  private final OnnxInferenceRuntime runtime =
      new OnnxInferenceRuntime("cpu", new SessionSettings(1, false, Duration.ofSeconds(1)));
  private final List<String> service = Collections.synchronizedList(new ArrayList<>());
  private final List<LifecycleEvent> events = Collections.synchronizedList(new ArrayList<>());
  private final EncoderVerdicts verdicts = new EncoderVerdicts();
  private BiConsumer<ModelPackage, EncoderVerdicts> encoders = (model, told) -> {};
  private long encoderNumbers;

  @AfterEach
  void closeRuntime() {
    runtime.close();
  }

  private FolderModelRepository repository() {
    LifecycleListeners listeners = new LifecycleListeners((event, failure) -> {});
    listeners.add(events::add);
    return new FolderModelRepository(
        new PackageStore(temporary.resolve("packages")),
        runtime,
        model -> {
          service.add("+" + model);
          encoders.accept(model, verdicts);
          return () -> service.add("-" + model);
        },
        verdicts,
        listeners);
  }

  @Test
  void everyStepIsToldAndTheOldPackageLeavesAfterTheNewOneIsReady() throws IOException {
    FolderModelRepository repository = repository();
    repository.install(made("one", "1", 0), InstallPolicy.DEFAULT);
    repository.install(made("one", "2", 0), InstallPolicy.DEFAULT);
    assertThat(steps())
        .containsExactly(
            "1 VERIFY",
            "1 SELF_TEST",
            "1 READY",
            "2 VERIFY",
            "2 SELF_TEST",
            "2 READY",
            "1 DRAIN",
            "1 CLOSE",
            "1 GONE");
    assertThat(events).extracting(event -> event.plugIn().kind()).containsOnly(PlugIn.Kind.MODEL);
    assertThat(repository.refused()).isEmpty();
  }

  @Test
  void aPackageThatIsBroughtOnceMoreHasOneLifeOnly() throws IOException {
    FolderModelRepository repository = repository();
    Path package1 = made("one", "1", 0);
    repository.install(package1, InstallPolicy.DEFAULT);
    repository.install(package1, InstallPolicy.DEFAULT);
    assertThat(service).containsExactly("+one 1");
    assertThat(events.getLast().step()).isEqualTo(Step.GONE);
    long first = events.getFirst().plugIn().generation();
    assertThat(events.getLast().plugIn().generation()).isEqualTo(first);
    assertThat(events)
        .filteredOn(event -> event.step() == Step.READY)
        .extracting(event -> event.plugIn().generation())
        .hasSize(2)
        .doesNotHaveDuplicates();
  }

  @Test
  void whatIsRefusedIsKeptWithItsReasonUntilItComesIn() throws IOException {
    FolderModelRepository repository = repository();
    repository.install(made("one", "1", 0), InstallPolicy.DEFAULT);
    Path drifting = made("one", "2", 1);
    assertThatThrownBy(() -> repository.install(drifting, InstallPolicy.DEFAULT))
        .isInstanceOf(ModelLoadException.class);
    assertThat(repository.refused())
        .singleElement()
        .satisfies(
            refused -> {
              assertThat(refused.model()).isEqualTo("one");
              assertThat(refused.version()).isEqualTo("2");
              assertThat(refused.step()).isEqualTo(Step.SELF_TEST);
              assertThat(refused.reason()).contains("must reproduce its golden vectors");
              assertThat(refused.source()).isEqualTo(drifting.toString());
            });
    assertThat(events.getLast().step()).isEqualTo(Step.QUARANTINED);
    assertThat(events.getLast().reason()).contains("must reproduce its golden vectors");
    assertThat(service).containsExactly("+one 1");

    repository.install(made("one", "2", 0), InstallPolicy.DEFAULT);
    assertThat(repository.refused()).isEmpty();
  }

  @Test
  void whatCannotEvenBeReadIsRefusedByItsSource() throws IOException {
    FolderModelRepository repository = repository();
    Path broken = Files.writeString(temporary.resolve("broken.zip"), "broken");
    assertThatThrownBy(() -> repository.install(broken, InstallPolicy.DEFAULT))
        .isInstanceOf(ModelLoadException.class);
    assertThat(repository.refused())
        .extracting(RefusedModel::source, RefusedModel::model)
        .containsExactly(tuple(broken.toString(), ""));
  }

  @Test
  void aPackageThatItsEncoderRefusesNeverReplacesTheOneThatServes() throws IOException {
    FolderModelRepository repository = repository();
    repository.install(made("one", "1", 0), InstallPolicy.DEFAULT);
    encoders = (model, told) -> refuse(model, told, Step.QUARANTINED);
    assertThatThrownBy(() -> repository.install(made("one", "2", 0), InstallPolicy.DEFAULT))
        .hasMessageContaining("an encoder of model one 2 did not open: wrong dimension");
    assertThat(service).containsExactly("+one 1", "+one 2", "-one 2");
    assertThat(repository.find("one").orElseThrow().manifest().version()).isEqualTo("1");
    assertThat(temporary.resolve("packages/one/2")).doesNotExist();

    encoders = (model, told) -> refuse(model, told, Step.DRAIN);
    assertThatThrownBy(() -> repository.install(made("one", "3", 0), InstallPolicy.DEFAULT))
        .hasMessageContaining("it left before it had served");
    assertThat(repository.find("one").orElseThrow().manifest().version()).isEqualTo("1");
  }

  @Test
  void otherFilesOfTheSameVersionAreUndoneWhenTheEncoderRefusesThem() throws IOException {
    FolderModelRepository repository = repository();
    Path first = made("one", "1", 0);
    repository.install(first, InstallPolicy.DEFAULT);
    encoders = (model, told) -> refuse(model, told, Step.QUARANTINED);
    assertThatThrownBy(() -> repository.install(made("one", "1", 0.01f), InstallPolicy.DEFAULT))
        .isInstanceOf(ModelLoadException.class);
    Path place = temporary.resolve("packages/one/1");
    assertThat(place.resolve("golden.safetensors"))
        .hasSameBinaryContentAs(first.resolve("golden.safetensors"));
    encoders = (model, told) -> {};
    assertThat(repository().resume(place)).as("the receipt fits again").isTrue();
    assertThat(temporary.resolve("packages/.staging")).isEmptyDirectory();
  }

  @Test
  void aPackageThatItsEncoderServesReplacesTheOldOneOnlyThen() throws IOException {
    FolderModelRepository repository = repository();
    repository.install(made("one", "1", 0), InstallPolicy.DEFAULT);
    CompletableFuture<Void> opened = new CompletableFuture<>();
    encoders =
        (model, told) -> {
          PlugIn encoder = encoder(model);
          told.began(LifecycleEvent.of(encoder, Step.RESOLVE));
          var _ =
              CompletableFuture.runAsync(
                  () -> {
                    assertThat(service).containsExactly("+one 1", "+one 2");
                    opened.complete(null);
                    told.began(LifecycleEvent.of(encoder, Step.READY));
                  });
        };
    repository.install(made("one", "2", 0), InstallPolicy.DEFAULT);
    assertThat(opened).isCompleted();
    assertThat(service).containsExactly("+one 1", "+one 2", "-one 1");
  }

  @Test
  void twoBundlesThatCarryTheSamePackageKeepItInServiceUntilBothAreGone() throws IOException {
    FolderModelRepository repository = repository();
    Path folder = made("one", "1", 0);
    repository.install(new FolderSource(folder, false), OLD);
    repository.install(new FolderSource(folder, false), NEW);
    repository.discard(ModelManifestJson.read(folder.resolve("model.json")), OLD);
    assertThat(service).containsExactly("+one 1");
    assertThat(temporary.resolve("packages/one/1")).exists();
    repository.discard(ModelManifestJson.read(folder.resolve("model.json")), NEW);
    assertThat(service).containsExactly("+one 1", "-one 1");
    assertThat(temporary.resolve("packages/one")).doesNotExist();
  }

  @Test
  void theOldBundlesPackageComesBackBeforeTheNewOnesGoes() throws IOException {
    FolderModelRepository repository = repository();
    repository.install(new FolderSource(made("one", "1", 0), false), OLD);
    Path newer = made("one", "2", 0);
    repository.install(new FolderSource(newer, false), NEW);
    assertThat(service).containsExactly("+one 1", "+one 2", "-one 1");
    repository.discard(ModelManifestJson.read(newer.resolve("model.json")), NEW);
    assertThat(service).containsExactly("+one 1", "+one 2", "-one 1", "+one 1", "-one 2");
    assertThat(temporary.resolve("packages/one/2")).doesNotExist();
    assertThat(repository.find("one").orElseThrow().manifest().version()).isEqualTo("1");
  }

  @Test
  void otherFilesOfTheSameVersionAreTakenFromTheOldBundleAgain() throws IOException {
    FolderModelRepository repository = repository();
    Path first = made("one", "1", 0);
    repository.install(new FolderSource(first, false), OLD);
    Path changed = made("one", "1", 0.01f);
    repository.install(new FolderSource(changed, false), NEW);
    repository.discard(ModelManifestJson.read(changed.resolve("model.json")), NEW);
    assertThat(service).containsExactly("+one 1", "+one 1", "-one 1", "+one 1", "-one 1");
    assertThat(temporary.resolve("packages/one/1/golden.safetensors"))
        .hasSameBinaryContentAs(first.resolve("golden.safetensors"));
  }

  @Test
  void whatTheUserInstalledGoesBeforeWhatABundleCarries() throws IOException {
    FolderModelRepository repository = repository();
    repository.install(made("one", "5", 0), InstallPolicy.DEFAULT);
    repository.install(new FolderSource(made("one", "1", 0), false), OLD);
    assertThat(service).containsExactly("+one 5");
    assertThat(repository.find("one").orElseThrow().manifest().version()).isEqualTo("5");
  }

  private void refuse(ModelPackage model, EncoderVerdicts told, Step step) {
    PlugIn encoder = encoder(model);
    told.began(LifecycleEvent.of(encoder, Step.RESOLVE));
    var _ =
        CompletableFuture.runAsync(
            () ->
                told.began(
                    step == Step.QUARANTINED
                        ? LifecycleEvent.quarantined(encoder, "wrong dimension")
                        : LifecycleEvent.of(encoder, step)));
  }

  private PlugIn encoder(ModelPackage model) {
    return new PlugIn(
        PlugIn.Kind.ENCODER,
        "motion/" + model.manifest().id(),
        model.manifest().version(),
        9,
        ++encoderNumbers);
  }

  private List<String> steps() {
    return events.stream().map(e -> e.plugIn().version() + " " + e.step()).toList();
  }

  private Path made(String id, String version, float drift) throws IOException {
    Path folder = temporary.resolve("%s-%s-%s".formatted(id, version, drift));
    return TestPackages.write(folder, id, version, TestPackages.FREE, drift, Map.of());
  }
}
