package io.sensorium.api.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.UnsupportedInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MediaInputTest {
  @TempDir Path folder;

  @Test
  void aFileOverTheLimitIsRefusedWithBothFigures() throws IOException {
    Path file = Files.write(folder.resolve("a.bin"), new byte[1021]);
    assertThat(MediaInput.read(file, 1021).size()).isEqualTo(1021);
    assertThatThrownBy(() -> MediaInput.read(file, 1020))
        .isInstanceOf(UnsupportedInputException.class)
        .hasMessageContaining("1020")
        .hasMessageContaining("1021");
  }

  @Test
  void missingFilesAndFoldersAreNamed() {
    assertThatThrownBy(() -> MediaInput.read(folder.resolve("none.png"), 10))
        .isInstanceOf(UnsupportedInputException.class)
        .hasMessageContaining("no such file");
    assertThatThrownBy(() -> MediaInput.read(folder, 10))
        .isInstanceOf(UnsupportedInputException.class)
        .hasMessageContaining("a regular file is required");
  }

  @Test
  void readersDoNotDisturbEachOther() {
    MediaInput input = MediaInput.ofText("bell");
    input.bytes().get();
    assertThat(input.bytes().remaining()).isEqualTo(4);
  }
}
