package io.sensorium.host.operations;

import io.sensorium.api.ServiceGoneException;
import io.sensorium.api.language.TextGenerator;
import io.sensorium.api.model.ModelImporter;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.ModelRepository.InstallPolicy;
import io.sensorium.api.model.Precision;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.operations.Arguments.ImportArguments;
import io.sensorium.host.operations.Arguments.MemoryArguments;
import io.sensorium.host.operations.Arguments.Name;
import io.sensorium.host.operations.Arguments.PlanArguments;
import io.sensorium.host.operations.Arguments.VerifyArguments;
import io.sensorium.host.operations.MemoryResults.Upgrade;
import io.sensorium.host.operations.Results.LanguageModel;
import io.sensorium.host.operations.Results.Model;
import io.sensorium.host.operations.Results.ModelDetails;
import io.sensorium.host.operations.Results.Models;
import io.sensorium.host.operations.Results.Plan;
import io.sensorium.host.operations.Results.Removal;
import io.sensorium.host.operations.Results.Verification;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Lists, brings, checks and removes model packages, and shows them as results. Thread-safe. */
final class InstalledModels {
  private final Sensorium sensorium;
  private final Spaces spaces;

  InstalledModels(Sensorium sensorium, Spaces spaces) {
    this.sensorium = sensorium;
    this.spaces = spaces;
  }

  Models list() {
    return new Models(
        sensorium.models().packages().stream().map(Views::model).toList(),
        sensorium.models().refused().stream().map(Views::refusal).toList(),
        languageModels());
  }

  /** What they do; none if nothing in this host speaks. */
  private List<LanguageModel> languageModels() {
    try {
      return sensorium.service(TextGenerator.class).models().stream()
          .map(Views::languageModel)
          .toList();
    } catch (ServiceGoneException none) {
      return List.of();
    }
  }

  ModelDetails inspect(Name name) {
    return Views.modelDetails(installed(name.name()));
  }

  /** Installs a package, or a checkpoint as one. */
  Model bring(ImportArguments arguments) {
    InstallPolicy policy = new InstallPolicy(arguments.acceptNonCommercial());
    Path path = AbsolutePath.of(arguments.path());
    boolean checkpoint = Files.isDirectory(path) && !Files.exists(path.resolve("model.json"));
    ModelPackage installed =
        checkpoint
            ? new CheckpointInstaller(sensorium).install(path, arguments, policy)
            : sensorium.models().install(path, policy);
    sensorium.reembedding().tidy();
    return Views.model(installed);
  }

  Plan plan(PlanArguments arguments) {
    Path folder =
        arguments.path() == null
            ? installed(arguments.model()).folder()
            : AbsolutePath.of(arguments.path());
    return Views.plan(
        sensorium
            .service(ModelImporter.class)
            .plan(folder, precision(arguments.precision()), arguments.batch()));
  }

  Verification verify(VerifyArguments arguments) {
    Optional<Path> golden = Optional.ofNullable(arguments.golden()).map(AbsolutePath::of);
    return Views.verification(sensorium.models().verify(arguments.model(), golden));
  }

  Removal remove(Name name) {
    if (!sensorium.models().remove(name.name())) {
      throw spaces.noSuchModel(name.name());
    }
    return new Removal(name.name());
  }

  /** How the model of a memory report would fit, if one was asked about. */
  Optional<Upgrade> upgrade(MemoryArguments arguments) {
    UpgradePlanner planner = new UpgradePlanner(sensorium);
    if (arguments.model() != null) {
      return Optional.of(planner.plan(installed(arguments.model())));
    }
    return Optional.ofNullable(arguments.path())
        .map(path -> planner.plan(AbsolutePath.of(path), precision(arguments.precision())));
  }

  private ModelPackage installed(String id) {
    return sensorium.models().find(id).orElseThrow(() -> spaces.noSuchModel(id));
  }

  private static Precision precision(String named) {
    return Optional.ofNullable(named).map(Precision::parse).orElse(Precision.FLOAT32);
  }
}
