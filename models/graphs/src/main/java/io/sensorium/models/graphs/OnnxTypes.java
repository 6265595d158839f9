package io.sensorium.models.graphs;

import ai.onnx.proto.OnnxMl;
import io.sensorium.api.tensor.ElementType;
import java.util.Arrays;
import java.util.Optional;

/** ONNX's numbers for element types. */
final class OnnxTypes {
  private OnnxTypes() {}

  static int code(ElementType type) {
    return switch (type) {
      case FLOAT32 -> OnnxMl.TensorProto.DataType.FLOAT_VALUE;
      case FLOAT16 -> OnnxMl.TensorProto.DataType.FLOAT16_VALUE;
      case BFLOAT16 -> OnnxMl.TensorProto.DataType.BFLOAT16_VALUE;
      case FLOAT64 -> OnnxMl.TensorProto.DataType.DOUBLE_VALUE;
      case INT8 -> OnnxMl.TensorProto.DataType.INT8_VALUE;
      case UINT8 -> OnnxMl.TensorProto.DataType.UINT8_VALUE;
      case INT32 -> OnnxMl.TensorProto.DataType.INT32_VALUE;
      case INT64 -> OnnxMl.TensorProto.DataType.INT64_VALUE;
      case BOOL -> OnnxMl.TensorProto.DataType.BOOL_VALUE;
    };
  }

  /** The element type of that number, if there is one. */
  static Optional<ElementType> of(int code) {
    return Arrays.stream(ElementType.values()).filter(type -> code(type) == code).findFirst();
  }
}
