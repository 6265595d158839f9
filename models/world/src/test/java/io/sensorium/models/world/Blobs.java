package io.sensorium.models.world;

import java.awt.image.BufferedImage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Finds the connected patches of an image in which blue clearly outshines red and green. */
final class Blobs {

  private static final int SMALLEST_PIXELS = 12;

  private Blobs() {}

  record Blob(int left, int top, int right, int bottom, int pixels) {

    private Blob with(int x, int y) {
      return new Blob(
          Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y), pixels + 1);
    }
  }

  static List<Blob> of(BufferedImage image) {
    int side = image.getWidth();
    boolean[] seen = new boolean[side * side];
    List<Blob> blobs = new ArrayList<>();
    for (int start = 0; start < seen.length; start++) {
      Blob blob = grow(image, start, seen);
      if (blob.pixels() >= SMALLEST_PIXELS) {
        blobs.add(blob);
      }
    }
    return blobs;
  }

  private static Blob grow(BufferedImage image, int start, boolean[] seen) {
    int side = image.getWidth();
    Blob blob = new Blob(side, side, 0, 0, 0);
    Deque<Integer> open = new ArrayDeque<>(List.of(start));
    while (!open.isEmpty()) {
      int place = open.pop();
      int x = place % side;
      int y = place / side;
      if (seen[place] || !blue(image.getRGB(x, y))) {
        continue;
      }
      seen[place] = true;
      blob = blob.with(x, y);
      for (int[] step : new int[][] {{-1, 0}, {1, 0}, {0, -1}, {0, 1}}) {
        if (x + step[0] >= 0 && x + step[0] < side && y + step[1] >= 0 && y + step[1] < side) {
          open.push(place + step[0] + side * step[1]);
        }
      }
    }
    return blob;
  }

  private static boolean blue(int rgb) {
    int red = rgb >> 16 & 255;
    int green = rgb >> 8 & 255;
    return (rgb & 255) > Math.max(red, green) + 60;
  }
}
