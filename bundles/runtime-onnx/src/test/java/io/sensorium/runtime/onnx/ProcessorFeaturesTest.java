package io.sensorium.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProcessorFeaturesTest {
  @Test
  void onlyTheDotProductInstructionsSumBytesExactly() {
    assertThat(sumsExactly("fpu sse4_1 avx2 avx512f avx512bw")).isFalse();
    assertThat(sumsExactly("fpu avx2 avx512f avx512_vnni")).isTrue();
    assertThat(sumsExactly("fpu avx2 avx_vnni")).isTrue();
    assertThat(sumsExactly("fpu avx2 not_avx_vnni")).isFalse();
    assertThat(ProcessorFeatures.sumsBytesExactly(Stream.of("Features : asimddp i8mm"))).isFalse();
  }

  private static boolean sumsExactly(String flags) {
    return ProcessorFeatures.sumsBytesExactly(
        Stream.of("processor : 0", "flags\t\t: " + flags, "bogomips : 5192"));
  }
}
