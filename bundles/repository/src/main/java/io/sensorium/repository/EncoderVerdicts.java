package io.sensorium.repository;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.SensoriumException;
import io.sensorium.api.lifecycle.LifecycleEvent;
import io.sensorium.api.lifecycle.LifecycleListener;
import io.sensorium.api.lifecycle.PlugIn;
import io.sensorium.api.lifecycle.Step;
import io.sensorium.api.model.ModelManifest;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Follows the encoders of packages that have just been published: what is to replace a package that
 * serves must be served with first. Thread-safe.
 */
final class EncoderVerdicts implements LifecycleListener {
  private final List<Watch> watches = new CopyOnWriteArrayList<>();

  /** Follows every encoder that is paired with a package from now on, until it is closed. */
  Watch watch(ModelManifest manifest) {
    Watch watch = new Watch(manifest);
    watches.add(watch);
    return watch;
  }

  @Override
  public void began(LifecycleEvent event) {
    if (event.plugIn().kind() == PlugIn.Kind.ENCODER) {
      watches.forEach(watch -> watch.began(event));
    }
  }

  /** The encoders of one package. */
  final class Watch implements AutoCloseable {
    private final ModelManifest manifest;
    // Guarded by this.
    private final Set<Long> opening = new HashSet<>();
    private boolean served;
    private final CompletableFuture<Void> verdict = new CompletableFuture<>();

    private Watch(ModelManifest manifest) {
      this.manifest = manifest;
    }

    private synchronized void began(LifecycleEvent event) {
      PlugIn encoder = event.plugIn();
      if (!encoder.name().endsWith("/" + manifest.id())
          || !encoder.version().equals(manifest.version())) {
        return;
      }
      if (event.step() == Step.RESOLVE) {
        opening.add(encoder.generation());
      } else if (event.step() == Step.QUARANTINED && opening.contains(encoder.generation())) {
        verdict.completeExceptionally(refused(event.reason()));
      } else if (isOver(event.step()) && opening.remove(encoder.generation())) {
        served |= event.step() == Step.READY;
        if (opening.isEmpty() && served) {
          verdict.complete(null);
        } else if (opening.isEmpty()) {
          verdict.completeExceptionally(refused("it left before it had served"));
        }
      }
    }

    private static boolean isOver(Step step) {
      return step == Step.READY || step == Step.DRAIN || step == Step.GONE;
    }

    private ModelLoadException refused(String reason) {
      return new ModelLoadException(
          "an encoder of model %s %s did not open: %s"
              .formatted(manifest.id(), manifest.version(), reason));
    }

    /**
     * Waits for every encoder that has begun to open; for none if none has.
     *
     * @throws ModelLoadException if one of them is in quarantine, has left or takes too long
     */
    void await(Duration timeout) {
      synchronized (this) {
        if (opening.isEmpty() && !verdict.isDone()) {
          return;
        }
      }
      try {
        verdict.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      } catch (ExecutionException e) {
        throw e.getCause() instanceof ModelLoadException refusal
            ? refusal
            : refused(SensoriumException.reasonOf(e.getCause()));
      } catch (TimeoutException e) {
        throw refused("it takes longer than " + timeout);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw refused("interrupted");
      }
    }

    @Override
    public void close() {
      watches.remove(this);
    }
  }
}
