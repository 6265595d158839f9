package io.sensorium.host.bench.hotplug;

import io.sensorium.api.media.MediaInput;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.EncodeRequest;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/**
 * Numbers for the probe encoder. An answer has the direction of (number, encoder's version,
 * package's version), so that it tells whether one plug-in gave all of it.
 */
final class ProbeTraffic implements Traffic {
  private static final int LARGEST = 100;
  private static final double TOLERANCE = 1e-3;

  @Override
  public String name() {
    return ProbeModel.MODALITY.name();
  }

  @Override
  public Sent next(RandomGenerator random) {
    return ask(random.nextInt(1, LARGEST));
  }

  /** Asks for one number. */
  static Sent ask(int number) {
    ByteBuffer text = ByteBuffer.wrap(Integer.toString(number).getBytes(StandardCharsets.UTF_8));
    EncodeRequest request =
        EncodeRequest.of(ProbeModel.MODALITY, new MediaInput("number-" + number, text))
            .in(ProbeModel.SPACE.name());
    return new Sent(request, answer -> versionOf(answer, number));
  }

  private static int versionOf(Embedding answer, int number) {
    FloatBuffer values = answer.values();
    if (values.remaining() != ProbeModel.WIDTH) {
      return Judge.MIXED;
    }
    double scale = number / (double) values.get(0);
    double encoder = values.get(1) * scale;
    double model = values.get(2) * scale;
    long version = Math.round(encoder);
    boolean whole =
        version > 0
            && Math.abs(encoder - version) < TOLERANCE * number
            && Math.abs(model - version) < TOLERANCE * number;
    return whole ? (int) version : Judge.MIXED;
  }
}
