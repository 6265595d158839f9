package io.sensorium.host.bench.hotplug;

import io.sensorium.host.api.PlugInPolicy;
import io.sensorium.host.bench.hotplug.plugin.FaultyActivator;
import io.sensorium.host.bench.hotplug.plugin.FaultyEncoder;
import io.sensorium.host.bench.hotplug.plugin.ProbeEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/** Ways in which a plug-in can be bad, each with what the reason must say. */
public enum BadPlugIn {
  THROWS_IN_START("throws when it starts") {
    @Override
    PlugInJar jar(ProbeModel model, Path folder) throws IOException {
      return activated(good(model, folder), "throws");
    }
  },
  HANGS_IN_START("") {
    @Override
    PlugInJar jar(ProbeModel model, Path folder) throws IOException {
      return activated(good(model, folder), "hangs");
    }
  },
  LEAVES_A_THREAD("leaves a thread behind") {
    @Override
    PlugInJar jar(ProbeModel model, Path folder) throws IOException {
      return activated(good(model, folder), "leaks");
    }
  },
  THROWS_IN_ACTIVATION("cannot be activated") {
    @Override
    PlugInJar jar(ProbeModel model, Path folder) throws IOException {
      return faulty(model, folder, "activation");
    }
  },
  THROWS_WHEN_OPENED("throws when it is opened") {
    @Override
    PlugInJar jar(ProbeModel model, Path folder) throws IOException {
      return faulty(model, folder, "throws");
    }
  },
  HANGS_WHEN_OPENED("") {
    @Override
    PlugInJar jar(ProbeModel model, Path folder) throws IOException {
      return faulty(model, folder, "hangs");
    }
  },
  EXHAUSTS_THE_HEAP("") {
    @Override
    PlugInJar jar(ProbeModel model, Path folder) throws IOException {
      return faulty(model, folder, "heap");
    }
  },
  OVERFLOWS_THE_STACK("StackOverflow") {
    @Override
    PlugInJar jar(ProbeModel model, Path folder) throws IOException {
      return faulty(model, folder, "stack");
    }
  },
  ANSWERS_NO_PREPROCESSOR("no preprocessor") {
    @Override
    PlugInJar jar(ProbeModel model, Path folder) throws IOException {
      return faulty(model, folder, "null");
    }
  },
  DOES_NOT_LINK("Absent") {
    @Override
    PlugInJar jar(ProbeModel model, Path folder) throws IOException {
      return faulty(model, folder, "linkage");
    }
  },
  IMPORTS_WHAT_IS_NOT_THERE("no.such.pack") {
    @Override
    PlugInJar jar(ProbeModel model, Path folder) throws IOException {
      return good(model, folder).header("Import-Package", "no.such.pack");
    }
  },
  THROWS_WHEN_PREPARING("throws at") {
    @Override
    PlugInJar jar(ProbeModel model, Path folder) throws IOException {
      return faulty(model, folder, "prepare-throws");
    }
  },
  PREPARES_NOTHING("three") {
    @Override
    PlugInJar jar(ProbeModel model, Path folder) throws IOException {
      return faulty(model, folder, "prepare-null");
    }
  },
  PREPARES_ANOTHER_SHAPE("pre.three.x") {
    @Override
    PlugInJar jar(ProbeModel model, Path folder) throws IOException {
      return faulty(model, folder, "shape");
    }
  },
  PREPARES_ANOTHER_TENSOR("pre.three.x") {
    @Override
    PlugInJar jar(ProbeModel model, Path folder) throws IOException {
      return faulty(model, folder, "name");
    }
  },
  PREPARES_NO_NUMBERS("pre.three.x") {
    @Override
    PlugInJar jar(ProbeModel model, Path folder) throws IOException {
      return faulty(model, folder, "nan");
    }
  },
  DECLARES_ANOTHER_INPUT("pixels") {
    @Override
    PlugInJar jar(ProbeModel model, Path folder) throws IOException {
      return good(model.withInput("pixels"), folder);
    }
  },
  DECLARES_ANOTHER_WIDTH("5") {
    @Override
    PlugInJar jar(ProbeModel model, Path folder) throws IOException {
      return good(model.withWidth(5), folder);
    }
  },
  FAILS_ITS_GOLDEN_VECTORS("golden") {
    @Override
    PlugInJar jar(ProbeModel model, Path folder) throws IOException {
      return good(model.withGoldenDrift(1), folder);
    }
  },
  CARRIES_TAMPERED_FILES("sha256") {
    @Override
    PlugInJar jar(ProbeModel model, Path folder) throws IOException {
      return good(model.withWrongHashes(), folder);
    }
  },
  DECLARES_HUGE_MEMORY("") {
    @Override
    PlugInJar jar(ProbeModel model, Path folder) throws IOException {
      return good(model.withWeightBytes(1L << 50), folder);
    }
  },
  IS_NO_JAR("") {
    @Override
    Path write(ProbeModel model, Path folder) throws IOException {
      return Files.writeString(folder.resolve("bad.jar"), "this is no jar");
    }
  },
  IS_TRUNCATED("") {
    @Override
    Path write(ProbeModel model, Path folder) throws IOException {
      Path whole = super.write(model, folder);
      byte[] bytes = Files.readAllBytes(whole);
      return Files.write(whole, Arrays.copyOf(bytes, bytes.length / 2));
    }
  },
  /** A bundle of the right name with nothing in it; brought as an update alone. */
  OFFERS_NOTHING("io.sensorium.api.encoder.ModalityEncoder") {
    @Override
    PlugInJar jar(ProbeModel model, Path folder) {
      return Subject.bundle(model.id(), model.version());
    }
  },
  /** Trusted and good, but older than what it would replace; brought as an update alone. */
  IS_AN_OLDER_VERSION("higher version") {
    @Override
    Path write(ProbeModel model, Path folder) throws IOException {
      return Subject.probe(folder, model.id(), Subject.BASE);
    }
  },
  /** Good, but of nobody who is trusted. */
  IS_NOT_TRUSTED("needs the signature");

  /** What only a host that asks for trust refuses. */
  static final Set<BadPlugIn> REFUSED_BY_TRUST = Set.of(IS_AN_OLDER_VERSION, IS_NOT_TRUSTED);

  private final String says;

  /**
   * @param says part of the reason that must be given; empty where any will do
   */
  BadPlugIn(String says) {
    this.says = says;
  }

  /** The limit of time that ends it, where nothing else does; otherwise zero. */
  Duration limit(PlugInPolicy policy) {
    return switch (this) {
      case HANGS_IN_START -> policy.startLimit();
      case HANGS_WHEN_OPENED -> policy.readyLimit();
      default -> Duration.ZERO;
    };
  }

  /** Answers whether it is bad only for what is there before. */
  boolean isUpdateOnly() {
    return this == OFFERS_NOTHING || this == IS_AN_OLDER_VERSION;
  }

  /** Answers whether a reason tells what is bad. */
  boolean isToldBy(String reason) {
    return !reason.isBlank() && reason.contains(says);
  }

  /**
   * Writes the bad bundle.
   *
   * @param model names the bundle and its version
   */
  Path write(ProbeModel model, Path folder) throws IOException {
    return jar(model, folder).write(folder.resolve("bad.jar"));
  }

  PlugInJar jar(ProbeModel model, Path folder) throws IOException {
    return good(model, folder);
  }

  private static PlugInJar good(ProbeModel model, Path folder) throws IOException {
    return Subject.bundle(model.id(), model.version())
        .encoder(ProbeEncoder.class, Subject.properties(model.version()))
        .carrying(model.write(folder.resolve(model.id())));
  }

  private static PlugInJar faulty(ProbeModel model, Path folder, String fault) throws IOException {
    return Subject.bundle(model.id(), model.version())
        .encoder(
            FaultyEncoder.class,
            Map.of("sensorium.modality", ProbeModel.MODALITY.name(), "fault", fault))
        .carrying(model.write(folder.resolve(model.id())));
  }

  private static PlugInJar activated(PlugInJar jar, String fault) throws IOException {
    return jar.with(FaultyActivator.class)
        .imports("org.osgi.framework")
        .header("Bundle-Activator", FaultyActivator.class.getName())
        .header("Probe-Fault", fault);
  }
}
