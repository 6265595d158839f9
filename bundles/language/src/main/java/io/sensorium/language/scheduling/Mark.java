package io.sensorium.language.scheduling;

import io.sensorium.api.language.Extension;
import io.sensorium.api.tensor.Tensor;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/**
 * What stands at one place of a sequence, as far as it takes to know the same again: a token's id,
 * or half of a row's SHA-256. Immutable.
 */
record Mark(long high, long low) {
  /** One mark for each token of an extension. */
  static List<Mark> of(Extension extension) {
    List<Mark> marks = new ArrayList<>(extension.tokens().size());
    for (int token : extension.tokens()) {
      marks.add(token >= 0 ? new Mark(0, token) : row(extension.media().orElseThrow(), -1 - token));
    }
    return marks;
  }

  private static Mark row(Tensor media, int row) {
    long bytes = media.shape().dimension(1) * Float.BYTES;
    if (row >= media.shape().dimension(0)) {
      throw new IllegalArgumentException(
          "a row of the media must be in [0, %d); got %d"
              .formatted(media.shape().dimension(0), row));
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(media.data().asSlice(row * bytes, bytes).asByteBuffer());
      ByteBuffer hash = ByteBuffer.wrap(digest.digest());
      // Never the high half of a token's mark.
      return new Mark(hash.getLong() | Long.MIN_VALUE, hash.getLong());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** How many marks both lists begin with. */
  static int common(List<Mark> one, List<Mark> other) {
    int most = Math.min(one.size(), other.size());
    int common = 0;
    while (common < most && one.get(common).equals(other.get(common))) {
      common++;
    }
    return common;
  }
}
