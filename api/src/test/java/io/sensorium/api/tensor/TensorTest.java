package io.sensorium.api.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class TensorTest {
  @Test
  void rowsAreViewsOfTheSameMemory() {
    Tensor tensor = Tensor.ofFloats(Shape.of(3, 7), new float[21]);
    tensor.row(2).asFloats().put(6, 4.5f);
    assertThat(tensor.asFloats().get(20)).isEqualTo(4.5f);
    assertThat(tensor.row(1).shape()).isEqualTo(Shape.of(1, 7));
  }

  @Test
  void memoryMustHaveTheExactSize() {
    assertThatThrownBy(
            () -> Tensor.of(ElementType.INT64, Shape.of(2, 3), MemorySegment.ofArray(new byte[47])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("int64[2,3] needs 48 bytes; got 47");
  }

  @Test
  void viewsOfAnotherTypeAreRefused() {
    Tensor tensor = Tensor.ofLongs(Shape.of(1), 5L);
    assertThatThrownBy(tensor::asFloats).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void specificationsAcceptAnySizeOnlyWhereDynamic() {
    TensorSpec spec =
        new TensorSpec("pixel_values", ElementType.FLOAT32, Shape.of(Shape.DYNAMIC, 3, 5));
    assertThat(spec.signature()).isEqualTo("float32[n,3,5]");
    assertThat(spec.accepts(Tensor.allocate(ElementType.FLOAT32, Shape.of(9, 3, 5)))).isTrue();
    assertThat(spec.accepts(Tensor.allocate(ElementType.FLOAT32, Shape.of(9, 5, 3)))).isFalse();
    assertThat(spec.accepts(Tensor.allocate(ElementType.INT32, Shape.of(9, 3, 5)))).isFalse();
  }

  @Test
  void overflowingShapesAreRefused() {
    assertThatThrownBy(() -> Shape.of(1L << 40, 1L << 40).elements())
        .isInstanceOf(ArithmeticException.class);
  }
}
