package io.sensorium.runtime.onnx.binding;

import ai.onnxruntime.OrtSession;
import io.sensorium.api.ModelLoadException;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Field;

/** The native objects behind those of the official Java API, which keeps them to itself. */
final class NativeHandles {
  private static final String FIELD = "nativeHandle";

  private NativeHandles() {}

  static MemorySegment of(OrtSession session) {
    return handle(OrtSession.class, session);
  }

  static MemorySegment of(OrtSession.RunOptions options) {
    return handle(OrtSession.RunOptions.class, options);
  }

  private static <T> MemorySegment handle(Class<T> type, T object) {
    try {
      Field field = type.getDeclaredField(FIELD);
      field.setAccessible(true);
      return MemorySegment.ofAddress(field.getLong(object));
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new ModelLoadException(
          "%s must have the field '%s', as in ONNX Runtime 1.29".formatted(type.getName(), FIELD),
          e);
    }
  }
}
