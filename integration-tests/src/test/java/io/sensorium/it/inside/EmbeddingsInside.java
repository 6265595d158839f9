package io.sensorium.it.inside;

import io.sensorium.api.Modality;
import io.sensorium.api.space.EmbeddingService;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.testkit.EmbeddingServiceContract;
import java.awt.Color;
import java.util.List;

/** The space of the packaged bundle, with the encoders and models of the others. */
public class EmbeddingsInside extends EmbeddingServiceContract {
  @Override
  protected EmbeddingService service() {
    return Inside.readyEmbeddings();
  }

  @Override
  protected List<EncodeRequest> readable() {
    return List.of(
        EncodeRequest.text("three red bells"),
        EncodeRequest.of(Modality.IMAGE, Media.picture(Color.RED, 101, 67)),
        EncodeRequest.of(Modality.AUDIO, Media.tone(440, 0.7)),
        EncodeRequest.text("a drum"),
        EncodeRequest.of(Modality.IMAGE, Media.picture(Color.GREEN, 80, 80)));
  }

  @Override
  protected List<EncodeRequest> unreadable() {
    return List.of(
        EncodeRequest.of(Modality.IMAGE, Media.junk("junk.png", 1_021)),
        EncodeRequest.of(Modality.IMAGE, Media.tone(440, 0.1)),
        EncodeRequest.of(Modality.AUDIO, Media.junk("junk.wav", 7)));
  }
}
