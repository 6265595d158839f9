package io.sensorium.host.remote;

import io.sensorium.host.launch.HomeFolder;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a home's socket is. The operating system limits a socket's path to about a hundred bytes;
 * for a longer one the socket lies in a private temporary folder, and a file in its place says
 * where.
 */
final class SocketLocation {
  private static final int LONGEST_PATH_BYTES = 100;

  private SocketLocation() {}

  /** Chooses and clears the address of a server that is about to listen. */
  static Path prepare(HomeFolder home) throws IOException {
    Path usual = home.socket();
    remove(home);
    if (usual.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST_PATH_BYTES) {
      return usual;
    }
    // Temporary folders are made for their owner alone.
    Path folder = Files.createTempDirectory("sensorium-");
    Path socket = folder.resolve("host.sock");
    Files.writeString(usual, socket.toString());
    return socket;
  }

  /** The address that a server of this home left; it may be dead. */
  static Optional<UnixDomainSocketAddress> find(HomeFolder home) throws IOException {
    Path usual = home.socket();
    if (Files.isRegularFile(usual)) {
      Path pointed = pointed(usual);
      return Files.exists(pointed)
          ? Optional.of(UnixDomainSocketAddress.of(pointed))
          : Optional.empty();
    }
    return Files.exists(usual) ? Optional.of(UnixDomainSocketAddress.of(usual)) : Optional.empty();
  }

  /** Deletes what a server left. */
  static void remove(HomeFolder home) throws IOException {
    Path usual = home.socket();
    if (Files.isRegularFile(usual)) {
      Path pointed = pointed(usual);
      Files.deleteIfExists(pointed);
      if (pointed.getParent() != null) {
        Files.deleteIfExists(pointed.getParent());
      }
    }
    Files.deleteIfExists(usual);
  }

  private static Path pointed(Path pointer) throws IOException {
    if (Files.size(pointer) > LONGEST_PATH_BYTES) {
      throw new IOException("no socket and no pointer to one: " + pointer);
    }
    Path pointed = Path.of(Files.readString(pointer).strip());
    if (!pointed.isAbsolute() || !pointed.endsWith("host.sock")) {
      throw new IOException("no socket and no pointer to one: " + pointer);
    }
    return pointed;
  }
}
