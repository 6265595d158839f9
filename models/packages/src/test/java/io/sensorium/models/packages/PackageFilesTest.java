package io.sensorium.models.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.StorageException;
import io.sensorium.api.model.ModelFile;
import io.sensorium.api.model.ModelManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PackageFilesTest {
  private static final PackageLimits LIMITS = PackageLimits.DEFAULT;

  @TempDir Path temporary;
  private Path folder;
  private ModelManifest manifest;

  @BeforeEach
  void makePackage() throws IOException {
    folder = Packages.folder(temporary.resolve("tiny"));
    manifest = ModelManifestJson.read(folder.resolve("model.json"));
  }

  @Test
  void hashingListsEveryFileByPathWithoutTheManifest() throws IOException {
    assertThat(PackageFiles.hash(folder))
        .extracting(ModelFile::path)
        .containsExactly("media/one.txt", "model.onnx", "weights.bin");
    assertThat(PackageFiles.hash(folder).get(0).sha256())
        .isEqualTo("7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed");
  }

  @Test
  void whatWasHashedBeforeIsNotReadAgain() throws IOException {
    List<ModelFile> before = PackageFiles.hash(folder);
    Files.write(folder.resolve("weights.bin"), new byte[3]);
    Files.writeString(folder.resolve("added.txt"), "one");
    assertThat(PackageFiles.hash(folder, before))
        .containsExactly(
            new ModelFile("added.txt", 3, before.get(0).sha256()),
            before.get(0),
            before.get(1),
            before.get(2));
  }

  @Test
  void hashingRefusesLinks() throws IOException {
    Files.createSymbolicLink(folder.resolve("link"), folder.resolve("model.onnx"));
    assertThatThrownBy(() -> PackageFiles.hash(folder)).isInstanceOf(ModelLoadException.class);
  }

  @Test
  void anUntouchedFolderVerifies() {
    PackageFiles.verify(folder, manifest);
  }

  @Test
  void aMissingFileIsNamed() throws IOException {
    Files.delete(folder.resolve("weights.bin"));
    assertFails("'weights.bin' is listed in the manifest but missing");
  }

  @Test
  void aLongerFileIsNamed() throws IOException {
    Files.write(folder.resolve("weights.bin"), new byte[100_004]);
    assertFails("'weights.bin' in .* must have 100003 bytes; got more");
  }

  @Test
  void aShorterFileIsNamed() throws IOException {
    Files.write(folder.resolve("weights.bin"), new byte[100_002]);
    assertFails("'weights.bin' in .* must have 100003 bytes; got 100002");
  }

  @Test
  void aChangedByteIsNamed() throws IOException {
    byte[] changed = new byte[100_003];
    changed[99_999] = 1;
    Files.write(folder.resolve("weights.bin"), changed);
    assertFails("'weights.bin' in .* must have the sha256");
  }

  @Test
  void aLinkOutOfTheFolderIsRefusedEvenIntoASiblingWithTheSamePrefix() throws IOException {
    Path sibling = Files.createDirectory(temporary.resolve("tiny-sibling"));
    Path outside = Files.write(sibling.resolve("weights.bin"), new byte[100_003]);
    Files.delete(folder.resolve("weights.bin"));
    Files.createSymbolicLink(folder.resolve("weights.bin"), outside);
    assertFails("is a link that leaves the package");
  }

  @Test
  void aLinkInsideTheFolderIsCopiedAsAFile() throws IOException {
    Files.move(folder.resolve("weights.bin"), folder.resolve("blob"));
    Files.createSymbolicLink(folder.resolve("weights.bin"), Path.of("blob"));
    Path target = temporary.resolve("kept/tiny/1.0");
    PackageFiles.install(new FolderSource(folder), target, LIMITS);
    assertThat(target.resolve("weights.bin")).isRegularFile();
    assertThat(Files.isSymbolicLink(target.resolve("weights.bin"))).isFalse();
    PackageFiles.verify(target, manifest);
  }

  @Test
  void anInstalledFolderHoldsTheListedFilesOnly() throws IOException {
    Files.writeString(folder.resolve("undeclared.bin"), "x");
    Path target = temporary.resolve("kept/tiny/1.0");
    PackageFiles.install(new FolderSource(folder), target, LIMITS);
    assertThat(names(target))
        .containsExactlyInAnyOrder("media/one.txt", "model.json", "model.onnx", "weights.bin");
    assertThat(names(target.getParent())).noneMatch(name -> name.startsWith("."));
  }

  @Test
  void filesThatStayAsTheyAreAreLinkedInsteadOfCopied() throws IOException {
    Path target = temporary.resolve("kept/tiny/1.0");
    PackageFiles.install(new FolderSource(folder, true), target, LIMITS);
    PackageFiles.verify(target, manifest);
    for (ModelFile file : manifest.files()) {
      assertThat(Files.isSameFile(target.resolve(file.path()), folder.resolve(file.path())))
          .as(file.path())
          .isTrue();
    }
    PackageFiles.deleteTree(target);
    PackageFiles.verify(folder, manifest);
  }

  @Test
  void linkedFilesAreCheckedLikeCopies() throws IOException {
    Path target = temporary.resolve("kept/tiny/1.0");
    Files.write(folder.resolve("weights.bin"), new byte[7]);
    assertThatThrownBy(() -> PackageFiles.install(new FolderSource(folder, true), target, LIMITS))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("'weights.bin'");
    assertThat(target.getParent()).isEmptyDirectory();
    assertThat(folder.resolve("weights.bin")).exists();
    Files.delete(folder.resolve("weights.bin"));
    assertThatThrownBy(() -> PackageFiles.install(new FolderSource(folder, true), target, LIMITS))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("missing");
  }

  @Test
  void aFailedInstallLeavesNothing() throws IOException {
    Files.writeString(folder.resolve("weights.bin"), "damaged");
    Path target = temporary.resolve("kept/tiny/1.0");
    assertThatThrownBy(() -> PackageFiles.install(new FolderSource(folder), target, LIMITS))
        .isInstanceOf(ModelLoadException.class);
    assertThat(target.getParent()).isEmptyDirectory();
  }

  @Test
  void anInstallNeverReplacesWhatIsThere() throws IOException {
    Path target = temporary.resolve("kept/tiny/1.0");
    PackageFiles.install(new FolderSource(folder), target, LIMITS);
    assertThatThrownBy(() -> PackageFiles.install(new FolderSource(folder), target, LIMITS))
        .isInstanceOf(StorageException.class);
    PackageFiles.verify(target, manifest);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "tiny/"})
  void anArchiveIsUnpackedFromTheTopOrFromItsOnlyFolder(String prefix) throws IOException {
    Path target = temporary.resolve("kept/tiny/1.0");
    try (ZipSource source =
        new ZipSource(Packages.zip(temporary.resolve("p.zip"), entries(prefix)), LIMITS)) {
      PackageFiles.install(source, target, LIMITS);
    }
    PackageFiles.verify(target, manifest);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../evil", "/evil", "a/../../evil", "..\\evil", "C:/evil", "../tiny-sibling/evil"})
  void anEntryThatClimbsIsRefused(String name) throws IOException {
    Map<String, byte[]> entries = entries("");
    entries.put(name, new byte[3]);
    Path zip = Packages.zip(temporary.resolve("slip.zip"), entries);
    assertThatThrownBy(() -> new ZipSource(zip, LIMITS))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("stay inside");
  }

  @Test
  void limitsAreCheckedBeforeUnpacking() throws IOException {
    Path zip = Packages.zip(temporary.resolve("p.zip"), entries(""));
    assertThatThrownBy(() -> new ZipSource(zip, new PackageLimits(3, 1 << 30, 200)))
        .hasMessageContaining("at most 3 entries");
    assertThatThrownBy(() -> new ZipSource(zip, new PackageLimits(10, 1000, 200)))
        .hasMessageContaining("at most 1000 bytes");
    Map<String, byte[]> bomb = entries("");
    bomb.put("bomb", new byte[20 << 20]);
    Path bombZip = Packages.zip(temporary.resolve("bomb.zip"), bomb);
    assertThatThrownBy(() -> new ZipSource(bombZip, LIMITS)).hasMessageContaining("200 times");
    assertThatThrownBy(
            () ->
                PackageFiles.install(
                    new FolderSource(folder),
                    temporary.resolve("t"),
                    new PackageLimits(10, 1000, 200)))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("at most 10 files of 1000 bytes");
  }

  @Test
  void everyTruncatedArchiveIsOneModelLoadException() throws IOException {
    byte[] whole = Files.readAllBytes(Packages.zip(temporary.resolve("p.zip"), entries("")));
    Path cut = temporary.resolve("cut.zip");
    for (int length = 0; length < whole.length; length += 13) {
      Files.write(cut, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> new ZipSource(cut, LIMITS)).isInstanceOf(ModelLoadException.class);
    }
  }

  @Test
  void everyDamagedByteOfAnArchiveIsRefusedOrHarmless() throws IOException {
    byte[] whole = Files.readAllBytes(Packages.zip(temporary.resolve("p.zip"), entries("")));
    for (int at = 0; at < whole.length; at += 11) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x55;
      Path file = Files.write(temporary.resolve("damaged.zip"), damaged);
      Path target = temporary.resolve("from-damaged-" + at);
      try (ZipSource source = new ZipSource(file, LIMITS)) {
        PackageFiles.install(source, target, LIMITS);
        PackageFiles.verify(target, manifest);
      } catch (ModelLoadException expected) {
        assertThat(target).doesNotExist();
      }
    }
  }

  @Test
  void anArchiveWithoutManifestIsRefused() throws IOException {
    Path zip = Packages.zip(temporary.resolve("n.zip"), Map.of("a/x", new byte[1]));
    assertThatThrownBy(() -> new ZipSource(zip, LIMITS))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("model.json");
    assertThatThrownBy(() -> new ZipSource(temporary.resolve("absent.zip"), LIMITS))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("no such file");
  }

  private void assertFails(String pattern) {
    assertThatThrownBy(() -> PackageFiles.verify(folder, manifest))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageFindingMatch(pattern);
  }

  private Map<String, byte[]> entries(String prefix) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    for (String name : names(folder)) {
      entries.put(prefix + name, Files.readAllBytes(folder.resolve(name)));
    }
    return entries;
  }

  private static List<String> names(Path root) throws IOException {
    try (Stream<Path> walk = Files.walk(root)) {
      return walk.filter(Files::isRegularFile).map(p -> root.relativize(p).toString()).toList();
    }
  }
}
