package io.sensorium.host.cli;

import io.sensorium.host.operations.HostOperations;
import io.sensorium.host.operations.Results.Health;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
    name = "doctor",
    description =
        "Shows devices, versions, memory, index and encoders, and what is wrong with them.")
final class DoctorCommand implements Callable<Integer> {
  private final CommandContext context;

  DoctorCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    return context.answer(
        false,
        CommandContext.usualCall(),
        HostOperations::doctor,
        this::print,
        health -> health.healthy() ? ExitCode.OK : ExitCode.FAILURE);
  }

  private void print(Health health) {
    PrintWriter out = context.out();
    health.versions().forEach((what, version) -> line("version", what + " " + version));
    health
        .devices()
        .forEach(
            device ->
                line(
                    "device",
                    "%s %s: %s"
                        .formatted(
                            device.name(), device.usable() ? "usable" : "no", device.detail())));
    line("configured", health.configuredDevice());
    if (health.index() != null) {
      line("index", "%,d items".formatted(health.index().items()));
      line("distances", health.index().arithmetic());
    }
    line(
        "memory",
        "%s of %s heap used; machine %s of %s free"
            .formatted(
                Tables.bytes(health.memory().heapUsed()),
                Tables.bytes(health.memory().heapMaximum()),
                Tables.bytes(health.memory().machineFree()),
                Tables.bytes(health.memory().machineTotal())));
    line(
        "home",
        "%s, %s free, process %d"
            .formatted(
                health.home().path(),
                Tables.bytes(health.home().freeDiskBytes()),
                health.home().process()));
    health.models().forEach(model -> line("model", model));
    health
        .encoders()
        .forEach(
            encoder ->
                line(
                    "encoder",
                    "%s by %s into %s@%s (%d): %s%s"
                        .formatted(
                            encoder.modality(),
                            encoder.model(),
                            encoder.space(),
                            encoder.spaceVersion(),
                            encoder.dimension(),
                            encoder.state(),
                            encoder.provider().isEmpty() ? "" : " on " + encoder.provider())));
    health
        .checks()
        .forEach(
            check ->
                line(
                    "check",
                    "%s %s: %s"
                        .formatted(
                            check.name(), check.status(), String.join("; ", check.messages()))));
    health.problems().forEach(problem -> line("PROBLEM", problem));
    out.println(health.healthy() ? "All is well." : "Problems: " + health.problems().size());
  }

  private void line(String what, String value) {
    context.out().printf("%-11s %s%n", what, value);
  }
}
