package io.sensorium.host.launch;

import io.sensorium.host.api.SensoriumOptions;
import java.util.HashMap;
import java.util.Map;

/** The framework's configuration for one start. */
final class LaunchSettings {
  private LaunchSettings() {}

  static Map<String, Object> framework(SensoriumOptions options, HomeFolder home) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("sensorium.home", home.root().toString());
    settings.put("sensorium.device", options.device());
    settings.put("sensorium.space", options.space());
    settings.put("org.osgi.framework.storage", home.frameworkCache().toString());
    // Two versions of a bundle are there while one takes the place of the other.
    settings.put("org.osgi.framework.bsnversion", "multiple");
    // The home is locked as a whole; a framework that a plug-in kept from stopping must not be in
    // the way of the next one.
    settings.put("felix.cache.locking", "false");
    settings.put("org.osgi.framework.system.packages.extra", SystemPackages.exports());
    settings.put("org.osgi.framework.bootdelegation", "jdk.incubator.vector");
    settings.put("felix.log.logger", new FrameworkLog());
    settings.put("felix.log.level", "3");
    // The handlers are global to the JVM: two hosts, or an application's own, would collide. The
    // shell cannot do without: it reads its profile from inside its bundle.
    settings.put("felix.service.urlhandlers", Boolean.toString(options.shell()));
    // Its threads would outlive the framework by a minute, and hold it.
    settings.put("felix.resolver.parallelism", "1");
    settings.put("ds.loglevel", "warn");
    settings.put("gosh.args", options.shell() ? "" : "--nointeractive");
    settings.put("felix.fileinstall.dir", home.deploy().toString());
    settings.put("felix.fileinstall.tmpdir", home.temporary().toString());
    settings.put("felix.fileinstall.poll", "1000");
    settings.put("felix.fileinstall.noInitialDelay", "true");
    settings.put("felix.fileinstall.bundles.new.start", "true");
    settings.put("felix.fileinstall.enableConfigSave", "false");
    settings.put("felix.fileinstall.log.level", "2");
    return settings;
  }
}
