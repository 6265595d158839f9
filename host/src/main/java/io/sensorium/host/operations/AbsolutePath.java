package io.sensorium.host.operations;

import java.nio.file.Path;

/** Reads paths of arguments, which mean the same in every process. */
final class AbsolutePath {
  private AbsolutePath() {}

  static Path of(String path) {
    Path given = Path.of(path);
    if (!given.isAbsolute()) {
      throw new IllegalArgumentException("an absolute path is required; got '" + path + "'");
    }
    return given.normalize();
  }
}
