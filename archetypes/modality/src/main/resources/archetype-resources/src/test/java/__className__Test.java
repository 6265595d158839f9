package ${package};

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.UnsupportedInputException;
import io.sensorium.api.encoder.ModalityEncoder;
import io.sensorium.api.encoder.Preprocessor;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.testkit.ModalityEncoderContract;
import io.sensorium.testkit.PackageFolder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The contract of every encoder, and what is particular to this one. */
class ${className}Test extends ModalityEncoderContract {
  @Override
  protected ModalityEncoder encoder() {
    return new ${className}();
  }

  @Override
  protected ModelGraph graph() {
    return PackageFolder.read(Path.of("src/main/packages/${modality}")).graphs().getFirst();
  }

  @Override
  protected List<MediaInput> readable() {
    return List.of(
        MediaInput.ofText("0.5,-1,2\n"),
        MediaInput.ofText("x,y,z\n1,2,3\n\n4,5,6\n"),
        MediaInput.ofText("1, 1e3, -0.25\r\n".repeat(1_021)));
  }

  @Override
  protected List<MediaInput> unreadable() {
    return List.of(
        MediaInput.ofText(""),
        MediaInput.ofText("a picture"),
        MediaInput.ofText("1,2\n"),
        MediaInput.ofText("1,2,3\n4,five,6\n"),
        MediaInput.ofText("1,2,NaN\n"),
        MediaInput.ofText("1,2,1e300\n"));
  }

  @Test
  void readingsAreStretchedToWhatTheGraphTakes() {
    assertThat(Readings.parse(MediaInput.ofText("0,10\n4,30\n"), 2).resampled(5))
        .containsExactly(0, 10, 1, 15, 2, 20, 3, 25, 4, 30);
    assertThat(Readings.parse(MediaInput.ofText("1\n2\n3\n4\n5\n"), 1).resampled(3))
        .containsExactly(1, 3, 5);
  }

  @Test
  void theLineThatCannotBeReadIsNamed() {
    try (Preprocessor preprocessor = encoder().open(graph())) {
      assertThatThrownBy(() -> preprocessor.prepare(MediaInput.ofText("1,2,3\n4,five,6\n")))
          .isInstanceOf(UnsupportedInputException.class)
          .hasMessage("numbers from -1e9 to 1e9 are required; line 2 of 'text' has 'five'");
    }
  }
}
