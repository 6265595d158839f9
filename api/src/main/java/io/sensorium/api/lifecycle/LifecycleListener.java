package io.sensorium.api.lifecycle;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Is told of every step of every plug-in. Register it as an OSGi service (whiteboard).
 *
 * <p>Called on the thread that does the step, before its work begins and without locks, so that
 * what a listener sees has not happened yet; it must be quick and thread-safe. What it throws is
 * logged and changes nothing.
 */
@FunctionalInterface
@ConsumerType
public interface LifecycleListener {
  /** A plug-in begins a step. */
  void began(LifecycleEvent event);
}
