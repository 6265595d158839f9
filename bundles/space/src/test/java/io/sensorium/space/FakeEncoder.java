package io.sensorium.space;

import io.sensorium.api.UnsupportedInputException;
import io.sensorium.api.encoder.ModalityEncoder;
import io.sensorium.api.encoder.Preprocessor;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Reads numbers separated by spaces; anything else is unsupported, and "crash" is a bug. */
final class FakeEncoder implements ModalityEncoder {
  final AtomicInteger opened = new AtomicInteger();
  final AtomicInteger closed = new AtomicInteger();
  final AtomicInteger usedAfterClose = new AtomicInteger();
  final AtomicInteger preparing = new AtomicInteger();
  volatile Runnable beforePrepare = () -> {};

  @Override
  public Preprocessor open(ModelGraph model) {
    opened.incrementAndGet();
    AtomicBoolean isClosed = new AtomicBoolean();
    return new Preprocessor() {
      @Override
      public Map<String, Tensor> prepare(MediaInput input) {
        preparing.incrementAndGet();
        try {
          beforePrepare.run();
          return read(input);
        } finally {
          if (isClosed.get()) {
            usedAfterClose.incrementAndGet();
          }
          preparing.decrementAndGet();
        }
      }

      @Override
      public void close() {
        isClosed.set(true);
        closed.incrementAndGet();
      }
    };
  }

  private static Map<String, Tensor> read(MediaInput input) {
    String text = StandardCharsets.UTF_8.decode(input.bytes()).toString();
    if (text.equals("crash")) {
      throw new IllegalStateException("a bug in the encoder");
    }
    String[] words = text.split(" ", -1);
    Tensor values = Tensor.allocate(ElementType.FLOAT32, Shape.of(1, words.length));
    Tensor mask = Tensor.allocate(ElementType.INT64, Shape.of(1, words.length));
    for (int i = 0; i < words.length; i++) {
      try {
        values.asFloats().put(i, Float.parseFloat(words[i]));
      } catch (NumberFormatException e) {
        throw new UnsupportedInputException("not a number: " + words[i], e);
      }
      mask.asLongs().put(i, 1);
    }
    return text.equals("0 0 0 0")
        ? Map.of(FakeModel.VALUES, values)
        : Map.of(FakeModel.VALUES, values, FakeModel.MASK, mask);
  }
}
