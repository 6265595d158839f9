package io.sensorium.runtime.onnx.binding;

import io.sensorium.api.tensor.ElementType;

/** Element types by their numbers in ONNX Runtime's C API, which are ONNX's. */
final class ElementTypes {
  private ElementTypes() {}

  static int code(ElementType type) {
    return switch (type) {
      case FLOAT32 -> 1;
      case UINT8 -> 2;
      case INT8 -> 3;
      case INT32 -> 6;
      case INT64 -> 7;
      case BOOL -> 9;
      case FLOAT16 -> 10;
      case FLOAT64 -> 11;
      case BFLOAT16 -> 16;
    };
  }
}
