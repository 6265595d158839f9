package io.sensorium.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class SearchFolderIT {
  @TempDir private Path folder;

  @Test
  void printsTheNearestFilesBestFirstAsOftenAsItIsCalled() throws Exception {
    Path media = Files.createDirectory(folder.resolve("media"));
    Files.writeString(media.resolve("bells.txt"), "three red bells");
    Files.writeString(media.resolve("drum.txt"), "a large blue drum");
    String[] arguments = {
      folder.resolve("home").toString(), media.toString(), "a big drum in blue"
    };
    for (int round = 0; round < 2; round++) {
      List<String> lines = printedBy(arguments);
      assertThat(lines).hasSize(2);
      assertThat(lines.getFirst()).startsWith("1 0.").endsWith("drum.txt");
      assertThat(lines.getLast()).startsWith("2 ").endsWith("bells.txt");
    }
  }

  private static List<String> printedBy(String... arguments) {
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      SearchFolder.main(arguments);
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
