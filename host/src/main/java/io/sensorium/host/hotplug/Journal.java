package io.sensorium.host.hotplug;

import io.sensorium.api.lifecycle.LifecycleEvent;
import io.sensorium.api.lifecycle.LifecycleListener;
import io.sensorium.api.lifecycle.PlugIn;
import io.sensorium.api.lifecycle.Step;
import io.sensorium.host.api.LifecycleJournal;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the present step of everything that it is told of, and logs each. Thread-safe. */
final class Journal implements LifecycleListener, LifecycleJournal {
  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
  private static final int MOST_QUARANTINED = 64;
  private static final int MOST = 4_096;
  private static final Set<Step> LEAVING = EnumSet.of(Step.DRAIN, Step.CLOSE, Step.PROVE);

  private final Map<PlugIn, Entry> entries = new LinkedHashMap<>();
  private final BundleContext context;
  private final IntSupplier retained;

  /** Registers itself, to be told before every other listener. */
  Journal(BundleContext context, IntSupplier retained) {
    this.context = context;
    this.retained = retained;
    context.registerService(
        LifecycleListener.class,
        this,
        FrameworkUtil.asDictionary(Map.of(Constants.SERVICE_RANKING, Integer.MAX_VALUE)));
  }

  @Override
  public void began(LifecycleEvent event) {
    log(event);
    synchronized (entries) {
      PlugIn plugIn = event.plugIn();
      Entry before = entries.remove(plugIn);
      if (event.step() == Step.GONE) {
        return;
      }
      if (event.step() == Step.READY) {
        entries.values().removeIf(entry -> isOvercome(entry, plugIn));
      }
      boolean quarantined = event.step() == Step.QUARANTINED;
      entries.put(
          plugIn,
          new Entry(
              plugIn,
              event.step(),
              Instant.now(),
              event.swap().or(() -> before == null ? Optional.empty() : before.swap()),
              event.reason(),
              quarantined && before != null ? Optional.of(before.step()) : Optional.empty()));
      if (quarantined) {
        keepAtMost(MOST_QUARANTINED, entry -> entry.step() == Step.QUARANTINED);
      }
      keepAtMost(MOST, entry -> true);
    }
  }

  private static void log(LifecycleEvent event) {
    if (event.step() != Step.QUARANTINED) {
      String swap = event.swap().map(how -> " (" + how + ")").orElse("");
      LOG.info("{} {}{}", event.plugIn(), event.step(), swap);
    } else if (event.plugIn().kind() == PlugIn.Kind.BUNDLE) {
      // Who refuses a model or an encoder logs what it knows of the cause itself.
      LOG.warn("{} {}: {}", event.plugIn(), event.step(), event.reason());
    }
  }

  /** A later generation is in service, so that the failure of an earlier one matters no more. */
  private static boolean isOvercome(Entry entry, PlugIn ready) {
    return entry.step() == Step.QUARANTINED
        && entry.plugIn().kind() == ready.kind()
        && entry.plugIn().name().equals(ready.name())
        && entry.plugIn().generation() < ready.generation();
  }

  private void keepAtMost(int most, Predicate<Entry> which) {
    long excess = entries.values().stream().filter(which).count() - most;
    if (excess > 0) {
      List<PlugIn> eldest =
          entries.values().stream().filter(which).limit(excess).map(Entry::plugIn).toList();
      eldest.forEach(entries::remove);
    }
  }

  @Override
  public List<Entry> entries() {
    synchronized (entries) {
      return List.copyOf(entries.values());
    }
  }

  @Override
  public List<Entry> leaving() {
    return bundles(entry -> LEAVING.contains(entry.step()));
  }

  @Override
  public List<Entry> quarantined() {
    return bundles(entry -> entry.step() == Step.QUARANTINED);
  }

  private List<Entry> bundles(Predicate<Entry> which) {
    return entries().stream()
        .filter(entry -> entry.plugIn().kind() == PlugIn.Kind.BUNDLE)
        .filter(which)
        .toList();
  }

  /** The entry of one generation; empty if nothing was told of it. */
  Optional<Entry> find(PlugIn plugIn) {
    synchronized (entries) {
      return Optional.ofNullable(entries.get(plugIn));
    }
  }

  /** Packages and encoders that a bundle brought. */
  List<Entry> broughtBy(long bundleId) {
    return entries().stream()
        .filter(entry -> entry.plugIn().kind() != PlugIn.Kind.BUNDLE)
        .filter(entry -> entry.plugIn().bundleId() == bundleId)
        .toList();
  }

  @Override
  public int classLoadersRetained() {
    return retained.getAsInt();
  }

  @Override
  public Listening listen(LifecycleListener listener) {
    ServiceRegistration<LifecycleListener> registration =
        context.registerService(LifecycleListener.class, listener, null);
    return () -> {
      try {
        registration.unregister();
      } catch (IllegalStateException e) {
        // Stopped already, or the host is.
      }
    };
  }
}
