package io.sensorium.host.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextFileTest {
  private static final int MAXIMUM_BYTES = 8;

  @TempDir private Path folder;

  @Test
  void aTextOfTheGreatestLengthIsReadAsItStands() throws IOException {
    Path file = Files.writeString(folder.resolve("a.txt"), "Bäume\r\n");

    assertThat(TextFile.read("a prompt", file, MAXIMUM_BYTES)).isEqualTo("Bäume\r\n");
  }

  @Test
  void aByteOrderMarkAtTheBeginIsNoPartOfTheText() throws IOException {
    Path file = Files.writeString(folder.resolve("a.txt"), "\uFEFFa\uFEFF");

    assertThat(TextFile.read("a prompt", file, MAXIMUM_BYTES)).isEqualTo("a\uFEFF");
  }

  @Test
  void whatIsNoReadableTextIsNamedWithTheReason() throws IOException {
    assertRefused(folder.resolve("none.txt"), "no such file: " + folder.resolve("none.txt"));
    assertRefused(folder, "a JSON schema must be a file; %s is a folder".formatted(folder));
    Path broken = Files.write(folder.resolve("broken.txt"), new byte[] {'a', (byte) 0xff});
    assertRefused(broken, "a JSON schema must be UTF-8; %s is not".formatted(broken));
    Path longer = Files.writeString(folder.resolve("long.txt"), "123456789");
    assertRefused(longer, "a JSON schema may have 8 bytes; %s has 9".formatted(longer));
  }

  private static void assertRefused(Path file, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TextFile.read("a JSON schema", file, MAXIMUM_BYTES))
        .withMessage(message);
  }
}
