package io.sensorium.index.lucene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WriteAheadLogTest {
  private static final int FRAMES = 7;

  /** The frames' ends in file 1, and the file's bytes. */
  private record Written(List<Integer> ends, ByteBuffer content) {
    byte[] bytes() {
      byte[] bytes = new byte[content.limit()];
      content.get(0, bytes);
      return bytes;
    }
  }

  @Test
  void changesComeBackInOrderAcrossFiles() throws IOException {
    MemoryLogFiles files = new MemoryLogFiles();
    WriteAheadLog log = new WriteAheadLog(files);
    assertThat(log.replay(1, false, changes -> {})).isZero();
    for (int n = 0; n < FRAMES; n++) {
      if (n % 3 == 0) {
        log.rotate();
      }
      log.append(List.of(Change.put(Samples.entry(n, 5)), Change.delete("gone-" + n)));
    }
    List<String> ids = replayedIds(files);
    assertThat(ids).hasSize(2 * FRAMES).startsWith("item-0", "gone-0", "item-1");
    assertThat(ids).endsWith("item-6", "gone-6");
    log.deleteBefore(3);
    assertThat(files.numbers()).containsExactly(3L);
  }

  @Test
  void everyTornEndLosesOnlyTheFramesThatItTears() throws IOException {
    Written written = write();
    byte[] content = written.bytes();
    for (int size = 0; size <= content.length; size++) {
      MemoryLogFiles files = new MemoryLogFiles();
      files.put(1, Arrays.copyOf(content, size));
      int cut = size;
      long whole = written.ends().stream().filter(end -> end <= cut).count();
      assertThat(replayedIds(files)).as("cut at byte %d", size).hasSize((int) whole);
      assertThat(replayedIds(files)).as("again after the cut").hasSize((int) whole);
    }
  }

  @Test
  void everyFlippedBitIsDetectedOrDropsTheLastFrameAlone() throws IOException {
    Written written = write();
    byte[] content = written.bytes();
    int lastFrame = written.ends().get(FRAMES - 2);
    for (int bit = 0; bit < Byte.SIZE * content.length; bit++) {
      byte[] flipped = content.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      MemoryLogFiles files = new MemoryLogFiles();
      files.put(1, flipped);
      if (bit / 8 < lastFrame) {
        assertThatThrownBy(() -> replayedIds(files))
            .as("bit %d", bit)
            .isInstanceOf(StorageException.class)
            .hasMessageContaining("memory:1");
      } else {
        assertThat(replayedIds(files)).as("bit %d", bit).hasSize(FRAMES - 1);
      }
    }
  }

  @Test
  void damageBeforeTheLastFileIsNeverTakenForATornEnd() throws IOException {
    Written written = write();
    byte[] content = written.bytes();
    byte[] next = header(2, 5);
    for (int size : new int[] {0, 3, 28, 29, content.length - 1}) {
      MemoryLogFiles files = new MemoryLogFiles();
      files.put(1, Arrays.copyOf(content, size));
      files.put(2, next);
      if (size == LogFormat.HEADER_BYTES) {
        assertThat(replayedIds(files)).isEmpty();
      } else {
        assertThatThrownBy(() -> replayedIds(files)).isInstanceOf(StorageException.class);
      }
    }
  }

  @Test
  void aMissingFileIsNamed() {
    MemoryLogFiles files = new MemoryLogFiles();
    files.put(3, header(3, 9));
    assertThatThrownBy(() -> new WriteAheadLog(files).replay(2, true, changes -> {}))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("memory:2");
    assertThatThrownBy(() -> new WriteAheadLog(new MemoryLogFiles()).replay(2, true, changes -> {}))
        .isInstanceOf(StorageException.class);
  }

  @Test
  void bytesThatAnItemBringsInNeverLookLikeAFrame() throws IOException {
    ByteBuffer foreign = LogFormat.frame(1234, Change.encode(List.of(Change.delete("evil"))));
    MemoryLogFiles files = new MemoryLogFiles();
    byte[] head = header(1, 99);
    byte[] torn = Arrays.copyOf(head, head.length + 3 + foreign.limit());
    foreign.get(0, torn, head.length + 3, foreign.limit());
    files.put(1, torn);
    assertThat(replayedIds(files)).isEmpty();
  }

  @Test
  void whatWasForcedSurvivesALossOfPower() throws IOException {
    long seed = System.nanoTime();
    System.out.println("power loss seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 300; round++) {
      MemoryLogFiles files = new MemoryLogFiles();
      WriteAheadLog log = new WriteAheadLog(files);
      log.rotate();
      int whole = random.nextInt(5);
      for (int n = 0; n < whole; n++) {
        log.append(List.of(Change.put(Samples.entry(n, 3))));
      }
      Faults faults = new Faults();
      WriteAheadLog failing = new WriteAheadLog(faults.over(files));
      failing.replay(1, true, changes -> {});
      failing.rotate();
      faults.failFromNowOn("the power is gone");
      assertThatThrownBy(() -> failing.append(List.of(Change.put(Samples.entry(whole, 3)))))
          .isInstanceOf(IOException.class);
      assertThat(replayedIds(files.afterPowerLoss(random)).size()).isBetween(whole, whole + 1);
    }
  }

  private static byte[] header(long number, long key) {
    byte[] header = new byte[LogFormat.HEADER_BYTES];
    LogFormat.header(number, key).get(header);
    return header;
  }

  private static Written write() throws IOException {
    MemoryLogFiles files = new MemoryLogFiles();
    WriteAheadLog log = new WriteAheadLog(files);
    log.rotate();
    List<Integer> ends = new ArrayList<>();
    for (int n = 0; n < FRAMES; n++) {
      log.append(List.of(Change.put(Samples.entry(n, 3))));
      ends.add((int) log.size());
    }
    return new Written(ends, files.read(1));
  }

  private static List<String> replayedIds(LogFiles files) throws IOException {
    List<String> ids = new ArrayList<>();
    new WriteAheadLog(files)
        .replay(1, false, changes -> changes.forEach(change -> ids.add(change.id())));
    return ids;
  }
}
