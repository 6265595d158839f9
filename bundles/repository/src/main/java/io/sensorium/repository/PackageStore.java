package io.sensorium.repository;

import io.sensorium.api.SensoriumException;
import io.sensorium.api.StorageException;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.models.packages.ModelManifestJson;
import io.sensorium.models.packages.PackageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The {@code packages} folder: where things lie and how they get there. Holds no state. */
final class PackageStore {
  private static final String BEFORE = "before";

  private final Path root;
  private final Path staging;
  private final Path receipts;
  private final Path retired;

  /**
   * Creates the folder where missing, and ends what a crash broke off: a package that was about to
   * be replaced comes back, and what else is half there goes.
   *
   * @throws StorageException if it cannot be written
   */
  PackageStore(Path root) {
    this.root = root;
    this.staging = root.resolve(".staging");
    this.receipts = root.resolve(".receipts");
    this.retired = root.resolve(".retired");
    try {
      Files.createDirectories(receipts);
      Files.createDirectories(retired);
      restoreReplaced();
      PackageFiles.deleteTree(staging);
      Files.createDirectories(staging);
      deleteStrayReceipts();
    } catch (IOException e) {
      throw new StorageException("cannot write " + root + ": " + e.getMessage(), e);
    }
  }

  private void restoreReplaced() throws IOException {
    for (Path staged : children(staging)) {
      Path before = staged.resolve(BEFORE);
      Optional<Path> target = place(before).filter(place -> !Files.exists(place));
      if (target.isPresent()) {
        Files.createDirectories(target.get().getParent());
        Files.move(before, target.get(), StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }

  /** Where a package belongs; empty if it is none, or none any more. */
  private Optional<Path> place(Path folder) {
    try {
      return holdsManifest(folder)
          ? Optional.of(folder(ModelManifestJson.read(folder.resolve(ModelManifestJson.FILE_NAME))))
          : Optional.empty();
    } catch (SensoriumException e) {
      return Optional.empty();
    }
  }

  private void deleteStrayReceipts() throws IOException {
    Set<String> installed = new HashSet<>();
    for (Path folder : installedFolders()) {
      installed.add(folder.getParent().getFileName() + "@" + folder.getFileName());
    }
    for (Path receipt : children(receipts)) {
      if (!installed.contains(receipt.getFileName().toString())) {
        Files.delete(receipt);
      }
    }
  }

  Path root() {
    return root;
  }

  Path folder(ModelManifest manifest) {
    return root.resolve(manifest.id()).resolve(manifest.version());
  }

  /** A new, empty folder on the same file system. */
  Path stage() {
    try {
      return Files.createTempDirectory(staging, "package-");
    } catch (IOException e) {
      throw new StorageException("cannot write " + staging + ": " + e.getMessage(), e);
    }
  }

  /**
   * Moves a checked package into place. Its receipt is there before: a package without one is taken
   * for the user's.
   */
  Published publish(Path staged, ModelManifest manifest, Receipt receipt) {
    Path target = folder(manifest);
    try {
      Files.createDirectories(target.getParent());
      Optional<Path> before = Optional.empty();
      Optional<Receipt> receiptBefore = receipt(manifest);
      if (Files.exists(target)) {
        before = Optional.of(stage().resolve(BEFORE));
        Files.move(target, before.get(), StandardCopyOption.ATOMIC_MOVE);
      }
      receipt.write(receiptFile(manifest));
      Files.move(staged, target, StandardCopyOption.ATOMIC_MOVE);
      return new Published(manifest, before, receiptBefore);
    } catch (IOException e) {
      throw new StorageException("cannot install to %s: %s".formatted(target, e.getMessage()), e);
    }
  }

  /** A package that has just come into its place, and the one that was there before. */
  final class Published {
    private final ModelManifest manifest;
    private final Optional<Path> before;
    private final Optional<Receipt> receiptBefore;

    private Published(
        ModelManifest manifest, Optional<Path> before, Optional<Receipt> receiptBefore) {
      this.manifest = manifest;
      this.before = before;
      this.receiptBefore = receiptBefore;
    }

    /** Deletes the one that was there before. */
    void confirm() {
      before.ifPresent(folder -> PackageFiles.deleteTree(folder.getParent()));
    }

    /** Deletes the new one, and puts the one from before back. */
    void undo() {
      delete(manifest);
      if (before.isEmpty()) {
        return;
      }
      Path target = folder(manifest);
      try {
        Files.createDirectories(target.getParent());
        Files.move(before.get(), target, StandardCopyOption.ATOMIC_MOVE);
        receiptBefore.ifPresent(receipt -> writeReceipt(manifest, receipt));
      } catch (IOException e) {
        throw new StorageException("cannot restore %s: %s".formatted(target, e.getMessage()), e);
      }
      PackageFiles.deleteTree(before.get().getParent());
    }
  }

  Optional<Receipt> receipt(ModelManifest manifest) {
    try {
      return Receipt.read(receiptFile(manifest));
    } catch (IOException e) {
      throw new StorageException("cannot read a receipt of " + root + ": " + e.getMessage(), e);
    }
  }

  /** When the user's package was checked last; empty if a bundle brought it. */
  Optional<Instant> usersSince(ModelManifest manifest) {
    return receipt(manifest)
        .filter(receipt -> receipt.origin().equals(Receipt.USER))
        .map(receipt -> modified(receiptFile(manifest)).toInstant());
  }

  void writeReceipt(ModelManifest manifest, Receipt receipt) {
    try {
      receipt.write(receiptFile(manifest));
    } catch (IOException e) {
      throw new StorageException("cannot write a receipt to " + root + ": " + e.getMessage(), e);
    }
  }

  /** Remembers that a bundle's package is not needed any more. */
  void markRetired(ModelManifest manifest) {
    try {
      Files.write(retired.resolve(name(manifest)), List.of());
    } catch (IOException e) {
      throw new StorageException("cannot write to " + retired + ": " + e.getMessage(), e);
    }
  }

  boolean isRetired(ModelManifest manifest) {
    return Files.exists(retired.resolve(name(manifest)));
  }

  void forgetRetired(ModelManifest manifest) {
    try {
      Files.deleteIfExists(retired.resolve(name(manifest)));
    } catch (IOException e) {
      throw new StorageException("cannot write to " + retired + ": " + e.getMessage(), e);
    }
  }

  /** Deletes a package, in one step as far as a crash is concerned. */
  void delete(ModelManifest manifest) {
    try {
      Path folder = folder(manifest);
      if (Files.exists(folder)) {
        Path staged = stage();
        Files.move(folder, staged.resolve("deleted"), StandardCopyOption.ATOMIC_MOVE);
        Files.deleteIfExists(receiptFile(manifest));
        PackageFiles.deleteTree(staged);
      } else {
        Files.deleteIfExists(receiptFile(manifest));
      }
      Path parent = folder.getParent();
      if (children(parent).isEmpty()) {
        Files.deleteIfExists(parent);
      }
    } catch (IOException e) {
      throw new StorageException("cannot delete model %s: %s".formatted(manifest.id(), e), e);
    }
  }

  /**
   * Deletes packages that bundles brought and no bundle carries any more, as a crash leaves them.
   *
   * @param carried by the bundles that are installed
   */
  void deleteUnclaimed(Collection<ModelManifest> carried) {
    Set<String> wanted = carried.stream().map(PackageStore::name).collect(Collectors.toSet());
    for (Path folder : installedFolders()) {
      if (!place(folder).equals(Optional.of(folder))) {
        continue;
      }
      ModelManifest manifest = ModelManifestJson.read(folder.resolve(ModelManifestJson.FILE_NAME));
      boolean isBundles =
          receipt(manifest).filter(each -> each.origin().startsWith(Origin.BUNDLE)).isPresent();
      if (isBundles && !wanted.contains(name(manifest))) {
        delete(manifest);
      }
    }
  }

  /** Folders {@code ID/VERSION} that hold a manifest, for each id the newest folder last. */
  List<Path> installedFolders() {
    List<Path> folders = new ArrayList<>();
    for (Path id : children(root)) {
      if (Files.isDirectory(id) && !holdsManifest(id)) {
        children(id).stream()
            .filter(PackageStore::holdsManifest)
            .sorted(
                Comparator.comparing(
                    folder -> modified(folder.resolve(ModelManifestJson.FILE_NAME))))
            .forEach(folders::add);
      }
    }
    return folders;
  }

  /** Archives, and folders that hold a manifest, at the top: what a user dropped in. */
  List<Path> dropped() {
    return children(root).stream()
        .filter(path -> holdsManifest(path) || path.getFileName().toString().endsWith(".zip"))
        .toList();
  }

  private Path receiptFile(ModelManifest manifest) {
    return receipts.resolve(name(manifest));
  }

  private static String name(ModelManifest manifest) {
    return manifest.id() + "@" + manifest.version();
  }

  private static boolean holdsManifest(Path folder) {
    return Files.isRegularFile(folder.resolve(ModelManifestJson.FILE_NAME));
  }

  private static FileTime modified(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw new StorageException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static List<Path> children(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> list = Files.list(folder)) {
      return list.filter(path -> !path.getFileName().toString().startsWith("."))
          .sorted(Comparator.naturalOrder())
          .toList();
    } catch (IOException e) {
      throw new StorageException("cannot list " + folder + ": " + e.getMessage(), e);
    }
  }
}
