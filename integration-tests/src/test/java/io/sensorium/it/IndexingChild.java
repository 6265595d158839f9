package io.sensorium.it;

import io.sensorium.host.api.IndexProgress;
import io.sensorium.host.api.IndexingReport;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.api.SensoriumOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** A process that indexes sentences and notes, on disk, each one that was acknowledged. */
final class IndexingChild {
  private static final int FILES_PER_CALL = 5;

  private IndexingChild() {}

  /** Takes the home, the folder for sentences, the file of acknowledgements and a first number. */
  public static void main(String[] arguments) throws IOException {
    Path media = Path.of(arguments[1]);
    int next = Integer.parseInt(arguments[3]);
    try (Sensorium sensorium = Sensorium.start(SensoriumOptions.at(Path.of(arguments[0])));
        FileChannel acknowledgements =
            FileChannel.open(
                Path.of(arguments[2]), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      while (true) {
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < FILES_PER_CALL; i++, next++) {
          files.add(Files.writeString(media.resolve(next + ".txt"), "sentence number " + next));
        }
        IndexingReport report = sensorium.index(files, IndexProgress.NONE);
        if (report.indexed() == FILES_PER_CALL) {
          note(acknowledgements, files);
        }
      }
    }
  }

  private static void note(FileChannel file, List<Path> acknowledged) throws IOException {
    StringBuilder lines = new StringBuilder();
    acknowledged.forEach(path -> lines.append(path).append('\n'));
    file.write(ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.UTF_8)));
    file.force(true);
  }
}
