package io.sensorium.encoder.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sensorium.api.Modality;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.UnsupportedInputException;
import io.sensorium.api.media.AudioClip;
import io.sensorium.api.media.Image;
import io.sensorium.api.media.MediaDecoder;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.media.MediaLimits;
import io.sensorium.api.media.MediaType;
import io.sensorium.api.model.GraphManifest;
import io.sensorium.api.model.ModelFile;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.model.ModelLicence;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.Settings;
import io.sensorium.api.space.SpaceId;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.api.tensor.TensorSpec;
import io.sensorium.models.preprocessing.KaldiFilterbank;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AudioEncoderTest {
  private static final int FRAMES = 21;
  private static final int BINS = 13;
  private static final int RATE = 16_000;
  private static final int SAMPLES_READ = (FRAMES - 1) * 160 + 400;
  private static final Map<String, Object> DECLARATION =
      Map.of(
          "feature_extractor_type",
          "ASTFeatureExtractor",
          "sampling_rate",
          RATE,
          "num_mel_bins",
          BINS,
          "max_length",
          FRAMES,
          "mean",
          -4.25,
          "std",
          4.5);

  /** Answers one clip whatever it is given. */
  private record OneClip(AudioClip clip) implements MediaDecoder {
    @Override
    public Optional<MediaType> identify(MediaInput input) {
      return Optional.empty();
    }

    @Override
    public Image decodeImage(MediaInput input, MediaLimits limits) {
      throw new UnsupportedInputException("no pictures here");
    }

    @Override
    public AudioClip decodeAudio(MediaInput input, MediaLimits limits) {
      return clip;
    }

    @Override
    public String decodeText(MediaInput input, MediaLimits limits) {
      throw new UnsupportedInputException("no text here");
    }
  }

  private static ModelGraph model(Map<String, Object> declaration, Shape input) {
    ModelManifest manifest =
        new ModelManifest(
            "sounds",
            "1",
            ModelManifest.EMBEDDING,
            "audio-spectrogram-transformer",
            Optional.of(new SpaceId("world", "1")),
            new ModelLicence("Apache-2.0", true),
            List.of(
                new GraphManifest(
                    "audio",
                    Optional.of(Modality.AUDIO),
                    "model.onnx",
                    List.of(new TensorSpec("input_values", ElementType.FLOAT32, input)),
                    List.of(new TensorSpec("audio_embeds", ElementType.FLOAT32, Shape.of(-1, 4))),
                    Settings.of("test", declaration))),
            Settings.of("test", Map.of()),
            List.of(new ModelFile("model.onnx", 1, "0".repeat(64))));
    return new ModelPackage(manifest, Path.of("sounds")).graphs().getFirst();
  }

  private static float[] features(AudioClip clip) {
    Tensor tensor =
        new AudioEncoder(new OneClip(clip))
            .open(model(DECLARATION, Shape.of(-1, FRAMES, BINS)))
            .prepare(MediaInput.ofText("any"))
            .get("input_values");
    assertThat(tensor.shape()).isEqualTo(Shape.of(1, FRAMES, BINS));
    float[] values = new float[FRAMES * BINS];
    tensor.asFloats().get(values);
    return values;
  }

  private static float[] expected(float[] mono) {
    FloatBuffer values = FloatBuffer.allocate(FRAMES * BINS);
    new KaldiFilterbank(RATE, BINS).writeNormalized(mono, FRAMES, -4.25, 4.5, values);
    return values.array();
  }

  private static AudioClip clip(int rate, int channels, float... samples) {
    return new AudioClip(rate, channels, FloatBuffer.wrap(samples));
  }

  private static float[] chirp(int rate, double seconds) {
    float[] samples = new float[(int) (rate * seconds)];
    for (int i = 0; i < samples.length; i++) {
      double time = (double) i / rate;
      samples[i] = (float) (0.5 * Math.sin(2 * Math.PI * (300 + 900 * time) * time));
    }
    return samples;
  }

  @Test
  void aClipAtTheModelsRateBecomesItsFeatures() {
    float[] samples = chirp(RATE, 0.1);
    assertThat(features(clip(RATE, 1, samples))).containsExactly(expected(samples));
  }

  @Test
  void channelsAreMixed() {
    float[] mono = chirp(RATE, 0.15);
    float[] stereo = new float[2 * mono.length];
    for (int i = 0; i < mono.length; i++) {
      stereo[2 * i] = mono[i] * 1.5f;
      stereo[2 * i + 1] = mono[i] * 0.5f;
    }
    assertCloseTo(features(clip(RATE, 2, stereo)), expected(mono), 1e-4);
  }

  @Test
  void aLongClipIsCutAndAShortOnePadded() {
    float[] samples = chirp(RATE, 3);
    assertThat(features(clip(RATE, 1, samples)))
        .containsExactly(expected(Arrays.copyOf(samples, SAMPLES_READ)));
    float[] tooShortForAFrame = features(clip(RATE, 1, 0.5f, -0.5f, 0.25f));
    assertThat(tooShortForAFrame).containsOnly((float) (4.25 / 9));
  }

  @Test
  void cuttingBeforeResamplingChangesNothingThatIsRead() {
    float[] samples = chirp(44_100, 3);
    int enough = (int) (44_100 * 0.5);
    assertThat(features(clip(44_100, 1, samples)))
        .containsExactly(features(clip(44_100, 1, Arrays.copyOf(samples, enough))));
  }

  @Test
  void aClipAtAnotherRateIsHeardAlike() {
    float[] wanted = features(clip(RATE, 1, chirp(RATE, 0.5)));
    for (int rate : new int[] {8_000, 11_025, 44_100, 48_000}) {
      float[] heard = features(clip(rate, 1, chirp(rate, 0.5)));
      // Where the chirp itself sounds; elsewhere there is only what the filters leak.
      for (int i = 0; i < wanted.length; i++) {
        if (wanted[i] > 0.6) {
          assertThat((double) heard[i]).as("%d Hz", rate).isCloseTo(wanted[i], within(0.02));
        }
      }
    }
  }

  @Test
  void aClipWithoutSamplesIsRefused() {
    assertThatThrownBy(() -> features(clip(RATE, 1)))
        .isInstanceOf(UnsupportedInputException.class)
        .hasMessage("a sound with at least one sample is required; 'text' has none");
  }

  @Test
  void declarationsThatCannotBeHonouredAreNamed() {
    AudioEncoder encoder = new AudioEncoder(new OneClip(clip(RATE, 1, 0)));
    assertThatThrownBy(
            () -> encoder.open(model(Map.of("feature_extractor_type", "Clap"), Shape.of(-1, 1, 1))))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageStartingWith("feature_extractor_type must be one of [ASTFeatureExtractor, Clap")
        .hasMessageEndingWith("; got 'Clap'");
    assertThatThrownBy(() -> encoder.open(model(DECLARATION, Shape.of(-1, 64, 208))))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("the declared features are float32[1,21,13]")
        .hasMessageContaining("model sounds");
  }

  @ParameterizedTest
  @CsvSource({
    "ASTFeatureExtractor, max_length, 0, 'max_length must be 1 to 65536; got 0'",
    "ASTFeatureExtractor, std, -1, 'std must be positive; got -1.0'",
    "ASTFeatureExtractor, num_mel_bins, 3, '1000 Hz and 4 mel bins; got 16000 Hz and 3'",
    "WhisperFeatureExtractor, dither, 0.5, 'dither must be 0; got 0.5'",
    "WhisperFeatureExtractor, chunk_length, 100000, 'chunk_length must be 1 to 1048'",
    "WhisperFeatureExtractor, n_fft, 401, 'an even window of at least 4; got 160 and 401'",
    "ClapFeatureExtractor, truncation, fusion, 'of a model without fusion; got ''fusion'''",
    "ClapFeatureExtractor, padding, mirror, '[pad, repeat, repeatpad]; got ''mirror'''",
    "ClapFeatureExtractor, frequency_min, 20000, 'lowest < highest; got 20000.0 and 14000.0'",
    "ImageBindAudio, clips_per_video, 65, 'clips_per_video must be 1 to 64; got 65'",
  })
  void valuesThatCannotBeHonouredAreNamed(String type, String key, String value, String message) {
    Map<String, Object> declaration = new HashMap<>();
    declaration.put("feature_extractor_type", type);
    declaration.put("truncation", "rand_trunc");
    declaration.put(key, value.matches("[a-z]+") ? value : Double.valueOf(value));
    assertThatThrownBy(() -> FeatureExtractors.declaredBy(Settings.of("test", declaration)))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining(message);
  }

  private static void assertCloseTo(float[] actual, float[] wanted, double tolerance) {
    assertThat(actual).hasSameSizeAs(wanted);
    for (int i = 0; i < wanted.length; i++) {
      assertThat((double) actual[i]).isCloseTo(wanted[i], within(tolerance));
    }
  }
}
