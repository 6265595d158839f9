package io.sensorium.host.hotplug;

import java.io.File;
import java.lang.reflect.Proxy;
import java.util.Locale;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;

/**
 * Lets File Install watch the deploy folder and nothing more: what it finds is given to {@link
 * DeployedBundles}, which sees to it on threads of its own: File Install has one for everything,
 * configurations included, and takes what was handed over for installed. It sees no classes but its
 * own, hence the proxy.
 */
final class FileInstallBridge {
  private static final String INSTALLER = "org.apache.felix.fileinstall.ArtifactInstaller";

  private final DeployedBundles deployed;

  FileInstallBridge(DeployedBundles deployed) {
    this.deployed = deployed;
  }

  /**
   * Registers the installer; to be called before File Install is started.
   *
   * @throws ClassNotFoundException if the bundle is not File Install
   */
  void register(BundleContext context, Bundle fileInstall) throws ClassNotFoundException {
    Class<?> type = fileInstall.loadClass(INSTALLER);
    Object installer =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> answer(proxy, method.getName(), arguments));
    context.registerService(
        INSTALLER,
        installer,
        FrameworkUtil.asDictionary(java.util.Map.of(Constants.SERVICE_RANKING, Integer.MAX_VALUE)));
  }

  private Object answer(Object proxy, String method, Object[] arguments) {
    return switch (method) {
      case "canHandle" -> canHandle((File) arguments[0]);
      case "install", "update" -> {
        deployed.deploy(((File) arguments[0]).toPath());
        yield null;
      }
      case "uninstall" -> {
        deployed.withdraw(((File) arguments[0]).toPath());
        yield null;
      }
      case "hashCode" -> System.identityHashCode(proxy);
      case "equals" -> proxy == arguments[0];
      default -> "installer of Sensorium bundles";
    };
  }

  /** Whatever looks like a bundle: if it is none, this is where that is found out. */
  private static boolean canHandle(File file) {
    String name = file.getName().toLowerCase(Locale.ROOT);
    return name.endsWith(".jar") || name.endsWith(".zip") || name.endsWith(".war");
  }
}
