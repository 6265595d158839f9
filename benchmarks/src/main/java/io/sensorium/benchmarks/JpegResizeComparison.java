package io.sensorium.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import io.sensorium.api.media.Image;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.media.MediaLimits;
import io.sensorium.host.bench.GeneratedPhotos;
import io.sensorium.host.bench.GeneratedPhotos.Sampling;
import io.sensorium.host.bench.Machine;
import io.sensorium.host.launch.FileTree;
import io.sensorium.media.JvmMediaDecoder;
import io.sensorium.models.preprocessing.ImageSizing;
import io.sensorium.models.preprocessing.ResizeFilter;
import io.sensorium.models.preprocessing.RgbPixels;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Decodes JPEG files and resizes them to 224 (shorter edge, bicubic, centre crop) here and in
 * Pillow, in turn, one thread each. What counts is the processor's time of the whole process, which
 * other work on the machine disturbs least. Prints one JSON document; exits with 1 if a pixel
 * differs.
 */
public final class JpegResizeComparison {
  private static final Path PEER = Path.of("benchmarks/peers/jpeg_resize.py");
  private static final int EDGE = 224;
  private static final int ROUNDS = 7;
  private static final int WARM_UP_ROUNDS = 2;
  private static final double ROUND_PIXELS = 8e6;
  private static final long SEED = 17;

  private final JvmMediaDecoder decoder = new JvmMediaDecoder();
  private final OperatingSystemMXBean system =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private JpegResizeComparison() {}

  private record Case(String name, int width, int height, MediaInput jpeg) {
    int repeats() {
      return Math.max(2, (int) (ROUND_PIXELS / width / height));
    }
  }

  /** Takes a Python that has Pillow, and the commit to note. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createTempDirectory("sensorium-jpeg");
    try (PillowPeer peer = PillowPeer.start(arguments[0], PEER)) {
      Map<String, Object> report = new JpegResizeComparison().run(peer, folder);
      report.put("commit", arguments[1]);
      System.out.println(
          new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(report));
      if (!Boolean.TRUE.equals(report.get("equalPixels"))) {
        System.err.println("jpeg-resize: pixels differ from Pillow's; see the report");
        System.exit(1);
      }
    } finally {
      FileTree.delete(folder);
    }
  }

  private Map<String, Object> run(PillowPeer peer, Path folder) throws IOException {
    List<Map<String, Object>> rows = new ArrayList<>();
    boolean equal = true;
    for (Case photo : cases()) {
      Path file = folder.resolve("photo.jpg");
      Files.write(file, bytes(photo.jpeg));
      Map<String, Object> row = compare(photo, peer, file);
      equal &= Boolean.TRUE.equals(row.get("equalPixels"));
      rows.add(row);
    }
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("benchmark", "jpeg-resize");
    report.put("machine", Machine.describe());
    report.put("peer", peer.versions());
    report.put("rounds", ROUNDS);
    report.put("equalPixels", equal);
    report.put("lowestPillowToOurs", rows.stream().mapToDouble(r -> ratio(r)).min().orElseThrow());
    report.put("cases", rows);
    return report;
  }

  private static double ratio(Map<String, Object> row) {
    return (double) row.get("pillowToOurs");
  }

  private static List<Case> cases() throws IOException {
    GeneratedPhotos photos = new GeneratedPhotos(SEED);
    List<Case> cases = new ArrayList<>();
    for (int[] size : new int[][] {{640, 480}, {1024, 768}, {4032, 3024}}) {
      BufferedImage photo = photos.next(size[0], size[1]);
      add(cases, photo, "4:2:0 q75", 0.75f, Sampling.HALF, false);
      add(cases, photo, "4:2:0 q90", 0.9f, Sampling.HALF, false);
      add(cases, photo, "4:2:2 q90", 0.9f, Sampling.HALF_WIDTH, false);
      add(cases, photo, "4:4:4 q90", 0.9f, Sampling.FULL, false);
      add(cases, photo, "4:2:0 q75 progressive", 0.75f, Sampling.HALF, true);
    }
    return cases;
  }

  private static void add(
      List<Case> cases,
      BufferedImage photo,
      String name,
      float quality,
      Sampling sampling,
      boolean progressive)
      throws IOException {
    byte[] jpeg = GeneratedPhotos.jpeg(photo, quality, sampling, progressive);
    MediaInput input = new MediaInput(name, ByteBuffer.wrap(jpeg));
    cases.add(new Case(name, photo.getWidth(), photo.getHeight(), input));
  }

  private Map<String, Object> compare(Case photo, PillowPeer peer, Path file) throws IOException {
    List<Double> ours = new ArrayList<>();
    List<Double> theirs = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    boolean equal = true;
    for (int round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
      double seconds = time(photo);
      PillowPeer.Answer answer = peer.measure(EDGE, photo.repeats(), file);
      equal &= answer.sha256().equals(sha256(decodeAndResize(photo)));
      if (round >= 0) {
        ours.add(1e3 * seconds);
        theirs.add(1e3 * answer.seconds());
        ratios.add(answer.seconds() / seconds);
      }
    }
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("photo", "%dx%d %s".formatted(photo.width, photo.height, photo.name));
    row.put("bitsPerPixel", 8.0 * photo.jpeg.size() / photo.width / photo.height);
    row.put("oursCpuMillis", median(ours));
    row.put("pillowCpuMillis", median(theirs));
    row.put("pillowToOurs", median(ratios));
    row.put("equalPixels", equal);
    return row;
  }

  /** Seconds of the processor's time per picture, the compiler's and the collector's included. */
  private double time(Case photo) {
    long start = system.getProcessCpuTime();
    for (int i = 0; i < photo.repeats(); i++) {
      decodeAndResize(photo);
    }
    return (system.getProcessCpuTime() - start) / 1e9 / photo.repeats();
  }

  private RgbPixels decodeAndResize(Case photo) {
    Image image = decoder.decodeImage(photo.jpeg, MediaLimits.DEFAULT);
    RgbPixels pixels = new RgbPixels(image.width(), image.height(), image.rgb());
    return ImageSizing.centreCrop(
        ImageSizing.resizeShortestEdge(pixels, EDGE, ResizeFilter.BICUBIC), EDGE, EDGE);
  }

  private static byte[] bytes(MediaInput input) {
    byte[] bytes = new byte[input.size()];
    input.bytes().get(bytes);
    return bytes;
  }

  private static String sha256(RgbPixels pixels) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(pixels.bytes()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
