package io.sensorium.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.api.space.EncoderStatus;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.api.SensoriumOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The default text tower in the packaged host answers alike, whoever else asks at the time. */
class TextBatchIT {
  private static final long SEED = 20261121;
  private static final int SENTENCES = 200;
  private static final int MOST_WORDS = 40;
  private static final String[] WORDS =
      ("a the of between three quiet huge red bell drum train river photograph hospital law"
              + " because although measured sings broke economy Tuesday")
          .split(" ");

  /**
   * Sums of floats may round otherwise among others, and a byte with them. With one scale for the
   * batch the least cosine was 0.988.
   */
  private static final double LEAST_COSINE = 0.995;

  @TempDir Path folder;

  @Test
  void aSentenceIsTheSameAloneAndAmongOthers() throws Exception {
    Path home = folder.resolve("home");
    Path deploy = Files.createDirectories(home.resolve("deploy"));
    // Whoever is being prepared gets into the batch, however busy the machine is.
    Files.writeString(deploy.resolve("io.sensorium.space.cfg"), "maxDelayMicros = 5000000\n");
    List<EncodeRequest> sentences = sentences();
    try (Sensorium sensorium = Sensorium.start(SensoriumOptions.at(home))) {
      List<Embedding> alone = sentences.stream().map(sensorium::embed).toList();
      assertThat(meanBatch(sensorium)).as("one after another").isEqualTo(1);
      List<Embedding> together = sensorium.embedAll(sentences);
      assertThat(meanBatch(sensorium)).as("all of them").isGreaterThan(1);
      for (int i = 0; i < SENTENCES; i++) {
        assertThat(together.get(i).cosine(alone.get(i)))
            .as("sentence %d of seed %d", i, SEED)
            .isGreaterThan(LEAST_COSINE);
      }
    }
  }

  private static double meanBatch(Sensorium sensorium) {
    return sensorium.encoders().stream()
        .filter(encoder -> encoder.model().equals("world-text"))
        .mapToDouble(EncoderStatus::meanBatch)
        .findFirst()
        .orElseThrow();
  }

  private static List<EncodeRequest> sentences() {
    Random random = new Random(SEED);
    List<EncodeRequest> sentences = new ArrayList<>();
    for (int i = 0; i < SENTENCES; i++) {
      List<String> words = new ArrayList<>();
      int length = 1 + random.nextInt(MOST_WORDS);
      while (words.size() < length) {
        words.add(WORDS[random.nextInt(WORDS.length)]);
      }
      sentences.add(EncodeRequest.text(String.join(" ", words)));
    }
    return sentences;
  }
}
