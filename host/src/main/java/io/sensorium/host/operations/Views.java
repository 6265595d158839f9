package io.sensorium.host.operations;

import io.sensorium.api.Modality;
import io.sensorium.api.language.LanguageModelStatus;
import io.sensorium.api.language.LanguageModelStatus.Load;
import io.sensorium.api.language.LanguageModelStatus.Work;
import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.ModelFile;
import io.sensorium.api.model.ModelLicence;
import io.sensorium.api.model.ModelLicence.CommercialUse;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.ModelPlan;
import io.sensorium.api.model.RefusedModel;
import io.sensorium.api.model.VerificationReport;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.EncoderStatus;
import io.sensorium.api.tensor.TensorSpec;
import io.sensorium.host.api.BundleStatus;
import io.sensorium.host.api.Diagnosis;
import io.sensorium.host.api.LifecycleJournal;
import io.sensorium.host.api.ReembeddingStatus;
import io.sensorium.host.operations.Results.Bundle;
import io.sensorium.host.operations.Results.Check;
import io.sensorium.host.operations.Results.Comparison;
import io.sensorium.host.operations.Results.Device;
import io.sensorium.host.operations.Results.Embeddings;
import io.sensorium.host.operations.Results.Encoder;
import io.sensorium.host.operations.Results.FailedItem;
import io.sensorium.host.operations.Results.File;
import io.sensorium.host.operations.Results.Graph;
import io.sensorium.host.operations.Results.GraphPlan;
import io.sensorium.host.operations.Results.Health;
import io.sensorium.host.operations.Results.Home;
import io.sensorium.host.operations.Results.Index;
import io.sensorium.host.operations.Results.KeptItem;
import io.sensorium.host.operations.Results.LanguageModel;
import io.sensorium.host.operations.Results.Memory;
import io.sensorium.host.operations.Results.Model;
import io.sensorium.host.operations.Results.ModelDetails;
import io.sensorium.host.operations.Results.Plan;
import io.sensorium.host.operations.Results.PluggedIn;
import io.sensorium.host.operations.Results.Progress;
import io.sensorium.host.operations.Results.Reembedding;
import io.sensorium.host.operations.Results.Refusal;
import io.sensorium.host.operations.Results.SpaceChange;
import io.sensorium.host.operations.Results.TensorSignature;
import io.sensorium.host.operations.Results.Verification;
import io.sensorium.host.query.Embedder.Outcome;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** Shows the API's values as results that travel. */
final class Views {
  private Views() {}

  static Embeddings embeddings(List<Outcome> outcomes) {
    List<List<Float>> vectors = new ArrayList<>();
    List<FailedItem> failed = new ArrayList<>();
    Optional<Embedding> any = Optional.empty();
    for (Outcome outcome : outcomes) {
      any = any.or(outcome::embedding);
      outcome
          .failure()
          .ifPresent(failure -> failed.add(new FailedItem(vectors.size(), reason(failure))));
      vectors.add(outcome.embedding().map(Views::components).orElse(null));
    }
    return new Embeddings(
        any.map(embedding -> embedding.space().name()).orElse(null),
        any.map(embedding -> embedding.space().version()).orElse(null),
        any.map(Embedding::dimension).orElse(0),
        vectors,
        failed);
  }

  private static String reason(RuntimeException failure) {
    return Objects.requireNonNullElse(failure.getMessage(), failure.toString());
  }

  static List<Float> components(Embedding embedding) {
    FloatBuffer values = embedding.values();
    List<Float> components = new ArrayList<>(values.remaining());
    while (values.hasRemaining()) {
      components.add(values.get());
    }
    return components;
  }

  /** The components as float32 in little-endian order. */
  static byte[] bytes(Embedding embedding) {
    FloatBuffer values = embedding.values();
    ByteBuffer bytes =
        ByteBuffer.allocate(values.remaining() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  static Model model(ModelPackage model) {
    ModelManifest manifest = model.manifest();
    return new Model(
        manifest.id(),
        manifest.version(),
        manifest.task(),
        manifest.architecture(),
        manifest.graphs().stream()
            .flatMap(graph -> graph.modality().stream())
            .map(Modality::name)
            .toList(),
        manifest.space().map(Object::toString).orElse(""),
        manifest.licence().name(),
        manifest.files().stream().mapToLong(ModelFile::bytes).sum());
  }

  static LanguageModel languageModel(LanguageModelStatus status) {
    Load load = status.load();
    Work work = status.work();
    return new LanguageModel(
        status.model(),
        status.modelVersion(),
        status.open(),
        load.sequences(),
        load.taken(),
        load.kept(),
        load.running(),
        load.waiting(),
        load.promptBacklog(),
        load.tokensPerSecond(),
        work.requests(),
        work.runs(),
        work.promptTokens(),
        work.rememberedTokens(),
        work.prefixHits(),
        work.answerTokens());
  }

  static Refusal refusal(RefusedModel refused) {
    return new Refusal(
        refused.source(),
        refused.model(),
        refused.version(),
        refused.step().name(),
        refused.reason(),
        refused.bundleId());
  }

  static ModelDetails modelDetails(ModelPackage model) {
    ModelManifest manifest = model.manifest();
    return new ModelDetails(
        model(model),
        commercialUse(manifest.licence()),
        model.folder().toString(),
        manifest.graphs().stream().map(Views::graph).toList(),
        manifest.calibration().asMap(),
        manifest.files().stream()
            .map(file -> new File(file.path(), file.bytes(), file.sha256()))
            .toList());
  }

  private static Boolean commercialUse(ModelLicence licence) {
    return licence.commercialUse() == CommercialUse.UNKNOWN
        ? null
        : licence.commercialUse() == CommercialUse.ALLOWED;
  }

  private static Graph graph(GraphManifest graph) {
    return new Graph(
        graph.name(),
        graph.modality().map(Modality::name).orElse(""),
        signatures(graph.inputs()),
        signatures(graph.outputs()),
        graph.preprocessing().asMap());
  }

  private static List<TensorSignature> signatures(List<TensorSpec> tensors) {
    return tensors.stream()
        .map(tensor -> new TensorSignature(tensor.name(), tensor.signature()))
        .toList();
  }

  static Plan plan(ModelPlan plan) {
    return new Plan(
        plan.architecture(),
        plan.parameters(),
        plan.estimate().isPresent() ? plan.estimate().getAsLong() : null,
        plan.bytes(),
        plan.kvBytesPerToken(),
        plan.stateBytes(),
        plan.batch(),
        plan.workingBytes(),
        plan.trainingBytes(),
        plan.graphs().stream()
            .map(
                graph ->
                    new GraphPlan(
                        graph.name(),
                        graph.memory().parameters(),
                        graph.memory().weightBytes(),
                        graph.memory().workingBytes()))
            .toList());
  }

  static Verification verification(VerificationReport report) {
    return new Verification(
        report.model(),
        report.passed(),
        report.outputs().stream()
            .map(o -> new Comparison(o.name(), o.maxAbs(), o.meanAbs(), o.cosine()))
            .toList(),
        report.skipped());
  }

  static Reembedding reembedding(ReembeddingStatus status) {
    return new Reembedding(
        status.state().name().toLowerCase(Locale.ROOT),
        status.changes().stream()
            .map(c -> new SpaceChange(c.from(), c.to(), c.modality(), c.items(), c.waitingFor()))
            .toList(),
        status.moved(),
        status.removed(),
        status.perSecond(),
        status.remainingSeconds(),
        status.kept().stream().map(kept -> new KeptItem(kept.id(), kept.reason())).toList(),
        status.dropped());
  }

  static Progress progress(ReembeddingStatus status) {
    long left = status.changes().stream().mapToLong(ReembeddingStatus.Change::items).sum();
    long done = status.moved() + status.removed();
    return new Progress(done, done + left, status.perSecond(), status.remainingSeconds());
  }

  static Bundle bundle(BundleStatus bundle) {
    return new Bundle(
        bundle.id(),
        bundle.name(),
        bundle.version(),
        bundle.state(),
        lowerCase(bundle.origin()),
        bundle.step().name(),
        bundle.since().toString(),
        bundle.swap().map(Enum::name).orElse(null),
        bundle.reason().isEmpty() ? null : bundle.reason(),
        pluggedIn(bundle.brought()));
  }

  static List<PluggedIn> pluggedIn(List<LifecycleJournal.Entry> entries) {
    return entries.stream()
        .map(
            entry ->
                new PluggedIn(
                    lowerCase(entry.plugIn().kind()),
                    entry.plugIn().name(),
                    entry.plugIn().version(),
                    entry.plugIn().bundleId(),
                    entry.step().name(),
                    entry.since().toString(),
                    entry.swap().map(Enum::name).orElse(null),
                    entry.reason().isEmpty() ? null : entry.reason(),
                    entry.failedIn().map(Enum::name).orElse(null)))
        .toList();
  }

  private static String lowerCase(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  static Health health(Diagnosis diagnosis) {
    Diagnosis.Memory memory = diagnosis.memory();
    return new Health(
        diagnosis.problems().isEmpty(),
        diagnosis.problems(),
        diagnosis.versions(),
        diagnosis.configuredDevice(),
        diagnosis.devices().stream()
            .map(device -> new Device(device.name(), device.usable(), device.detail()))
            .toList(),
        diagnosis
            .index()
            .map(
                health ->
                    new Index(
                        diagnosis.indexedItems(),
                        health.writable(),
                        health.problem(),
                        health.vectorised(),
                        health.arithmetic()))
            .orElse(null),
        new Memory(
            memory.heapUsed(), memory.heapMaximum(), memory.machineFree(), memory.machineTotal()),
        new Home(
            diagnosis.home().toString(), diagnosis.freeDiskBytes(), ProcessHandle.current().pid()),
        diagnosis.models(),
        diagnosis.encoders().stream().map(Views::encoder).toList(),
        diagnosis.checks().stream()
            .map(check -> new Check(check.name(), check.status(), check.messages()))
            .toList());
  }

  private static Encoder encoder(EncoderStatus encoder) {
    return new Encoder(
        encoder.modality().name(),
        encoder.space().name(),
        encoder.space().version(),
        encoder.dimension(),
        encoder.model(),
        encoder.modelVersion(),
        encoder.state().name(),
        encoder.provider(),
        encoder.requests(),
        encoder.meanBatch(),
        encoder.step().name(),
        encoder.swap().map(Enum::name).orElse(""),
        encoder.reason(),
        encoder.bundleId());
  }
}
