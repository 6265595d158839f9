package io.sensorium.runtime.onnx;

import io.sensorium.api.RequestContext;
import io.sensorium.api.runtime.BlockTensor;
import io.sensorium.api.runtime.BoundRun;
import io.sensorium.api.runtime.ResidentSession;
import io.sensorium.api.runtime.TensorBlock;

/**
 * A lent session's residence: its runs count as runs of the lease.
 *
 * @param lease whose end ends them
 * @param session borrowed
 */
record LeasedResidence(LeasedSession lease, ResidentSession session) implements ResidentSession {
  @Override
  public String device() {
    return session.device();
  }

  @Override
  public boolean takes(String input) {
    return session.takes(input);
  }

  @Override
  public TensorBlock allocate(TensorBlock.Kind kind, long bytes) {
    return session.allocate(kind, bytes);
  }

  @Override
  public BoundRun bind() {
    return new Run(lease, session.bind());
  }

  private record Run(LeasedSession lease, BoundRun bound) implements BoundRun {
    @Override
    public void bindInput(String name, BlockTensor tensor) {
      bound.bindInput(name, tensor);
    }

    @Override
    public void bindOutput(String name, BlockTensor tensor) {
      bound.bindOutput(name, tensor);
    }

    @Override
    public void run(RequestContext context) {
      lease.during(() -> bound.run(context));
    }

    @Override
    public long exchangedBytes() {
      return bound.exchangedBytes();
    }

    @Override
    public void close() {
      bound.close();
    }
  }
}
