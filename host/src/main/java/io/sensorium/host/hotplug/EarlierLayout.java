package io.sensorium.host.hotplug;

import io.sensorium.host.api.BundleException;
import io.sensorium.host.hotplug.KeptBundles.Staged;
import io.sensorium.host.launch.HomeFolder;
import io.sensorium.host.launch.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over the bundles that the first versions of the host kept, as {@code NAME.jar} and without
 * records. One thread at a time.
 */
final class EarlierLayout {
  private static final Logger LOG = LoggerFactory.getLogger(EarlierLayout.class);
  private static final String JAR = ".jar";

  private final HomeFolder home;
  private final KeptBundles kept;

  /**
   * @param kept whose records were read
   */
  EarlierLayout(HomeFolder home, KeptBundles kept) {
    this.home = home;
    this.kept = kept;
  }

  /**
   * Makes every such jar the committed one of its name, unless one is. What is no bundle is set
   * aside. May be killed at any time and called again.
   *
   * @return one reason a file that was set aside, by what it would have been called
   */
  Map<String, String> takeOver() throws IOException {
    Map<String, String> damaged = new HashMap<>();
    for (Path file : kept.strangers()) {
      try {
        takeOver(file);
      } catch (BundleException e) {
        String name = file.getFileName().toString();
        setAside(file);
        damaged.put(
            name.substring(0, name.length() - JAR.length()),
            "it was kept by an earlier version of the host: " + Problems.line(e));
      }
    }
    return damaged;
  }

  private void takeOver(Path file) throws IOException {
    BundleJar jar = BundleJar.open(file);
    if (kept.find(jar.symbolicName()).isEmpty()) {
      Staged staged = kept.stage(jar);
      kept.commit(
          new KeptBundle(
              jar.symbolicName(),
              jar.version().toString(),
              staged.jar().file().getFileName().toString(),
              staged.sha256(),
              null));
      LOG.info("{} {} of an earlier version of the host is kept on", jar.symbolicName(), file);
    }
    kept.discard(file);
  }

  private void setAside(Path file) throws IOException {
    Files.createDirectories(home.damaged());
    Files.move(
        file, home.damaged().resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
  }
}
