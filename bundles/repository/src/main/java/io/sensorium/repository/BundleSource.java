package io.sensorium.repository;

import io.sensorium.models.packages.PackageSource;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.NoSuchFileException;
import org.osgi.framework.Bundle;

/** A package inside a bundle. Fails with IOException once the bundle is uninstalled. */
final class BundleSource implements PackageSource {
  private final Bundle bundle;
  private final String folder;

  /**
   * Names a package.
   *
   * @param folder inside the bundle, without a slash at either end
   */
  BundleSource(Bundle bundle, String folder) {
    this.bundle = bundle;
    this.folder = folder;
  }

  @Override
  public String name() {
    return bundle.getSymbolicName() + " " + bundle.getVersion() + "!/" + folder;
  }

  @Override
  public InputStream open(String path) throws IOException {
    try {
      URL entry = bundle.getEntry(folder + "/" + path);
      if (entry == null) {
        throw new NoSuchFileException(path, null, "not in " + name());
      }
      return entry.openStream();
    } catch (IllegalStateException e) {
      throw new IOException(name() + " was uninstalled", e);
    }
  }
}
