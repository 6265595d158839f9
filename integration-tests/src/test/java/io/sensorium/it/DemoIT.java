package io.sensorium.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.host.demo.DemoRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoIT {
  @TempDir Path folder;

  @Test
  void theDemoPlugsInASenseLosesNoRequestAndFindsWhatItAsksFor() throws IOException {
    DemoRun run = DemoRun.in(folder.resolve("demo"), "cpu", line -> {}, 7);
    Map<String, Object> json = run.asJson();
    List<?> queries = (List<?>) json.get("queries");
    long right =
        queries.stream()
            .filter(q -> Boolean.TRUE.equals(((Map<?, ?>) q).get("firstIsRight")))
            .count();
    assertThat((double) right / queries.size()).isGreaterThan(0.75);
    List<String> felt =
        queries.stream()
            .map(q -> (Map<?, ?>) q)
            .filter(q -> q.get("act").toString().startsWith("Words find movements"))
            .filter(q -> Boolean.TRUE.equals(q.get("firstIsRight")))
            .map(q -> q.get("asked").toString())
            .toList();
    assertThat(felt).contains("\"a bell\"").hasSizeGreaterThanOrEqualTo(2);
    assertThat(json).containsKeys("page", "samples", "seconds");
    assertItAnswered((List<?>) json.get("answers"), Files.readString(run.page()));
    assertThat(json.get("hotPlug").toString())
        .contains("bundle=sensorium-example-motion.jar", "failedRequests=0")
        .doesNotContain("requests=0,");
    assertThat(Files.readString(run.page()))
        .contains("data:image/png;base64,", "data:audio/wav;base64,", "<svg class=motion")
        .doesNotContain("{{", "http://", "https://");
  }

  private static void assertItAnswered(List<?> json, String page) {
    List<Map<?, ?>> answers = json.stream().<Map<?, ?>>map(answer -> (Map<?, ?>) answer).toList();
    assertThat(answers).hasSizeGreaterThanOrEqualTo(6);
    assertThat(answers)
        .extracting(answer -> modalities((List<?>) answer.get("media")))
        .contains(List.of("image"), List.of("audio"), List.of("image", "audio"));
    // By chance less than a quarter would be right.
    assertThat(answers)
        .filteredOn(answer -> answer.get("answer").equals(answer.get("truth")))
        .as("right answers of %s", answers)
        .hasSizeGreaterThan(answers.size() * 3 / 4);
    assertThat(answers)
        .allSatisfy(
            answer ->
                assertThat(page)
                    .contains(
                        "<q>%s</q><b>%s</b>"
                            .formatted(answer.get("question"), answer.get("answer")),
                        "in truth: " + answer.get("truth")));
  }

  private static List<Object> modalities(List<?> media) {
    return media.stream().<Object>map(item -> ((Map<?, ?>) item).get("modality")).toList();
  }

  @Test
  void aFolderWithOtherThingsInItIsLeftAlone() throws IOException {
    Path precious = Files.writeString(folder.resolve("precious.txt"), "mine");
    assertThatThrownBy(() -> DemoRun.in(folder, "cpu", line -> {}, 7))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("an empty folder or an earlier demo is required");
    assertThat(precious).hasContent("mine");
  }
}
