package io.sensorium.media;

import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;

/** Finds the JDK's own image readers and nobody else's. */
final class JdkImageReaders {
  private JdkImageReaders() {}

  /**
   * The reader provider of java.desktop for a format.
   *
   * <p>The registry scans the context class loader when it is first used; it is shown the
   * platform's, so that it neither finds nor keeps a class of a bundle.
   *
   * @param format for instance {@code jpeg}
   * @throws IllegalStateException if this JDK has none
   */
  static ImageReaderSpi find(String format) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
    try {
      Iterator<ImageReaderSpi> providers =
          IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, true);
      while (providers.hasNext()) {
        ImageReaderSpi provider = providers.next();
        if (provider.getClass().getModule() == ImageIO.class.getModule()
            && java.util.List.of(provider.getFormatNames()).contains(format)) {
          return provider;
        }
      }
    } finally {
      thread.setContextClassLoader(before);
    }
    throw new IllegalStateException("this JDK has no reader for " + format);
  }
}
