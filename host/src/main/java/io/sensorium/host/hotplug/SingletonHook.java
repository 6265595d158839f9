package io.sensorium.host.hotplug;

import java.util.Collection;
import org.osgi.framework.hooks.resolver.ResolverHook;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;

/**
 * Lets two versions of a bundle that calls itself a singleton be resolved at once. They are never
 * active at once: such bundles are swapped in place. Immutable.
 */
final class SingletonHook implements ResolverHookFactory, ResolverHook {
  @Override
  public ResolverHook begin(Collection<BundleRevision> triggers) {
    return this;
  }

  @Override
  public void filterSingletonCollisions(
      BundleCapability singleton, Collection<BundleCapability> collisions) {
    collisions.clear();
  }

  @Override
  public void filterResolvable(Collection<BundleRevision> candidates) {}

  @Override
  public void filterMatches(
      BundleRequirement requirement, Collection<BundleCapability> candidates) {}

  @Override
  public void end() {}
}
