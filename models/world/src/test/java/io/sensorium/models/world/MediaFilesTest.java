package io.sensorium.models.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MediaFilesTest {

  @TempDir Path folder;

  @Test
  void javaReadsTheWaveFilesBack() throws IOException, UnsupportedAudioFileException {
    Path file = folder.resolve("clip.wav");
    WaveFile.write(file, new float[] {0, 1, -1, 0.5f, 2, -2, Float.MIN_VALUE}, 16_000);
    try (AudioInputStream stream = AudioSystem.getAudioInputStream(file.toFile())) {
      AudioFormat format = stream.getFormat();
      assertThat(format.getSampleRate()).isEqualTo(16_000f);
      assertThat(format.getChannels()).isEqualTo(1);
      assertThat(format.getSampleSizeInBits()).isEqualTo(16);
      assertThat(stream.getFrameLength()).isEqualTo(7);
      ByteBuffer bytes = ByteBuffer.wrap(stream.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
      short[] samples = new short[7];
      bytes.asShortBuffer().get(samples);
      assertThat(samples).containsExactly(0, 32767, -32767, 16384, 32767, -32767, 0);
    }
  }

  @Test
  void anEmptyClipIsAValidWaveFile() throws IOException {
    Path file = folder.resolve("empty.wav");
    WaveFile.write(file, new float[0], 8_000);
    assertThat(Files.size(file)).isEqualTo(44);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WaveFile.write(file, new float[1], 0))
        .withMessageContaining("sample rate");
  }

  @Test
  void pngFilesKeepEveryPixel() throws IOException {
    Scene scene = new SceneSampler(1).sample(Seeds.generator(51));
    BufferedImage image = new SceneRenderer().render(scene, Seeds.generator(52), 101);
    Path file = folder.resolve("scene.png");
    PngFile.write(file, image);
    BufferedImage read = ImageIO.read(file.toFile());
    assertThat(read.getRGB(0, 0, 101, 101, null, 0, 101))
        .isEqualTo(image.getRGB(0, 0, 101, 101, null, 0, 101));
  }

  @Test
  void theSheetsShowEveryThingAndLetItBeHeard() throws IOException {
    WorldSheets.main(new String[] {folder.toString()});
    assertThat(folder.resolve("things.png")).isNotEmptyFile();
    assertThat(folder.resolve("singles.png")).isNotEmptyFile();
    assertThat(folder.resolve("pairs.png")).isNotEmptyFile();
    for (Thing thing : Thing.values()) {
      assertThat(folder.resolve(thing.id() + ".wav")).hasSize(44 + 64_000);
    }
    assertThatIllegalArgumentException().isThrownBy(() -> WorldSheets.main(new String[0]));
  }
}
