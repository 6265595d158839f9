package io.sensorium.host.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.sensorium.host.operations.Arguments.ImportArguments;
import io.sensorium.host.operations.Arguments.Name;
import io.sensorium.host.operations.Arguments.PlanArguments;
import io.sensorium.host.operations.Arguments.VerifyArguments;
import io.sensorium.host.operations.Call;
import io.sensorium.host.operations.HostOperations;
import io.sensorium.host.operations.Results.Graph;
import io.sensorium.host.operations.Results.Model;
import io.sensorium.host.operations.Results.ModelDetails;
import io.sensorium.host.operations.Results.Models;
import io.sensorium.host.operations.Results.Verification;
import io.sensorium.models.catalogue.Catalogue;
import io.sensorium.models.hub.HubSnapshot;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "models",
    description = "Lists, installs, inspects, plans, verifies and removes models.")
final class ModelsCommand implements Runnable {
  @Spec private CommandSpec spec;

  private final CommandContext context;

  ModelsCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "models needs list, import, inspect, plan, verify or remove");
  }

  @Command(name = "list", description = "Lists installed models, or those one could import.")
  int list(
      @Option(
              names = "--available",
              description = "Well-known models with their terms, size and memory.")
          boolean available) {
    if (available) {
      Catalogue catalogue = Catalogue.read();
      if (context.options().json()) {
        context.printJson(CatalogueTable.json(catalogue));
      } else {
        CatalogueTable.print(catalogue, context.out());
      }
      return ExitCode.OK;
    }
    return context.answer(false, (host, call) -> host.models(call), this::print);
  }

  @Command(name = "import", description = "Installs a checkpoint or a model package.")
  int importModel(
      @Parameters(
              paramLabel = "SOURCE",
              description =
                  "A folder, a package as a zip, hf:ORG/NAME[@REVISION], or a name from"
                      + " 'models list --available'.")
          String source,
      @Option(
              names = {"--id", "--to"},
              paramLabel = "ID",
              description = "What to call a checkpoint (default: its own name).")
          String id,
      @Option(
              names = "--space",
              paramLabel = "NAME[@VERSION]",
              description = "The space of a checkpoint's embeddings (default: one of its own).")
          String space,
      @Option(
              names = {"--accept-licence", "--accept-non-commercial"},
              description = "Take models whose licence forbids commercial use.")
          boolean acceptNonCommercial,
      @Option(
              names = "--precision",
              paramLabel = "P",
              description =
                  "fp32 (default): as published; fp16: half the size; int8: a quarter, and faster on CPUs; int4: a sixth.")
          String precision,
      @Option(
              names = "--accept-parity",
              paramLabel = "COSINE",
              description =
                  "Take a lower precision whose embeddings keep this cosine with fp32 (default: 0.995; int4: 0.95).")
          Double leastCosine,
      @Option(
              names = "--base",
              paramLabel = "ID",
              description =
                  "The installed model that a LoRA is for (default: what its configuration names).")
          String base) {
    ImportSource.Found found = new ImportSource(context).find(source, acceptNonCommercial);
    ImportArguments arguments =
        Usage.sensible(
            spec,
            () ->
                new ImportArguments(
                    found.path().toString(),
                    id == null ? found.id().orElse(null) : id,
                    space,
                    acceptNonCommercial,
                    precision,
                    leastCosine,
                    found.licence(),
                    base));
    return context.answer(
        false,
        CommandContext.longCall(),
        (host, call) -> imported(host, arguments, found, call),
        result -> print(new Models(List.of(result.model()))),
        result -> ExitCode.OK);
  }

  private Imported imported(
      HostOperations host, ImportArguments arguments, ImportSource.Found found, Call call) {
    Model model = host.importModel(arguments, call);
    if (host.inspectModel(new Name(model.id()), call).commercialUse() == null) {
      context.warn(
          "the terms of %s are not known (licence '%s'): check them before commercial use"
              .formatted(model.id(), model.licence()));
    }
    return new Imported(
        model,
        found.snapshot().map(snapshot -> snapshot.reference().toString()).orElse(null),
        found.snapshot().map(HubSnapshot::commit).orElse(null));
  }

  /** {@code models import --json}: the model, and where the hub had it. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Imported(@JsonUnwrapped Model model, String source, String commit) {}

  @Command(name = "inspect", description = "Shows what a model declares.")
  int inspect(@Parameters(paramLabel = "ID", description = "The model's id.") String id) {
    return context.answer(
        false, (host, call) -> host.inspectModel(new Name(id), call), this::print);
  }

  @Command(
      name = "plan",
      description = "Says what memory a checkpoint or model takes, before it is loaded.")
  int plan(
      @Parameters(paramLabel = "DIR|ID", description = "A folder, or an installed model's id.")
          String named,
      @Option(
              names = "--precision",
              paramLabel = "P",
              description = "Of a checkpoint's graphs: fp32 (default), fp16, int8 or int4.")
          String precision,
      @Option(
              names = "--batch",
              paramLabel = "N",
              defaultValue = "1",
              description = "Items in one run (default: ${DEFAULT-VALUE}).")
          int batch) {
    Path path = Path.of(named).toAbsolutePath().normalize();
    boolean folder = Files.isDirectory(path);
    PlanArguments arguments =
        Usage.sensible(
            spec,
            () ->
                new PlanArguments(
                    folder ? path.toString() : null, folder ? null : named, precision, batch));
    return context.answer(
        false,
        (host, call) -> host.planModel(arguments, call),
        plan -> new PlanTable(context.out()).print(plan));
  }

  @Command(name = "verify", description = "Runs a model against recorded inputs and outputs.")
  int verify(
      @Parameters(paramLabel = "ID", description = "The model's id.") String id,
      @Option(
              names = "--golden",
              paramLabel = "FILE",
              description = "A recording (safetensors) instead of the package's own.")
          Path golden) {
    String recording = golden == null ? null : golden.toAbsolutePath().normalize().toString();
    return context.answer(
        false,
        CommandContext.longCall(),
        (host, call) -> host.verifyModel(new VerifyArguments(id, recording), call),
        this::print,
        result -> result.passed() ? ExitCode.OK : ExitCode.FAILURE);
  }

  @Command(name = "remove", description = "Removes a model; its encoder finishes first.")
  int remove(@Parameters(paramLabel = "ID", description = "The model's id.") String id) {
    return context.answer(
        false,
        (host, call) -> host.removeModel(new Name(id), call),
        removal -> context.out().println("removed " + removal.removed()));
  }

  private void print(Models models) {
    Tables.print(
        context.out(),
        List.of("id", "version", "modality", "space", "architecture", "size", "licence"),
        models.models().stream()
            .map(
                model ->
                    List.of(
                        model.id(),
                        model.version(),
                        String.join(", ", model.modalities()),
                        model.space(),
                        model.architecture(),
                        Tables.bytes(model.bytes()),
                        model.licence()))
            .toList());
    models
        .refused()
        .forEach(
            refusal ->
                context.out().println("refused: " + refusal.source() + ": " + refusal.reason()));
  }

  private void print(ModelDetails details) {
    PrintWriter out = context.out();
    Model model = details.model();
    line("model", model.id() + " " + model.version());
    line("task", model.task());
    line("architecture", model.architecture());
    line("space", model.space());
    line("licence", model.licence() + terms(details.commercialUse()));
    line("folder", details.folder());
    details.graphs().forEach(this::print);
    line("calibration", details.calibration().toString());
    details
        .files()
        .forEach(
            file ->
                line(
                    "file",
                    "%s  %s  %s"
                        .formatted(file.sha256(), file.path(), Tables.bytes(file.bytes()))));
    out.flush();
  }

  private void print(Graph graph) {
    line("graph", graph.name());
    if (!graph.modality().isEmpty()) {
      line("  modality", graph.modality());
    }
    graph.inputs().forEach(t -> line("  input", t.name() + " " + t.signature()));
    graph.outputs().forEach(t -> line("  output", t.name() + " " + t.signature()));
    line("  preprocessing", graph.preprocessing().toString());
  }

  private static String terms(Boolean commercialUse) {
    return commercialUse == null
        ? " (terms not known)"
        : commercialUse ? "" : " (no commercial use)";
  }

  private void line(String what, String value) {
    context.out().printf("%-14s %s%n", what, value);
  }

  private void print(Verification result) {
    List<List<String>> rows =
        result.outputs().stream()
            .map(
                output ->
                    List.of(
                        output.name(),
                        String.format(Locale.ROOT, "%.2e", output.maxAbs()),
                        String.format(Locale.ROOT, "%.2e", output.meanAbs()),
                        String.format(Locale.ROOT, "%.6f", output.cosine())))
            .toList();
    if (!rows.isEmpty()) {
      Tables.print(context.out(), List.of("output", "max abs", "mean abs", "cosine"), rows);
    }
    result.skipped().forEach(name -> context.out().println("skipped " + name));
    context.out().println(result.model() + (result.passed() ? " passed" : " FAILED"));
  }
}
