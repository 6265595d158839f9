package io.sensorium.examples.motion;

import io.sensorium.api.encoder.ModalityEncoder;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.testkit.ModalityEncoderContract;
import io.sensorium.testkit.PackageFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The contract of every encoder, with the package that the bundle carries. */
class MotionEncoderTest extends ModalityEncoderContract {
  static final Path PACKAGE = Path.of("target", "classes", "packages", "world-motion");

  @Override
  protected ModalityEncoder encoder() {
    return new MotionEncoder();
  }

  @Override
  protected ModelGraph graph() {
    return PackageFolder.read(PACKAGE).graphs().getFirst();
  }

  @Override
  protected List<MediaInput> readable() {
    try (Stream<Path> files = Files.list(PACKAGE.resolve("media"))) {
      return files.sorted().map(file -> MediaInput.read(file, 1 << 20)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected List<MediaInput> unreadable() {
    return List.of(
        MediaInput.ofText(""),
        MediaInput.ofText("a picture"),
        MediaInput.ofText("t,x,y,z\n"),
        MediaInput.ofText("t,x,y,z\n0,1,2,3\n"),
        MediaInput.ofText("t;x;y;z\n0;0;0;9,8\n"));
  }
}
