package io.sensorium.host.ingest;

import io.sensorium.api.RequestContext;
import io.sensorium.host.api.IndexingReport.Unreadable;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The files below some roots: links are followed, hidden files and folders are not, unless they are
 * roots themselves.
 *
 * @param files absolute paths, each once, in the order found
 * @param unreadable folders and links that could not be followed, and things that are no files
 */
record FolderWalk(Set<Path> files, List<Unreadable> unreadable) {

  /**
   * Walks.
   *
   * @param excluded a folder that is left out: the home itself
   */
  static FolderWalk of(List<Path> roots, Path excluded, RequestContext context) {
    Set<Path> files = new LinkedHashSet<>();
    List<Unreadable> unreadable = new ArrayList<>();
    for (Path given : roots) {
      Path root = given.toAbsolutePath().normalize();
      try {
        Files.walkFileTree(
            root,
            EnumSet.of(FileVisitOption.FOLLOW_LINKS),
            Integer.MAX_VALUE,
            new Visitor(root, excluded, files, unreadable, context));
      } catch (IOException e) {
        unreadable.add(new Unreadable(root.toString(), reason(e)));
      }
    }
    return new FolderWalk(files, unreadable);
  }

  private static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException missing -> "no such file or folder";
      case AccessDeniedException denied -> "no permission to read it";
      case FileSystemLoopException loop -> "a link that leads back to a folder above it";
      default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    };
  }

  private static final class Visitor extends SimpleFileVisitor<Path> {
    private final Path root;
    private final Path excluded;
    private final Set<Path> files;
    private final List<Unreadable> unreadable;
    private final RequestContext context;

    Visitor(
        Path root,
        Path excluded,
        Set<Path> files,
        List<Unreadable> unreadable,
        RequestContext context) {
      this.root = root;
      this.excluded = excluded;
      this.files = files;
      this.unreadable = unreadable;
      this.context = context;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      context.check("reading " + folder);
      return isHidden(folder) || folder.equals(excluded)
          ? FileVisitResult.SKIP_SUBTREE
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (isHidden(file)) {
        return FileVisitResult.CONTINUE;
      }
      if (attributes.isRegularFile()) {
        files.add(file);
      } else {
        unreadable.add(new Unreadable(file.toString(), "neither a file nor a folder"));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) {
      if (!isHidden(file)) {
        unreadable.add(new Unreadable(file.toString(), reason(failure)));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException failure) {
      if (failure != null) {
        unreadable.add(new Unreadable(folder.toString(), reason(failure)));
      }
      return FileVisitResult.CONTINUE;
    }

    private boolean isHidden(Path path) {
      return !path.equals(root)
          && path.getFileName() != null
          && path.getFileName().toString().startsWith(".");
    }
  }
}
