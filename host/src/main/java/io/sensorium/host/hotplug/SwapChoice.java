package io.sensorium.host.hotplug;

import io.sensorium.api.encoder.ModalityEncoder;
import io.sensorium.api.lifecycle.Swap;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.namespace.BundleNamespace;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.namespace.IdentityNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRevision;

/**
 * Chooses how one version of a bundle takes the place of another. Two versions can serve side by
 * side only where whoever uses them keeps them apart: encoders and model packages.
 */
final class SwapChoice {
  private static final String SERVICE = "osgi.service";
  private static final Set<String> PLUG_INS = Set.of(ModalityEncoder.class.getName());
  private static final Set<String> IMPLIED =
      Set.of(
          BundleNamespace.BUNDLE_NAMESPACE,
          HostNamespace.HOST_NAMESPACE,
          IdentityNamespace.IDENTITY_NAMESPACE);

  private SwapChoice() {}

  static Swap between(Bundle before, Bundle after) {
    return offersOnlyPlugIns(before) && offersOnlyPlugIns(after)
        ? Swap.BLUE_GREEN
        : Swap.DRAIN_AND_SWAP;
  }

  private static boolean offersOnlyPlugIns(Bundle bundle) {
    return bundle.adapt(BundleRevision.class).getDeclaredCapabilities(null).stream()
            .allMatch(SwapChoice::isPlugIn)
        && isNoSingleton(bundle)
        && registeredTypes(bundle).stream().allMatch(PLUG_INS::contains);
  }

  private static boolean isPlugIn(BundleCapability capability) {
    return IMPLIED.contains(capability.getNamespace())
        || (capability.getNamespace().equals(SERVICE) && PLUG_INS.containsAll(types(capability)));
  }

  private static boolean isNoSingleton(Bundle bundle) {
    return bundle
        .adapt(BundleRevision.class)
        .getDeclaredCapabilities(IdentityNamespace.IDENTITY_NAMESPACE)
        .stream()
        .noneMatch(
            identity -> "true".equals(identity.getDirectives().get(Constants.SINGLETON_DIRECTIVE)));
  }

  /** The types of the services that a bundle says it offers. */
  static List<String> declaredTypes(Bundle bundle) {
    return bundle.adapt(BundleRevision.class).getDeclaredCapabilities(SERVICE).stream()
        .flatMap(capability -> types(capability).stream())
        .toList();
  }

  private static List<String> types(BundleCapability capability) {
    return switch (capability.getAttributes().get(Constants.OBJECTCLASS)) {
      case Collection<?> several -> several.stream().map(String::valueOf).toList();
      case null -> List.of();
      case Object one -> List.of(one.toString());
    };
  }

  /** The types of the services that a bundle offers now. */
  static List<String> registeredTypes(Bundle bundle) {
    ServiceReference<?>[] services = bundle.getRegisteredServices();
    return services == null
        ? List.of()
        : Arrays.stream(services)
            .flatMap(
                service -> Arrays.stream((String[]) service.getProperty(Constants.OBJECTCLASS)))
            .toList();
  }
}
