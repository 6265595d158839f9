package io.sensorium.models.training.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SampleFileTest {
  private static final String GOOD =
      "{\"media\": [\"a.png\"], \"prompt\": \"How many?\", \"answer\": \"Three.\"}";

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void makeMedia() throws IOException {
    file = folder.resolve("samples.jsonl");
    Files.createDirectories(folder.resolve("sub"));
    Files.writeString(folder.resolve("a.png"), "a");
    Files.writeString(folder.resolve("sub/b é.wav"), "b");
  }

  @Test
  void readsMediaInOrderRelativeToItsFolder() throws IOException {
    Files.writeString(
        file,
        GOOD
            + "\n\n"
            + "   \n"
            + "{\"answer\":\"Ja, 日本\",\"prompt\":\"?\",\"media\":[\"sub/b"
            + " é.wav\",\"a.png\",\"a.png\"]}");
    assertThat(SampleFile.read(file))
        .containsExactly(
            new Sample(1, java.util.List.of(folder.resolve("a.png")), "How many?", "Three."),
            new Sample(
                4,
                java.util.List.of(
                    folder.resolve("sub/b é.wav"),
                    folder.resolve("a.png"),
                    folder.resolve("a.png")),
                "?",
                "Ja, 日本"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"media\": [\"a.png\"], \"prompt\": \"x\"} | needs 'answer', a text; found nothing",
        "{\"media\": [\"a.png\"], \"prompt\": \" \", \"answer\": \"y\"} | needs 'prompt', a text;"
            + " found \" \"",
        "{\"media\": [\"a.png\"], \"prompt\": 3, \"answer\": \"y\"} | needs 'prompt', a text; found"
            + " 3",
        "{\"media\": [], \"prompt\": \"x\", \"answer\": \"y\"} | needs 'media', a list of 1 to 16"
            + " paths; found []",
        "{\"media\": \"a.png\", \"prompt\": \"x\", \"answer\": \"y\"} | needs 'media', a list of 1"
            + " to 16 paths; found \"a.png\"",
        "{\"media\": [7], \"prompt\": \"x\", \"answer\": \"y\"} | has a medium that is no path: 7",
        "{\"media\": [\"none.png\"], \"prompt\": \"x\", \"answer\": \"y\"} | names a medium that is"
            + " no file: ",
        "{\"media\": [\"a.png\"], \"question\": \"x\", \"answer\": \"y\"} | has the unknown key"
            + " 'question'",
        "{\"media\": [\"a.png\"], \"answer\": \"x\", \"answer\": \"y\"} | is no JSON object:"
            + " Duplicate",
        "{\"media\": [\"a.png\"] | is no JSON object",
        "[1, 2] | must be a JSON object; it is ARRAY",
        "{} {} | is no JSON object"
      })
  void namesTheLineOfWhatCannotBeUsed(String line, String problem) throws IOException {
    Files.writeString(file, GOOD + "\n" + line + "\n" + GOOD + "\n");
    assertThatThrownBy(() -> SampleFile.read(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("line 2 of " + file + " " + problem.strip());
  }

  @Test
  void refusesWhatIsNoUtf8AndWhatHasNoSample() throws IOException {
    Files.write(file, (GOOD + "\n{\"prompt\":\"é\"}").getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> SampleFile.read(file)).hasMessageContaining("is no UTF-8");
    Files.writeString(file, "\n \n");
    assertThatThrownBy(() -> SampleFile.read(file))
        .hasMessage(file + " must have a sample; it has none");
    Files.delete(file);
    assertThatThrownBy(() -> SampleFile.read(file))
        .hasMessage("the samples must be a file; found none at " + file);
  }
}
