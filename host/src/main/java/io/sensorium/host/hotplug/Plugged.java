package io.sensorium.host.hotplug;

import io.sensorium.api.lifecycle.PlugIn;
import org.osgi.framework.Bundle;

/**
 * A bundle that the framework has, and what listeners know it as.
 *
 * @param bundle in the framework
 * @param plugIn for listeners
 */
record Plugged(Bundle bundle, PlugIn plugIn) {}
