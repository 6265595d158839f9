package io.sensorium.host.hotplug;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sensorium.api.model.ModelRepository;
import io.sensorium.api.model.RefusedModel;
import io.sensorium.host.api.BundleException;
import io.sensorium.host.launch.Problems;
import io.sensorium.host.launch.SettledModels;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** The model packages that bundles carry. Thread-safe. */
final class CarriedPackages {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String HEADER = "Sensorium-Model-Packages";

  private final SettledModels models;

  CarriedPackages(BundleContext context) {
    this.models = SettledModels.in(context);
  }

  /** A package as its manifest names it. */
  record Carried(String id, String version) {}

  /**
   * Waits until the repository has taken in what a started bundle carries.
   *
   * @throws BundleException if it refused any of it, or the time is over
   */
  List<Carried> await(Bundle bundle, long deadlineNanos) {
    String header = bundle.getHeaders("").get(HEADER);
    if (header == null) {
      return List.of();
    }
    ModelRepository repository = awaitSettled(bundle, deadlineNanos);
    return Arrays.stream(header.split(",", -1))
        .map(folder -> folder.strip().replaceAll("^/+|/+$", ""))
        .map(folder -> read(bundle, folder))
        .peek(carried -> require(carried, bundle, repository))
        .toList();
  }

  private ModelRepository awaitSettled(Bundle bundle, long deadlineNanos) {
    try {
      return models.await(deadlineNanos);
    } catch (TimeoutException | ExecutionException e) {
      throw new BundleException(
          "checking the model packages of %s must end in time: %s"
              .formatted(bundle.getSymbolicName(), Problems.withRoot(e)),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BundleException(
          "interrupted while the packages of %s came in".formatted(bundle.getSymbolicName()), e);
    }
  }

  private static Carried read(Bundle bundle, String folder) {
    URL file = folder.isEmpty() ? null : bundle.getEntry(folder + "/model.json");
    if (file == null) {
      throw new BundleException(
          "%s says that it carries a model package in '%s'; there is no model.json"
              .formatted(bundle.getSymbolicName(), folder));
    }
    try (InputStream in = file.openStream()) {
      JsonNode manifest = JSON.readTree(in);
      return new Carried(manifest.path("id").asText(), manifest.path("version").asText());
    } catch (IOException e) {
      throw new BundleException(
          "the model package in '%s' of %s cannot be read: %s"
              .formatted(folder, bundle.getSymbolicName(), Problems.line(e)),
          e);
    }
  }

  private static void require(Carried carried, Bundle bundle, ModelRepository repository) {
    boolean there =
        repository
            .find(carried.id())
            .filter(model -> model.manifest().version().equals(carried.version()))
            .isPresent();
    if (!there) {
      throw new BundleException(
          "the model package %s %s of %s was refused: %s"
              .formatted(
                  carried.id(),
                  carried.version(),
                  bundle.getSymbolicName(),
                  reason(bundle, repository)));
    }
  }

  private static String reason(Bundle bundle, ModelRepository repository) {
    return repository.refused().stream()
        .filter(refused -> refused.bundleId() == bundle.getBundleId())
        .findFirst()
        .map(RefusedModel::reason)
        .orElse("another one took its place");
  }
}
