package io.sensorium.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.model.ModelManifest;
import io.sensorium.models.packages.ModelManifestJson;
import io.sensorium.models.packages.PackageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the folder looks like after a process died, and what the next one makes of it. */
final class PackageStoreTest {
  @TempDir Path temporary;

  private Path root() {
    return temporary.resolve("packages");
  }

  private ModelManifest publish(PackageStore store, String id, String origin) throws IOException {
    Path staged = store.stage();
    TestPackages.good(staged, id, "1");
    ModelManifest manifest = ModelManifestJson.read(staged.resolve(ModelManifestJson.FILE_NAME));
    store.publish(staged, manifest, Receipt.of(staged, manifest, false, origin)).confirm();
    return manifest;
  }

  @Test
  void aPackageThatWasAboutToBeReplacedComesBack() throws IOException {
    PackageStore store = new PackageStore(root());
    ModelManifest manifest = publish(store, "one", Receipt.USER);
    Files.move(store.folder(manifest), store.stage().resolve("before"));

    PackageStore next = new PackageStore(root());

    PackageFiles.verify(next.folder(manifest), manifest);
    assertThat(next.receipt(manifest).orElseThrow().fits(next.folder(manifest), manifest)).isTrue();
    assertThat(root().resolve(".staging")).isEmptyDirectory();
  }

  @Test
  void aPackageThatWasReplacedOrIsHalfDeletedStaysAway() throws IOException {
    PackageStore store = new PackageStore(root());
    ModelManifest manifest = publish(store, "one", Receipt.USER);
    TestPackages.write(
        store.stage().resolve("before"), "one", "1", TestPackages.FREE, 0.5f, Map.of());
    Files.writeString(
        Files.createDirectory(store.stage().resolve("before")).resolve("model.json"), "{");

    PackageStore next = new PackageStore(root());

    PackageFiles.verify(next.folder(manifest), manifest);
    assertThat(root().resolve(".staging")).isEmptyDirectory();
  }

  @Test
  void aReceiptWithoutItsPackageGoes() throws IOException {
    PackageStore store = new PackageStore(root());
    ModelManifest kept = publish(store, "kept", Receipt.USER);
    ModelManifest gone = publish(store, "gone", "bundle:org.example");
    PackageFiles.deleteTree(store.folder(gone).getParent());

    PackageStore next = new PackageStore(root());

    assertThat(next.receipt(gone)).isEmpty();
    assertThat(next.receipt(kept)).isPresent();
  }

  @Test
  void whatABundleBroughtGoesWhenNoBundleCarriesItAnyMore() throws IOException {
    PackageStore store = new PackageStore(root());
    ModelManifest users = publish(store, "users", Receipt.USER);
    ModelManifest carried = publish(store, "carried", "bundle:org.example");
    ModelManifest left = publish(store, "left", "bundle:org.example");

    store.deleteUnclaimed(List.of(carried));

    assertThat(store.folder(users)).isDirectory();
    assertThat(store.folder(carried)).isDirectory();
    assertThat(store.folder(left).getParent()).doesNotExist();
    assertThat(store.receipt(left)).isEmpty();
    assertThat(root().resolve(".staging")).isEmptyDirectory();
  }
}
