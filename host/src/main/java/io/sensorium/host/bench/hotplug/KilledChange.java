package io.sensorium.host.bench.hotplug;

import io.sensorium.api.lifecycle.LifecycleEvent;
import io.sensorium.api.model.ModelRepository.InstallPolicy;
import io.sensorium.host.api.LifecycleJournal.Listening;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.api.SensoriumOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** A process that makes one change and dies, as by kill -9, when a step of it is about to begin. */
public final class KilledChange {
  /** The status of a process that died as it should. */
  static final int KILLED = 137;

  static final String BUNDLE = "hotplug-probe";
  static final String MODEL = "hotplug-model";

  /** What is changed, from version 2 to version 3 or to and from nothing. */
  public enum Change {
    INSTALL_BUNDLE,
    UPDATE_BUNDLE,
    REMOVE_BUNDLE,
    INSTALL_MODEL,
    UPDATE_MODEL,
    REMOVE_MODEL;

    boolean isOfBundle() {
      return name().endsWith("BUNDLE");
    }

    /** Whether version 2 is there before. */
    boolean needsBefore() {
      return !name().startsWith("INSTALL");
    }

    /** Typed in lower case. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  private KilledChange() {}

  /**
   * Takes the home, the folder of plug-ins, the change, the number of the step before which to die,
   * and a file to which steps are appended.
   */
  public static void main(String[] arguments) throws IOException {
    Path plugIns = Path.of(arguments[1]);
    Change change = Change.valueOf(arguments[2]);
    int fatal = Integer.parseInt(arguments[3]);
    Path steps = Path.of(arguments[4]);
    AtomicInteger begun = new AtomicInteger();
    try (Sensorium sensorium = Sensorium.start(SensoriumOptions.at(Path.of(arguments[0])))) {
      if (change.needsBefore()) {
        // The first request opens an encoder outside the default space: changes concern it, too.
        sensorium.embed(ProbeTraffic.ask(1).request());
      }
      // Nobody listens to what the closing host does.
      Listening listening =
          sensorium
              .lifecycle()
              .listen(
                  event -> {
                    note(steps, event);
                    if (begun.incrementAndGet() == fatal) {
                      Runtime.getRuntime().halt(KILLED);
                    }
                  });
      make(change, sensorium, plugIns);
      listening.close();
    }
  }

  /** Makes a change. */
  static void make(Change change, Sensorium sensorium, Path plugIns) {
    switch (change) {
      case INSTALL_BUNDLE -> sensorium.installBundle(jar(plugIns, Subject.FIRST));
      case UPDATE_BUNDLE -> sensorium.updateBundle(BUNDLE, jar(plugIns, Subject.SECOND));
      case REMOVE_BUNDLE -> sensorium.uninstallBundle(BUNDLE);
      case INSTALL_MODEL ->
          sensorium.models().install(model(plugIns, Subject.FIRST), InstallPolicy.DEFAULT);
      case UPDATE_MODEL ->
          sensorium.models().install(model(plugIns, Subject.SECOND), InstallPolicy.DEFAULT);
      case REMOVE_MODEL -> sensorium.models().remove(MODEL);
    }
  }

  static Path jar(Path plugIns, int version) {
    return plugIns.resolve(BUNDLE + "-" + version + ".jar");
  }

  static Path model(Path plugIns, int version) {
    return plugIns.resolve(MODEL + "-" + version);
  }

  private static void note(Path file, LifecycleEvent event) {
    try {
      Files.writeString(
          file,
          event.plugIn().kind() + " " + event.step() + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
