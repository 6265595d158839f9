package io.sensorium.host.cli;

import io.sensorium.api.model.ModelPackage;
import io.sensorium.host.operations.Arguments.FeatureArguments;
import io.sensorium.host.operations.Arguments.ImportArguments;
import io.sensorium.host.operations.Arguments.Item;
import io.sensorium.host.operations.Arguments.Name;
import io.sensorium.host.operations.HostOperations;
import io.sensorium.host.operations.Results.ItemFeatures;
import io.sensorium.host.operations.Results.ModelDetails;
import io.sensorium.models.packages.ModelManifestJson;
import io.sensorium.models.training.adapters.AdapterCheckpoint;
import io.sensorium.models.training.adapters.AdapterTraining;
import io.sensorium.models.training.adapters.ChatLessons;
import io.sensorium.models.training.adapters.CurvePicture;
import io.sensorium.models.training.adapters.FeatureFolder;
import io.sensorium.models.training.adapters.FeatureSource;
import io.sensorium.models.training.adapters.FrozenDecoder;
import io.sensorium.models.training.adapters.LearningCurve;
import io.sensorium.models.training.adapters.ProjectionShape;
import io.sensorium.models.training.adapters.ProjectionShape.Kind;
import io.sensorium.models.training.adapters.Sample;
import io.sensorium.models.training.adapters.SampleFile;
import io.sensorium.models.training.adapters.SampleTraining;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Trains one adapter: the host says what its encoder finds in the media, this process learns, the
 * host takes the result into service. Used once; the only class here that needs the training's
 * libraries.
 */
final class AdapterTrainer {
  private static final String TOKEN_OUTPUT = "penultimate_hidden_state";

  private final CommandContext context;
  private final TrainingOrder order;
  private final Kind kind;
  private final AtomicBoolean interrupted = new AtomicBoolean();
  private final long begun = System.nanoTime();

  AdapterTrainer(CommandContext context, TrainingOrder order) {
    this.context = context;
    this.order = order;
    this.kind = Kind.of(order.kind());
  }

  /** What the host told. */
  private record Found(
      FeatureSource features, String modality, String space, FrozenDecoder decoder, Path model) {}

  TrainingOrder.Outcome run() {
    context.onInterruption(() -> interrupted.set(true));
    List<Sample> samples = SampleFile.read(order.data());
    Found found;
    try (HostOperations host = connect()) {
      found = found(host, samples);
    }
    var training = new SampleTraining(found.decoder(), found.features(), samples);
    ProjectionShape shape = training.shape(kind);
    AdapterTraining.Result result = train(training, shape, found, samples.size());
    Path checkpoint = order.folder().resolve("checkpoint");
    new AdapterCheckpoint(found.modality(), order.encoder(), found.space(), order.model())
        .write(checkpoint, shape, result.best(), found.decoder(), found.features());
    Path curve = order.folder().resolve("curve.png");
    CurvePicture.write(curve, order.id(), result.curve());
    try (HostOperations host = connect()) {
      host.importModel(
          ImportArguments.of(checkpoint.toString(), order.id()), CommandContext.longCall());
    }
    LearningCurve.Point best = result.curve().best().orElseThrow();
    return new TrainingOrder.Outcome(
        order.id(),
        kind.id(),
        order.encoder(),
        order.model(),
        shape.rows(),
        samples.size(),
        result.steps(),
        best.validationLoss(),
        best.exactMatch(),
        (System.nanoTime() - begun) / 1e9,
        checkpoint.toString(),
        curve.toString());
  }

  private Found found(HostOperations host, List<Sample> samples) {
    ModelDetails model = host.inspectModel(new Name(order.model()), CommandContext.usualCall());
    ModelDetails encoder = host.inspectModel(new Name(order.encoder()), CommandContext.usualCall());
    String modality =
        encoder.model().modalities().stream()
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "--encoder must name an encoder; %s reads nothing"
                            .formatted(order.encoder())));
    FrozenDecoder decoder = FrozenDecoder.read(Path.of(model.folder()));
    Path cache =
        context
            .options()
            .home()
            .resolve("training")
            .resolve("features")
            .resolve(order.encoder() + "-" + encoder.model().version());
    var folder = new FeatureFolder(cache, file -> encode(host, modality, file));
    List<Path> media = SampleTraining.media(samples);
    var progress = new ProgressLine(context.err(), context.isTerminal());
    FeatureSource features =
        folder.of(
            media,
            encoder.model().architecture(),
            count -> {
              requireGoing();
              progress.show(count, media.size(), "%d/%d media".formatted(count, media.size()));
            });
    progress.clear();
    return new Found(features, modality, encoder.model().space(), decoder, Path.of(model.folder()));
  }

  private FeatureFolder.Found encode(HostOperations host, String modality, Path file) {
    ItemFeatures found =
        host.features(
            new FeatureArguments(
                Item.file(modality, file.toString()), order.encoder(), TOKEN_OUTPUT),
            CommandContext.usualCall());
    return new FeatureFolder.Found(
        floats(found.tokens()), found.width(), floats(found.embedding()));
  }

  private static float[] floats(byte[] bytes) {
    var floats = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
    return floats;
  }

  private AdapterTraining.Result train(
      SampleTraining training, ProjectionShape shape, Found found, int samples) {
    int perEpoch = Math.max(1, samples / order.batch());
    int steps =
        order.steps() != null ? order.steps() : Math.multiplyExact(perEpoch, order.epochs());
    var settings =
        new SampleTraining.Settings(kind, steps, order.batch(), order.rate(), order.patience());
    var progress = new ProgressLine(context.err(), context.isTerminal());
    ModelPackage model =
        new ModelPackage(
            ModelManifestJson.read(found.model().resolve(ModelManifestJson.FILE_NAME)),
            found.model());
    try (var lessons =
        new ChatLessons(
            model, found.decoder().shape().vocabulary(), found.modality(), shape.rows())) {
      return training.run(
          settings, lessons, order.folder(), order.resume(), new Shown(progress, steps));
    } finally {
      progress.clear();
    }
  }

  private HostOperations connect() {
    return context.connect(true);
  }

  private void requireGoing() {
    if (interrupted.get()) {
      throw new CancellationException(
          "stopped; what was reached at the last look is kept, --resume goes on from there");
    }
  }

  /** A bar with loss, rate and what is left. */
  private final class Shown implements AdapterTraining.Listener {
    private final ProgressLine progress;
    private final int steps;
    private String match = "";

    Shown(ProgressLine progress, int steps) {
      this.progress = progress;
      this.steps = steps;
    }

    @Override
    public void stepped(int step, double loss, double lessonsPerSecond) {
      requireGoing();
      double left = (steps - step) * order.batch() / Math.max(lessonsPerSecond, 1e-9);
      progress.show(
          step,
          steps,
          String.format(
              Locale.ROOT,
              "step %d/%d, loss %.3f%s, %.0f samples/s, %s left",
              step,
              steps,
              loss,
              match,
              lessonsPerSecond,
              ProgressLine.clock(Duration.ofMillis((long) (left * 1000)))));
    }

    @Override
    public void looked(LearningCurve.Point point) {
      match = String.format(Locale.ROOT, ", %.1f %% held out", 100 * point.exactMatch());
    }
  }
}
