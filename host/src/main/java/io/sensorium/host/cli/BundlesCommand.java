package io.sensorium.host.cli;

import io.sensorium.host.operations.Arguments.JarArguments;
import io.sensorium.host.operations.Arguments.Name;
import io.sensorium.host.operations.Results.Bundle;
import io.sensorium.host.operations.Results.Bundles;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "bundles",
    description = "Lists, installs, updates and removes bundles, of a running host while it runs.")
final class BundlesCommand implements Runnable {
  @Spec private CommandSpec spec;

  private final CommandContext context;

  BundlesCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "bundles needs list, install, update or remove");
  }

  @Command(name = "list", description = "Lists bundles.")
  int list() {
    return context.answer(false, (host, call) -> host.bundles(call), this::print);
  }

  @Command(name = "install", description = "Installs and starts a bundle, and keeps it.")
  int install(@Parameters(paramLabel = "JAR", description = "The bundle.") Path jar) {
    return context.answer(
        false,
        CommandContext.longCall(),
        (host, call) -> host.installBundle(new JarArguments(null, absolute(jar)), call),
        this::printOne,
        installed -> ExitCode.OK);
  }

  @Command(name = "update", description = "Replaces a bundle by another version of it.")
  int update(
      @Parameters(paramLabel = "NAME", description = "Its symbolic name or number.") String name,
      @Parameters(paramLabel = "JAR", description = "The new version.") Path jar) {
    return context.answer(
        false,
        CommandContext.longCall(),
        (host, call) -> host.updateBundle(new JarArguments(name, absolute(jar)), call),
        this::printOne,
        updated -> ExitCode.OK);
  }

  @Command(name = "remove", description = "Removes a bundle.")
  int remove(
      @Parameters(paramLabel = "NAME", description = "Its symbolic name or number.") String name) {
    return context.answer(
        false,
        (host, call) -> host.removeBundle(new Name(name), call),
        removal -> {
          context.out().println("removed " + removal.removed());
          if (removal.then() != null) {
            context.out().println(removal.then());
          }
        });
  }

  private static String absolute(Path path) {
    return path.toAbsolutePath().normalize().toString();
  }

  private void printOne(Bundle bundle) {
    print(List.of(bundle));
  }

  private void print(Bundles bundles) {
    print(bundles.bundles());
    bundles.leaving().stream()
        .filter(leaving -> !leaving.step().equals("PROVE"))
        .forEach(
            leaving ->
                context
                    .out()
                    .printf(
                        "%s %s is leaving: %s%n",
                        leaving.name(), leaving.version(), leaving.step()));
    bundles
        .quarantined()
        .forEach(
            refused ->
                context
                    .out()
                    .printf(
                        "%s %s is in quarantine: %s%n",
                        refused.name(), refused.version(), refused.reason()));
  }

  private void print(List<Bundle> bundles) {
    Tables.print(
        context.out(),
        List.of("id", "state", "step", "swap", "origin", "version", "name"),
        bundles.stream()
            .map(
                bundle ->
                    List.of(
                        Long.toString(bundle.id()),
                        bundle.state(),
                        bundle.step(),
                        bundle.swap() == null ? "" : bundle.swap(),
                        bundle.origin(),
                        bundle.version(),
                        bundle.name()))
            .toList());
  }
}
