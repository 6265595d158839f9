package io.sensorium.runtime.onnx;

import io.sensorium.api.RequestContext;
import io.sensorium.api.runtime.BlockTensor;
import io.sensorium.api.runtime.BoundRun;
import io.sensorium.runtime.onnx.binding.OnnxBinding;

/** Bound tensors of a session, whose runs end with their requests as all others do. */
final class OnnxBoundRun implements BoundRun {
  private final OnnxSession session;
  private final OnnxBinding binding;

  OnnxBoundRun(OnnxSession session, OnnxBinding binding) {
    this.session = session;
    this.binding = binding;
  }

  @Override
  public void bindInput(String name, BlockTensor tensor) {
    binding.bindInput(name, tensor);
  }

  @Override
  public void bindOutput(String name, BlockTensor tensor) {
    binding.bindOutput(name, tensor);
  }

  @Override
  public void run(RequestContext context) {
    session.runBound(binding, context);
  }

  @Override
  public long exchangedBytes() {
    return binding.exchangedBytes();
  }

  @Override
  public void close() {
    binding.close();
  }
}
