package io.sensorium.host.cli;

import io.sensorium.host.api.HostStartException;
import io.sensorium.host.api.ReembeddingOptions;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.api.SensoriumOptions;
import io.sensorium.host.hotplug.DeployFolder;
import io.sensorium.host.launch.Problems;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "run",
    description = "Keeps a host running: serves other commands, watches the home's deploy folder.")
final class RunCommand implements Callable<Integer> {
  private static final Duration STILL_BEING_COPIED = Duration.ofMillis(1_500);

  @Option(names = "--shell", description = "Open an interactive shell on this terminal.")
  private boolean shell;

  @Option(
      names = "--reembed-share",
      paramLabel = "SHARE",
      description =
          "How much of the machine embedding items again may take when a space changes its"
              + " version, above 0 and at most 1 (default: ${DEFAULT-VALUE}).")
  private double reembeddingShare = ReembeddingOptions.DEFAULT.share();

  @Option(
      names = "--keep-space",
      paramLabel = "SPACE",
      description = "A space, or NAME@VERSION, whose older versions stay in service.")
  private Set<String> keptSpaces = new HashSet<>();

  @Spec private CommandSpec spec;

  private final CommandContext context;

  RunCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    SensoriumOptions settings =
        Usage.sensible(
            spec,
            () ->
                HomeConnector.settings(context.options())
                    .withoutAwaitingEncoders()
                    .reembedding(
                        ReembeddingOptions.DEFAULT.onShare(reembeddingShare).keeping(keptSpaces)));
    try (Sensorium sensorium = Sensorium.start(shell ? settings.withShell() : settings)) {
      Thread waiting = Thread.currentThread();
      Runnable closing = sensorium::close;
      context.onInterruption(
          () -> {
            closing.run();
            waiting.interrupt();
          });
      serve(sensorium, settings);
    } catch (RuntimeException e) {
      // Whoever waited for something of a host that was told to stop did not fail.
      if (!context.isInterrupted()) {
        throw e;
      }
    }
    return ExitCode.OK;
  }

  private void serve(Sensorium sensorium, SensoriumOptions settings) {
    sensorium.requireDevice();
    awaitEncoders(sensorium);
    sensorium.serve();
    announce(settings);
    serveUntilClosed(sensorium, settings.home().resolve("deploy"));
  }

  /** A host without encoders stays: bundles and models that bring some can be installed into it. */
  private void awaitEncoders(Sensorium sensorium) {
    try {
      sensorium.awaitEncoders(sensorium.options().startTimeout());
    } catch (HostStartException e) {
      if (!context.isInterrupted()) {
        context.err().println("sensorium: " + Problems.line(e));
      }
    }
  }

  private void serveUntilClosed(Sensorium sensorium, Path deploy) {
    try (ScheduledExecutorService watch =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("sensorium-deploy-watch").factory())) {
      Set<String> told = new HashSet<>();
      Future<?> watching =
          watch.scheduleWithFixedDelay(
              () -> tellProblems(sensorium, deploy, told), 0, 1, TimeUnit.SECONDS);
      sensorium.awaitClose();
      watching.cancel(false);
    }
  }

  private void tellProblems(Sensorium sensorium, Path deploy, Set<String> told) {
    List<String> problems = new ArrayList<>(DeployFolder.problems(deploy, STILL_BEING_COPIED));
    sensorium
        .lifecycle()
        .quarantined()
        .forEach(
            entry ->
                problems.add(
                    "the %s is in quarantine: %s".formatted(entry.plugIn(), entry.reason())));
    told.retainAll(problems);
    problems.stream()
        .filter(told::add)
        .forEach(problem -> context.err().println("sensorium: " + problem));
  }

  private void announce(SensoriumOptions settings) {
    long process = ProcessHandle.current().pid();
    if (context.options().json()) {
      context.printJson(
          Map.of(
              "home", settings.home().toString(), "process", process, "device", settings.device()));
    } else {
      context
          .out()
          .printf(
              "Serving %s as process %d on %s. Drop bundles into %s; Ctrl-C stops.%n",
              settings.home(), process, settings.device(), settings.home().resolve("deploy"));
    }
    context.out().flush();
  }
}
