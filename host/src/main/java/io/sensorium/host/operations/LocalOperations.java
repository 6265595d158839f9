package io.sensorium.host.operations;

import io.sensorium.api.Modality;
import io.sensorium.api.index.MediaIndex;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.memory.MemoryLedger;
import io.sensorium.api.memory.MemoryReport;
import io.sensorium.api.space.EmbeddingService;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.api.space.FeatureService;
import io.sensorium.api.space.Features;
import io.sensorium.api.space.ZeroShotClassifier;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.host.api.BundleStatus;
import io.sensorium.host.api.IndexingReport;
import io.sensorium.host.api.LifecycleJournal;
import io.sensorium.host.api.SearchRequest;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.operations.Arguments.ClassifyArguments;
import io.sensorium.host.operations.Arguments.FeatureArguments;
import io.sensorium.host.operations.Arguments.ImportArguments;
import io.sensorium.host.operations.Arguments.IndexArguments;
import io.sensorium.host.operations.Arguments.Item;
import io.sensorium.host.operations.Arguments.Items;
import io.sensorium.host.operations.Arguments.JarArguments;
import io.sensorium.host.operations.Arguments.MemoryArguments;
import io.sensorium.host.operations.Arguments.Name;
import io.sensorium.host.operations.Arguments.PlanArguments;
import io.sensorium.host.operations.Arguments.ReembedArguments;
import io.sensorium.host.operations.Arguments.SearchArguments;
import io.sensorium.host.operations.Arguments.SpaceChoice;
import io.sensorium.host.operations.Arguments.VerifyArguments;
import io.sensorium.host.operations.GenerationArguments.Generate;
import io.sensorium.host.operations.MemoryResults.Ledger;
import io.sensorium.host.operations.Results.Bundle;
import io.sensorium.host.operations.Results.BundleRemoval;
import io.sensorium.host.operations.Results.Bundles;
import io.sensorium.host.operations.Results.Classification;
import io.sensorium.host.operations.Results.Embeddings;
import io.sensorium.host.operations.Results.Generated;
import io.sensorium.host.operations.Results.Health;
import io.sensorium.host.operations.Results.Hit;
import io.sensorium.host.operations.Results.Hits;
import io.sensorium.host.operations.Results.Indexing;
import io.sensorium.host.operations.Results.ItemFeatures;
import io.sensorium.host.operations.Results.Label;
import io.sensorium.host.operations.Results.LeftOut;
import io.sensorium.host.operations.Results.Model;
import io.sensorium.host.operations.Results.ModelDetails;
import io.sensorium.host.operations.Results.Models;
import io.sensorium.host.operations.Results.Plan;
import io.sensorium.host.operations.Results.Progress;
import io.sensorium.host.operations.Results.Reembedding;
import io.sensorium.host.operations.Results.Removal;
import io.sensorium.host.operations.Results.Verification;
import io.sensorium.host.query.Embedder;
import io.sensorium.host.query.Embedder.Outcome;
import io.sensorium.host.reembedding.Reembedder;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Answers with a host in this process, which it owns. Thread-safe. */
public final class LocalOperations implements HostOperations {
  private final Sensorium sensorium;
  private final Spaces spaces;
  private final InstalledModels models;
  private final Generations generations;

  public LocalOperations(Sensorium sensorium) {
    this.sensorium = sensorium;
    this.spaces = new Spaces(sensorium);
    this.models = new InstalledModels(sensorium, spaces);
    this.generations = new Generations(sensorium);
  }

  @Override
  public Indexing index(IndexArguments arguments, Call call) {
    List<Path> roots = arguments.paths().stream().map(AbsolutePath::of).toList();
    IndexingReport report =
        sensorium.index(
            roots,
            spaces.chosen(arguments.in()).orElse(sensorium.options().space()),
            state ->
                call.progress()
                    .accept(
                        new Progress(
                            state.done(),
                            state.total(),
                            state.filesPerSecond(),
                            state.remaining().toMillis() / 1000.0)),
            call.context());
    return new Indexing(
        report.indexed(),
        report.unchanged(),
        report.removed(),
        report.unreadable().stream().map(file -> new LeftOut(file.path(), file.reason())).toList(),
        report.took().toMillis() / 1000.0);
  }

  @Override
  public Hits search(SearchArguments arguments, Call call) {
    Set<Modality> among =
        arguments.modalities().stream().map(Modality::new).collect(Collectors.toSet());
    Optional<String> space = spaces.chosen(arguments.in());
    SearchRequest request =
        new SearchRequest(
            arguments.terms().stream()
                .map(term -> new SearchRequest.Term(read(term.item(), space), term.weight()))
                .toList(),
            arguments.hybrid(),
            among,
            arguments.where(),
            arguments.top());
    sensorium.service(MediaIndex.class).refresh();
    return new Hits(
        sensorium.search(request, call.context()).stream()
            .map(
                hit ->
                    new Hit(
                        hit.rank(),
                        hit.score(),
                        hit.entry().modality().name(),
                        hit.entry().path(),
                        hit.entry().id(),
                        hit.entry().metadata()))
            .toList());
  }

  @Override
  public Embeddings embed(Items arguments, Call call) {
    Optional<String> space =
        spaces.oneVersion(
            spaces.chosen(arguments.in()),
            arguments.items().stream().map(Item::modality).map(Modality::new).toList());
    List<Outcome> outcomes =
        new Embedder(() -> sensorium.service(EmbeddingService.class), call::context)
            .embedEach(
                arguments.items().stream()
                    .<Supplier<EncodeRequest>>map(item -> () -> read(item, space))
                    .toList());
    if (call.context().isCancelled()) {
      call.context().check("all items were embedded");
    }
    return Views.embeddings(outcomes);
  }

  @Override
  public ItemFeatures features(FeatureArguments arguments, Call call) {
    Optional<String> space = spaces.chosen(new SpaceChoice(null, arguments.encoder()));
    Features found =
        sensorium
            .service(FeatureService.class)
            .features(
                read(arguments.item(), space),
                Optional.of(arguments.tokenOutput()),
                call.context());
    if (!found.encoder().equals(arguments.encoder())) {
      throw new IllegalArgumentException(
          "%s was to encode '%s'; %s does in this host"
              .formatted(arguments.encoder(), arguments.item().file(), found.encoder()));
    }
    Tensor tokens = found.tokens().orElseThrow();
    return new ItemFeatures(
        found.encoder(),
        found.encoderVersion(),
        found.embedding().space().toString(),
        tokens.data().toArray(ValueLayout.JAVA_BYTE),
        Math.toIntExact(tokens.shape().dimension(1)),
        Views.bytes(found.embedding()));
  }

  @Override
  public Classification classify(ClassifyArguments arguments, Call call) {
    EncodeRequest item = read(arguments.item(), spaces.chosen(arguments.in()));
    return new Classification(
        sensorium
            .service(ZeroShotClassifier.class)
            .classify(item, arguments.labels(), call.context())
            .stream()
            .map(label -> new Label(label.label(), label.probability()))
            .toList());
  }

  @Override
  public Generated generate(Generate arguments, Call call) {
    return generations.generate(arguments, call);
  }

  @Override
  public Generated ask(AskArguments arguments, Call call) {
    List<EncodeRequest> media =
        arguments.media().stream().map(item -> read(item, Optional.empty())).toList();
    return generations.ask(arguments, media, call);
  }

  @Override
  public Models models(Call call) {
    return models.list();
  }

  @Override
  public ModelDetails inspectModel(Name name, Call call) {
    return models.inspect(name);
  }

  @Override
  public Model importModel(ImportArguments arguments, Call call) {
    return models.bring(arguments);
  }

  @Override
  public Plan planModel(PlanArguments arguments, Call call) {
    return models.plan(arguments);
  }

  @Override
  public Verification verifyModel(VerifyArguments arguments, Call call) {
    return models.verify(arguments);
  }

  @Override
  public Removal removeModel(Name name, Call call) {
    return models.remove(name);
  }

  @Override
  public Reembedding reembed(ReembedArguments arguments, Call call) {
    Reembedder reembedder = sensorium.reembedding();
    return switch (arguments.action()) {
      case STATUS -> Views.reembedding(reembedder.status());
      case PAUSE -> {
        reembedder.pause();
        yield Views.reembedding(reembedder.status());
      }
      case RESUME -> {
        reembedder.resume();
        yield Views.reembedding(reembedder.status());
      }
      case NOW -> moved(reembedder, false, call);
      case NOW_AND_FORGET -> moved(reembedder, true, call);
    };
  }

  private static Reembedding moved(Reembedder reembedder, boolean forget, Call call) {
    return Views.reembedding(
        reembedder.now(
            forget, status -> call.progress().accept(Views.progress(status)), call.context()));
  }

  @Override
  public Bundles bundles(Call call) {
    LifecycleJournal journal = sensorium.lifecycle();
    return new Bundles(
        sensorium.bundles().stream().map(Views::bundle).toList(),
        Views.pluggedIn(journal.quarantined()),
        Views.pluggedIn(journal.leaving()),
        journal.classLoadersRetained());
  }

  @Override
  public Bundle installBundle(JarArguments arguments, Call call) {
    return Views.bundle(sensorium.installBundle(AbsolutePath.of(arguments.jar())));
  }

  @Override
  public Bundle updateBundle(JarArguments arguments, Call call) {
    return Views.bundle(sensorium.updateBundle(arguments.name(), AbsolutePath.of(arguments.jar())));
  }

  @Override
  public BundleRemoval removeBundle(Name name, Call call) {
    Optional<BundleStatus> leaving =
        sensorium.bundles().stream().filter(bundle -> isNamed(bundle, name.name())).findFirst();
    sensorium.uninstallBundle(name.name());
    return new BundleRemoval(name.name(), leaving.flatMap(this::comesBack).orElse(null));
  }

  private static boolean isNamed(BundleStatus bundle, String nameOrNumber) {
    return bundle.name().equals(nameOrNumber) || Long.toString(bundle.id()).equals(nameOrNumber);
  }

  private Optional<String> comesBack(BundleStatus removed) {
    if (removed.origin() == BundleStatus.Origin.CARRIED) {
      return Optional.of(
          "%s %s comes with the host and is back at the next start"
              .formatted(removed.name(), removed.version()));
    }
    return sensorium.bundles().stream()
        .filter(bundle -> bundle.name().equals(removed.name()))
        .filter(bundle -> bundle.origin() == BundleStatus.Origin.CARRIED)
        .findFirst()
        .map(
            own ->
                "%s %s, which comes with the host, %s"
                    .formatted(
                        own.name(),
                        own.version(),
                        own.reason().isEmpty()
                            ? "serves again"
                            : "does not serve: " + own.reason()));
  }

  @Override
  public Health doctor(Call call) {
    return Views.health(sensorium.doctor());
  }

  @Override
  public Ledger memory(MemoryArguments arguments, Call call) {
    MemoryReport report = sensorium.service(MemoryLedger.class).report();
    return new Ledger(
        report.devices().stream().map(MemoryViews::account).toList(),
        MemoryViews.process(report.process()),
        models.upgrade(arguments).orElse(null));
  }

  @Override
  public void close() {
    sensorium.close();
  }

  private EncodeRequest read(Item item, Optional<String> space) {
    Modality modality = new Modality(item.modality());
    MediaInput input =
        item.text() != null
            ? MediaInput.ofText(item.text())
            : MediaInput.read(
                AbsolutePath.of(item.file()), sensorium.options().limits().maximumBytes());
    return new EncodeRequest(modality, input, space);
  }
}
