package io.sensorium.it.inside;

import io.sensorium.api.encoder.ModalityEncoder;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.model.ModelRepository;
import io.sensorium.testkit.ModalityEncoderContract;
import java.awt.Color;
import java.util.List;
import org.junit.jupiter.api.Nested;

/** The encoders of the packaged bundles, each with its default model. */
public class EncodersInside {
  private abstract static class Default extends ModalityEncoderContract {
    private final String modality;

    Default(String modality) {
      this.modality = modality;
    }

    @Override
    protected ModalityEncoder encoder() {
      return Inside.service(
          ModalityEncoder.class,
          "(&(objectClass=%s)(%s=%s))"
              .formatted(ModalityEncoder.class.getName(), ModalityEncoder.MODALITY, modality));
    }

    @Override
    protected ModelGraph graph() {
      Inside.readyEmbeddings();
      return Inside.service(ModelRepository.class)
          .find("world-" + modality)
          .orElseThrow()
          .graphs()
          .getFirst();
    }
  }

  @Nested
  class Images extends Default {
    Images() {
      super("image");
    }

    @Override
    protected List<MediaInput> readable() {
      return List.of(Media.picture(Color.RED, 101, 67), Media.picture(Color.BLUE, 7, 13));
    }

    @Override
    protected List<MediaInput> unreadable() {
      return List.of(Media.junk("junk.png", 1_021), Media.tone(440, 0.1));
    }
  }

  @Nested
  class Sounds extends Default {
    Sounds() {
      super("audio");
    }

    @Override
    protected List<MediaInput> readable() {
      return List.of(Media.tone(440, 0.3), Media.tone(1_021, 0.05));
    }

    @Override
    protected List<MediaInput> unreadable() {
      return List.of(Media.junk("junk.wav", 1_021), Media.picture(Color.RED, 9, 9));
    }
  }

  @Nested
  class Sentences extends Default {
    Sentences() {
      super("text");
    }

    @Override
    protected List<MediaInput> readable() {
      return List.of(
          MediaInput.ofText("three red bells"), MediaInput.ofText("\u00e4\u4e2d \uD83D\uDD14"));
    }

    @Override
    protected List<MediaInput> unreadable() {
      return List.of(Media.picture(Color.RED, 9, 9));
    }
  }
}
