package io.sensorium.host.hotplug;

import java.lang.reflect.Field;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The framework's record of who uses which services. Felix 7.0.5 keeps a bundle in it that ever
 * used a service until that service goes, and with a removed bundle all that is known of its jar:
 * its {@code ServiceRegistry.ungetServices} lets go of the services, but not of the counts of those
 * that were not in use any more. There is no other way to its map than by its name; in a framework
 * that has none, nothing is forgotten. Thread-safe.
 */
final class ServiceUsage {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceUsage.class);

  private final Map<?, ?> users;

  /**
   * @param framework the system bundle
   */
  ServiceUsage(Bundle framework) {
    this.users = users(framework);
  }

  private static Map<?, ?> users(Bundle framework) {
    try {
      Object registry = value(framework, "m_registry");
      return (Map<?, ?>) value(registry, "m_inUseMap");
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOG.debug("the framework {} keeps no such record of services", framework, e);
      return Map.of();
    }
  }

  private static Object value(Object owner, String name) throws ReflectiveOperationException {
    Field field = owner.getClass().getDeclaredField(name);
    field.setAccessible(true);
    return field.get(owner);
  }

  /** Forgets a bundle that is uninstalled. */
  void forget(Bundle gone) {
    if (!users.isEmpty()) {
      users.remove(gone);
    }
  }
}
