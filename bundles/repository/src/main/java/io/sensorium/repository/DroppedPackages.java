package io.sensorium.repository;

import io.sensorium.api.SensoriumException;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.ModelRepository.InstallPolicy;
import io.sensorium.models.packages.PackageFiles;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Installs what a user drops into the packages folder, and deletes the drop, so that it can be
 * removed for good. One thread at a time.
 *
 * <p>A drop is taken when it has not changed since the last look. One that is refused stays where
 * it is, and is tried again when it changes.
 */
final class DroppedPackages {
  private static final Logger LOG = LoggerFactory.getLogger(DroppedPackages.class);

  /** Enough to see that something changed. */
  private record Look(long files, long bytes, long newestMillis) {}

  private final PackageStore store;
  private final FolderModelRepository repository;
  private final Map<Path, Look> seen = new HashMap<>();
  private final Map<Path, Look> refused = new HashMap<>();

  DroppedPackages(PackageStore store, FolderModelRepository repository) {
    this.store = store;
    this.repository = repository;
  }

  /** Takes everything that is there, whether or not it is still being written. */
  void takeAll() {
    store.dropped().forEach(path -> take(path, look(path)));
  }

  /** Takes what has not changed since the last look. */
  void takeSettled() {
    List<Path> dropped = store.dropped();
    forgetMissing(new HashSet<>(dropped));
    for (Path path : dropped) {
      Look now = look(path);
      boolean isSettled = now.equals(seen.put(path, now));
      if (isSettled && !now.equals(refused.get(path))) {
        take(path, now);
      }
    }
  }

  private void forgetMissing(Set<Path> dropped) {
    seen.keySet().retainAll(dropped);
    for (Path path : List.copyOf(refused.keySet())) {
      if (!dropped.contains(path)) {
        refused.remove(path);
        repository.refusals().forget(old -> old.source().equals(path.toString()));
      }
    }
  }

  private void take(Path dropped, Look look) {
    try {
      ModelPackage model = repository.install(dropped, InstallPolicy.DEFAULT);
      LOG.info("model {} was installed from {}", model, dropped.getFileName());
      refused.remove(dropped);
      if (Files.isDirectory(dropped)) {
        PackageFiles.deleteTree(dropped);
      } else {
        Files.delete(dropped);
      }
    } catch (SensoriumException | IOException e) {
      refused.put(dropped, look);
      LOG.error("the package {} is left out: {}", dropped, e.getMessage());
    }
  }

  private static Look look(Path dropped) {
    long[] figures = new long[3];
    try {
      Files.walkFileTree(
          dropped,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes found) {
              figures[0]++;
              figures[1] += found.size();
              figures[2] = Math.max(figures[2], found.lastModifiedTime().toMillis());
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
              Objects.requireNonNull(failure);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      LOG.debug("{} changes while it is looked at", dropped, e);
    }
    return new Look(figures[0], figures[1], figures[2]);
  }
}
