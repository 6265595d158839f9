package io.sensorium.host.hotplug;

import io.sensorium.host.api.PlugInPolicy;
import io.sensorium.host.launch.HomeFolder;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * What a home keeps and whom it trusts, read once for a start of the host.
 *
 * @param folder the home
 * @param policy for what comes in
 * @param trust as the policy or the home says
 * @param generations numbers for what comes in
 * @param kept the committed jars
 * @param damaged reasons by the names of bundles whose kept jars were set aside
 */
record KeptHome(
    HomeFolder folder,
    PlugInPolicy policy,
    Trust trust,
    Generations generations,
    KeptBundles kept,
    Map<String, String> damaged) {

  /** Checks every kept jar, and takes over what earlier versions of the host kept. */
  static KeptHome read(HomeFolder folder, PlugInPolicy policy) throws IOException {
    Trust trust = Trust.of(policy, folder.trust());
    Generations generations = new Generations();
    KeptBundles kept = new KeptBundles(folder.added(), folder.damaged(), generations);
    Map<String, String> damaged = new HashMap<>(kept.recover());
    damaged.putAll(new EarlierLayout(folder, kept).takeOver());
    return new KeptHome(folder, policy, trust, generations, kept, Map.copyOf(damaged));
  }
}
