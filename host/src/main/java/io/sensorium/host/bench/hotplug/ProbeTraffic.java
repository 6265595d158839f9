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

  /** Asks for one number; encoder and package must be of one version. */
  static Sent ask(int number) {
    return new Sent(request(number), answer -> versionOf(answer, number));
  }

  /** Asks for one number; the package's version is told, if the encoder is of that version. */
  static Sent askFor(int number, int encoder) {
    return new Sent(
        request(number),
        answer -> encoder == part(answer, number, 1) ? part(answer, number, 2) : Judge.MIXED);
  }

  private static EncodeRequest request(int number) {
    ByteBuffer text = ByteBuffer.wrap(Integer.toString(number).getBytes(StandardCharsets.UTF_8));
    return EncodeRequest.of(ProbeModel.MODALITY, new MediaInput("number-" + number, text))
        .in(ProbeModel.SPACE.name());
  }

  private static int versionOf(Embedding answer, int number) {
    int encoder = part(answer, number, 1);
    return encoder == part(answer, number, 2) ? encoder : Judge.MIXED;
  }

  /** A component as a whole number, undoing the normalisation; MIXED if it is none. */
  private static int part(Embedding answer, int number, int component) {
    FloatBuffer values = answer.values();
    if (values.remaining() != ProbeModel.WIDTH) {
      return Judge.MIXED;
    }
    double value = values.get(component) / (double) values.get(0) * number;
    long whole = Math.round(value);
    boolean isWhole = whole > 0 && Math.abs(value - whole) < TOLERANCE * number;
    return isWhole ? (int) whole : Judge.MIXED;
  }
}
