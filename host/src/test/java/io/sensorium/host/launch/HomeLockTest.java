package io.sensorium.host.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.host.api.HomeInUseException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeLockTest {
  @TempDir private Path folder;

  @Test
  void isTakenOnceAtATimeAndNamesTheProcess() {
    HomeFolder home = new HomeFolder(folder);
    HomeLock first = HomeLock.take(home);

    assertThatThrownBy(() -> HomeLock.take(home))
        .isInstanceOf(HomeInUseException.class)
        .hasMessageContaining(folder.toString())
        .hasMessageContaining(Long.toString(ProcessHandle.current().pid()));
    // A failed attempt must not give away what POSIX would take back at the first close.
    assertThatThrownBy(() -> HomeLock.take(home)).isInstanceOf(HomeInUseException.class);

    first.close();
    first.close();
    HomeLock.take(home).close();
  }

  @Test
  void isInAHomeThatIsMadeForItsOwnerAlone() throws Exception {
    HomeFolder home = new HomeFolder(folder.resolve("new/home"));
    home.create();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.root())))
        .isEqualTo("rwx------");
    HomeLock.take(home).close();
  }

  @Test
  void isTheSameForAHomeReachedThroughALink() throws Exception {
    Path real = Files.createDirectory(folder.resolve("real"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), real);
    try (HomeLock held = HomeLock.take(new HomeFolder(real))) {
      assertThat(held).isNotNull();
      assertThatThrownBy(() -> HomeLock.take(new HomeFolder(link)))
          .isInstanceOf(HomeInUseException.class);
    }
  }

  @Test
  void isRefusedToAnotherProcess() throws Exception {
    HomeFolder home = new HomeFolder(folder);
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process other =
        new ProcessBuilder(
                java,
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertThat(other.inputReader().readLine()).isEqualTo("held");
      assertThatThrownBy(() -> HomeLock.take(home))
          .isInstanceOf(HomeInUseException.class)
          .hasMessageContaining("process " + other.pid());
    } finally {
      other.destroyForcibly();
      other.waitFor(1, TimeUnit.MINUTES);
    }
    HomeLock.take(home).close();
    try (FileChannel channel = FileChannel.open(home.lockFile(), StandardOpenOption.READ)) {
      assertThat(channel.size()).isPositive();
    }
  }

  /** Another process that holds a home. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] arguments) throws Exception {
      try (HomeLock lock = HomeLock.take(new HomeFolder(Path.of(arguments[0])))) {
        System.out.println(lock == null ? "" : "held");
        System.in.read();
      }
    }
  }
}
