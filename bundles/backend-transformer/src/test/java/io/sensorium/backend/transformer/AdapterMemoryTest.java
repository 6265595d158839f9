package io.sensorium.backend.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.language.LanguageModel;
import io.sensorium.api.language.LoadedAdapter;
import io.sensorium.api.language.LowRankAdapter;
import io.sensorium.api.language.LowRankAdapter.Factors;
import io.sensorium.api.language.SequenceAdditions;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The memory of weights and adapters, and what has no place in it. */
@Timeout(120)
class AdapterMemoryTest extends AdaptedFixture {
  @Test
  void unloadingOneLeavesTheOthersAndGivesItsMemoryBack() throws IOException {
    List<Integer> ids = List.of(11, 12, 13);
    ModelPackage base = imported("qwen3-wide-heads");
    long nothing = reserved();
    try (LanguageModel model = backend.open(base, limits(3, true), soon())) {
      long before = reserved();
      LowRankAdapter small = adapter(model, "qwen3-wide-heads", "some");
      LowRankAdapter large = adapter(model, "qwen3-wide-heads", "all");
      LoadedAdapter first = model.load(small, soon());
      LoadedAdapter second = model.load(large, soon());
      LoadedAdapter third = model.load(small, soon());
      float[] one = fresh(model, with(first), ids);
      float[] two = fresh(model, with(second), ids);
      assertThat(reserved() - before)
          .isEqualTo(2 * small.bytes() + large.bytes() + 8L * (2 * ranks(small) + ranks(large)));

      first.close();
      first.close();
      assertThat(fresh(model, with(second), ids)).containsExactly(two);
      assertThat(fresh(model, with(third), ids)).containsExactly(one);
      assertThatThrownBy(() -> model.begin(with(first)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must be loaded into the model");

      LoadedAdapter fourth = model.load(large, soon());
      assertThat(fresh(model, with(fourth), ids)).containsExactly(two);
      second.close();
      third.close();
      fourth.close();
      assertThat(reserved()).isEqualTo(before);
    }
    assertThat(reserved()).isEqualTo(nothing);
    assertThat(runtime.sessions()).isEmpty();
  }

  @Test
  void theWeightsLieOnTheDeviceOnce() throws IOException {
    ModelPackage base = imported("llama-grouped");
    backend.open(base, limits(1, false), soon()).close();
    assertThat(runtime.sessions()).hasSize(1);
    try (LanguageModel adaptable = backend.open(base, limits(1, true), soon())) {
      assertThat(runtime.sessions()).hasSize(1);
      assertThat(adaptable.isAdaptable()).isTrue();
    }
    assertThat(runtime.sessions()).isEmpty();
    assertThat(backend.adapts(base)).isTrue();
  }

  @Test
  void refusesWhatDoesNotFit() throws IOException {
    try (LanguageModel model = open("llama-grouped", 1)) {
      Factors wide = factors(2, 48, 80);
      assertThatThrownBy(() -> load(model, "model.layers.0.self_attn.q_proj", wide))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("reads 48 and gives 48 components; adapter odd 1 has factors")
          .hasMessageContaining("[2,80]");
      assertThatThrownBy(() -> load(model, "model.layers.3.mlp.up_proj", wide))
          .hasMessageContaining("of 3 layers; got 'model.layers.3.mlp.up_proj'");
      Tensor vectors = Tensor.ofFloats(Shape.of(2, 48), new float[96]);
      SequenceAdditions additions = new SequenceAdditions(Optional.empty(), Optional.of(vectors));
      assertThatThrownBy(() -> model.begin(additions))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("a decoder of 3 layers takes additions float32[3,48]");
      assertThat(load(model, "model.layers.2.mlp.up_proj", wide).sequences()).isZero();
    }
    try (LanguageModel plain = backend.open(imported("llama-yarn"), limits(1, false), soon())) {
      assertThatThrownBy(() -> load(plain, "model.layers.0.mlp.up_proj", factors(1, 48, 80)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("must be opened as adaptable");
    }
  }
}
