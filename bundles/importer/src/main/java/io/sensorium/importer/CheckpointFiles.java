package io.sensorium.importer;

import io.sensorium.models.checkpoints.CheckpointFolder;
import io.sensorium.models.checkpoints.SafetensorsFile;
import io.sensorium.models.checkpoints.SentenceModule;
import io.sensorium.models.graphs.AuthoredModel;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Chooses the files of a checkpoint that belong into its package, and puts them there. */
final class CheckpointFiles {
  /** Copied as they are where they exist. */
  private static final List<String> PUBLISHED =
      List.of(
          "README.md",
          "LICENSE",
          "LICENSE.txt",
          "NOTICE",
          "config.json",
          "genai_config.json",
          "generation_config.json",
          "constructor.json",
          "preprocessor_config.json",
          "processor_config.json",
          "metrics.json",
          "golden.safetensors");

  /** As above, but in Sentence-Transformers' layout they lie in the transformer's folder. */
  private static final List<String> TOKENIZER =
      List.of(
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "chat_template.jinja",
          "sentence_bert_config.json",
          "config_sentence_transformers.json",
          "vocab.txt",
          "vocab.json",
          "merges.txt");

  private static final int MAX_FILES = 10_000;
  private static final String MEDIA = "media";
  private static final int MAX_MEDIA = 256;

  private CheckpointFiles() {}

  /**
   * Copies what the package needs besides its graph; weights are linked unless they are converted.
   */
  static void place(CheckpointFolder checkpoint, AuthoredModel model, Path target)
      throws IOException {
    placePublished(checkpoint, target);
    model.converted().ifPresent(weights -> weights.writeTo(target));
    for (String weights : model.weightFiles()) {
      link(checkpoint.requireFile(weights), target.resolve(weights));
    }
  }

  /** Copies what describes the model: card, licence, processor, tokenizer, recording, media. */
  static void placePublished(CheckpointFolder checkpoint, Path target) throws IOException {
    Map<String, Path> published = new TreeMap<>();
    PUBLISHED.forEach(name -> checkpoint.file(name).ifPresent(path -> published.put(name, path)));
    for (String name : TOKENIZER) {
      checkpoint
          .file(transformerFile(checkpoint, name))
          .or(() -> checkpoint.file(name))
          .ifPresent(path -> published.put(name, path));
    }
    for (Map.Entry<String, Path> file : published.entrySet()) {
      Files.copy(file.getValue(), target.resolve(file.getKey()));
    }
    placeMedia(checkpoint, target);
  }

  /** Copies the files that the recording says what preprocessing makes of. */
  private static void placeMedia(CheckpointFolder checkpoint, Path target) throws IOException {
    Path folder = checkpoint.path().resolve(MEDIA);
    Optional<Path> recording = checkpoint.file(GoldenRecorder.FILE_NAME);
    if (recording.isEmpty() || !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    List<String> recorded;
    try (SafetensorsFile golden = SafetensorsFile.open(recording.get())) {
      recorded = List.copyOf(golden.names());
    }
    for (Path file : files(folder)) {
      String prefix = "pre." + file.getFileName().toString().replaceFirst("\\.[^.]*$", "") + ".";
      if (recorded.stream().anyMatch(name -> name.startsWith(prefix))) {
        Files.createDirectories(target.resolve(MEDIA));
        Files.copy(file, target.resolve(MEDIA).resolve(file.getFileName().toString()));
      }
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .sorted()
          .limit(MAX_MEDIA)
          .toList();
    }
  }

  /** Where a file of the transformer is, relative to the checkpoint. */
  static String transformerFile(CheckpointFolder checkpoint, String name) {
    if (!checkpoint.hasSentenceModules()) {
      return name;
    }
    return checkpoint.sentenceModules().stream()
        .filter(module -> module.kind().equals("Transformer"))
        .findFirst()
        .map((SentenceModule module) -> module.file(name))
        .orElse(name);
  }

  /** The file itself under another name, or a copy of it. */
  static void link(Path source, Path target) throws IOException {
    Files.createDirectories(target.getParent());
    try {
      Files.createLink(target, source);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (IOException | UnsupportedOperationException e) {
      // Another file system, or one without hard links: a copy does the same.
      Files.copy(source, target);
    }
  }

  /** The file of that name, or all files of the folder of that name, relative to the checkpoint. */
  static List<String> under(CheckpointFolder checkpoint, String name) throws IOException {
    Path path = checkpoint.path().resolve(name).normalize();
    boolean inside = path.startsWith(checkpoint.path()) && !path.equals(checkpoint.path());
    if (!inside || !Files.isDirectory(path)) {
      return List.of(name);
    }
    try (Stream<Path> files = Files.walk(path)) {
      return files
          .filter(Files::isRegularFile)
          .limit(MAX_FILES)
          .map(file -> checkpoint.path().relativize(file).toString().replace('\\', '/'))
          .toList();
    }
  }
}
