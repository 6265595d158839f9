package io.sensorium.models.hub;

import io.sensorium.api.RequestContext;
import io.sensorium.api.StorageException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;

/**
 * One repository's folder in Hugging Face's cache: {@code blobs} by content, {@code snapshots} of
 * links to them by commit, {@code refs} from branches and tags to commits. Thread-safe, and safe
 * beside other processes: everything appears under its final name in one step.
 */
final class HubCache {
  private static final long MAX_REF_BYTES = 1024;

  private final Path root;
  private final String name;
  private final Path folder;

  HubCache(Path root, String repository) {
    this.root = root;
    this.name = "models--" + repository.replace("/", "--");
    this.folder = root.resolve(name);
  }

  /** Where a commit's files are linked. */
  Path snapshot(String commit) {
    return folder.resolve("snapshots").resolve(commit);
  }

  /** Where a content is or will be. */
  Path blob(HubFile file) {
    return folder.resolve("blobs").resolve(file.blob());
  }

  /**
   * Where a content grows. The name is our own, because Hugging Face's clients write to {@code
   * <blob>.incomplete} under locks that do not exclude ours.
   */
  Path partial(HubFile file) {
    return folder.resolve("blobs").resolve(file.blob() + ".sensorium.incomplete");
  }

  /** The commit that a reference meant when the cache was last filled; empty if never. */
  Optional<String> commit(HubReference reference) {
    String revision = reference.revision();
    try {
      if (reference.isCommit()) {
        return Optional.of(revision).filter(commit -> Files.isDirectory(snapshot(commit)));
      }
      Path ref = folder.resolve("refs").resolve(revision);
      if (Files.size(ref) > MAX_REF_BYTES) {
        return Optional.empty();
      }
      String commit = Files.readString(ref).strip();
      return Optional.of(commit)
          .filter(HubFile::isSha1)
          .filter(known -> Files.isDirectory(snapshot(known)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new StorageException("the cache %s cannot be read: %s".formatted(folder, e), e);
    }
  }

  /** Answers whether a file of a commit is there and as long as it should be. */
  boolean holds(String commit, HubFile file) throws IOException {
    Path link = snapshot(commit).resolve(file.path());
    if (!Files.isRegularFile(link) || Files.size(link) != file.bytes()) {
      return false;
    }
    Path real = link.toRealPath();
    return !real.getParent().endsWith("blobs") || real.endsWith(file.blob());
  }

  /** Links a whole blob into a commit; copies where links are not possible. */
  void link(String commit, HubFile file) throws IOException {
    Path link = snapshot(commit).resolve(file.path());
    Path parent = link.getParent();
    Files.createDirectories(parent);
    Path blob = blob(file);
    Path temporary = parent.resolve(".link-" + UUID.randomUUID());
    try {
      place(blob, temporary);
      move(temporary, link);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static void place(Path blob, Path target) throws IOException {
    try {
      Files.createSymbolicLink(target, target.getParent().relativize(blob));
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (IOException | UnsupportedOperationException e) {
      // Windows without its developer mode, or a file system without links.
      Files.copy(blob, target);
      force(target);
    }
  }

  /** Remembers what a branch or tag means now. */
  void remember(HubReference reference, String commit) throws IOException {
    if (reference.isCommit()) {
      return;
    }
    Path ref = folder.resolve("refs").resolve(reference.revision());
    Files.createDirectories(ref.getParent());
    Path temporary = ref.resolveSibling(".ref-" + UUID.randomUUID());
    try {
      Files.writeString(temporary, commit);
      force(temporary);
      move(temporary, ref);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** Makes a whole partial file a blob, for good. */
  void finish(HubFile file) throws IOException {
    move(partial(file), blob(file));
    forceFolder(blob(file).getParent());
  }

  /** Waits until no other thread or process fetches the same content. */
  BlobLock lock(HubFile file, RequestContext context) throws IOException {
    Files.createDirectories(blob(file).getParent());
    Path lock = root.resolve(".locks").resolve(name).resolve(file.blob() + ".lock");
    Files.createDirectories(lock.getParent());
    return BlobLock.acquire(lock, context);
  }

  private static void move(Path source, Path target) throws IOException {
    Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private static void forceFolder(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Windows does not open folders; the file itself is safe.
    }
  }
}
