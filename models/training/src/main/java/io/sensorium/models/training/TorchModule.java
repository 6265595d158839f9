package io.sensorium.models.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A loaded TorchScript module and the manager of the arrays it is called with.
 *
 * <p>One thread at a time. {@link #close()} releases the module and every array made here.
 */
public final class TorchModule implements AutoCloseable {
  private final PtNDManager manager;
  private final PtSymbolBlock block;

  /**
   * Loads an archive made by {@link TorchScriptArchive}.
   *
   * @param archive the archive's bytes
   */
  public TorchModule(byte[] archive) {
    manager = (PtNDManager) NDManager.newBaseManager("PyTorch");
    try (var stream = new ByteArrayInputStream(archive)) {
      // Without the profiling executor each step costs the same and gives the same bits.
      JniUtils.setGraphExecutorOptimize(false);
      block = JniUtils.loadModule(manager, stream, false, false);
    } catch (IOException e) {
      manager.close();
      throw new UncheckedIOException("a TorchScript archive in memory could not be read", e);
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  /** A float32 array that lives until this module closes or it is closed. */
  public NDArray array(float[] values, long... shape) {
    return manager.create(values, new Shape(shape));
  }

  /** An array of unsigned bytes. */
  NDArray bytes(byte[] values, long... shape) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(values.length).order(ByteOrder.nativeOrder());
    buffer.put(values).rewind();
    return manager.create(buffer, new Shape(shape), DataType.UINT8);
  }

  /**
   * Calls {@code forward}. Arrays under one name ending in {@code []} form one list argument.
   *
   * @return the single output's elements
   */
  public float[] call(List<NDArray> inputs) {
    try (NDList output = IValueUtils.forward(block, new NDList(inputs), true)) {
      return output.singletonOrThrow().toFloatArray();
    }
  }

  /** How many arrays and modules are alive here; constant over steps. */
  public int managedResources() {
    return manager.getManagedArrays().size();
  }

  @Override
  public void close() {
    block.close();
    manager.close();
  }
}
