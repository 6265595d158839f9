package io.sensorium.host.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.Modality;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.host.api.IndexProgress;
import io.sensorium.host.api.SearchRequest;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.api.SensoriumOptions;
import java.awt.image.BufferedImage;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A host inside applications whose threads carry class loaders of their own. */
@Timeout(300)
class CallersLoaderIT {
  private final ClassLoader before = Thread.currentThread().getContextClassLoader();

  @TempDir private Path folder;

  @AfterEach
  void putBack() {
    Thread.currentThread().setContextClassLoader(before);
  }

  @Test
  void theHostDoesNotCareWhatItsCallersThreadsCarry() throws Exception {
    Path media = Files.createDirectory(folder.resolve("media"));
    Files.writeString(media.resolve("bells.txt"), "Three small bells ring.");
    Path picture = media.resolve("black.png");
    ImageIO.write(new BufferedImage(71, 43, BufferedImage.TYPE_INT_RGB), "png", picture.toFile());
    try (URLClassLoader blind = new URLClassLoader("blind", new URL[0], null)) {
      for (ClassLoader carried : new ClassLoader[] {blind, null}) {
        Thread.currentThread().setContextClassLoader(carried);
        try (Sensorium sensorium =
            Sensorium.start(SensoriumOptions.at(folder.resolve("home" + carried)))) {
          assertThat(sensorium.index(List.of(media), IndexProgress.NONE).indexed()).isEqualTo(2);
          assertThat(sensorium.search(SearchRequest.text("little bells"))).hasSize(2);
          MediaInput image = MediaInput.read(picture, 1 << 20);
          assertThat(sensorium.embed(EncodeRequest.of(Modality.IMAGE, image)).dimension())
              .isEqualTo(128);
          assertThat(carriersOf(blind)).isEmpty();
        }
        assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(carried);
      }
    }
  }

  /** Threads but this one that would keep an application's class loader in memory. */
  private static List<String> carriersOf(ClassLoader loader) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread != Thread.currentThread())
        .filter(thread -> thread.getContextClassLoader() == loader)
        .map(Thread::getName)
        .sorted()
        .toList();
  }
}
