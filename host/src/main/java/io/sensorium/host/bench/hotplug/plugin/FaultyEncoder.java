package io.sensorium.host.bench.hotplug.plugin;

import io.sensorium.api.encoder.ModalityEncoder;
import io.sensorium.api.encoder.Preprocessor;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Misbehaves when it is opened, in the way that the property {@code fault} names. */
public final class FaultyEncoder implements ModalityEncoder {
  private static final long HANG_NANOS = TimeUnit.SECONDS.toNanos(8);

  private volatile String fault = "";

  /** Called by Declarative Services with the component's properties. */
  public void activate(Map<String, Object> properties) {
    fault = (String) properties.get("fault");
    if (fault.equals("activation")) {
      throw new IllegalStateException("this plug-in's component throws");
    }
  }

  @Override
  public Preprocessor open(ModelGraph graph) {
    return switch (fault) {
      case "throws" -> throw new IllegalStateException("this plug-in throws when it is opened");
      case "hangs" -> hang();
      case "heap" -> exhaust();
      case "stack" -> recurse(Integer.MAX_VALUE);
      case "null" -> null;
      case "linkage" -> Absent.open();
      case "prepare-throws" -> this::fail;
      case "prepare-null" -> input -> null;
      case "shape" -> input -> x(Shape.of(1, 2, 2), 1, 2, 3, 4);
      case "name" -> input -> Map.of("nobody", x(Shape.of(1, 3), 1, 2, 3).get("x"));
      default -> input -> x(Shape.of(1, 3), Float.NaN, Float.NaN, Float.NaN);
    };
  }

  private Map<String, Tensor> fail(MediaInput input) {
    throw new IllegalStateException("this plug-in throws at " + input.name());
  }

  private static Map<String, Tensor> x(Shape shape, float... values) {
    return Map.of("x", Tensor.ofFloats(shape, values));
  }

  private static Preprocessor hang() {
    long start = System.nanoTime();
    while (System.nanoTime() - start < HANG_NANOS) {
      LockSupport.parkNanos(HANG_NANOS / 100);
    }
    throw new IllegalStateException("this plug-in hung when it was opened");
  }

  /** Asks for more than any heap has at once: everybody else's allocations go on. */
  private static Preprocessor exhaust() {
    long[][] heap = new long[64][];
    for (int i = 0; i < heap.length; i++) {
      heap[i] = new long[Integer.MAX_VALUE - 8];
    }
    throw new IllegalStateException("the heap holds " + heap.length + " of the largest arrays");
  }

  private static Preprocessor recurse(int depth) {
    Preprocessor deeper = depth == 0 ? input -> Map.of() : recurse(depth - 1);
    return input -> deeper.prepare(input);
  }
}
