package io.sensorium.host.bench.hotplug;

import io.sensorium.api.Modality;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.EncodeRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** Pictures, whose answers by each version are learned before. Thread-safe. */
final class PictureTraffic implements Traffic {
  /** Batches of other sizes round differently; versions differ by far more. */
  private static final double LEAST_COSINE = 0.9999;

  private final List<MediaInput> pictures;
  private final Map<Integer, List<Embedding>> expected = new ConcurrentHashMap<>();

  PictureTraffic(List<MediaInput> pictures) {
    this.pictures = List.copyOf(pictures);
  }

  @Override
  public String name() {
    return Modality.IMAGE.name();
  }

  @Override
  public Sent next(RandomGenerator random) {
    int picture = random.nextInt(pictures.size());
    return new Sent(request(picture), answer -> versionOf(answer, picture));
  }

  @Override
  public void learn(int version, Function<EncodeRequest, Embedding> service) {
    List<Embedding> answers = new ArrayList<>();
    for (int picture = 0; picture < pictures.size(); picture++) {
      Embedding answer = service.apply(request(picture));
      int known = versionOf(answer, picture);
      if (known != Judge.MIXED) {
        throw new IllegalStateException(
            "versions must answer differently; %d and %d do not".formatted(known, version));
      }
      answers.add(answer);
    }
    expected.put(version, List.copyOf(answers));
  }

  private EncodeRequest request(int picture) {
    return EncodeRequest.of(Modality.IMAGE, pictures.get(picture)).in(ProbeModel.SPACE.name());
  }

  private int versionOf(Embedding answer, int picture) {
    return expected.entrySet().stream()
        .filter(version -> version.getValue().get(picture).cosine(answer) >= LEAST_COSINE)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(Judge.MIXED);
  }
}
