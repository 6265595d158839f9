package io.sensorium.models.hub;

import io.sensorium.api.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;

/**
 * Appends to a partial file and hashes what is in it. One thread at a time. Failures of the disk
 * are {@link StorageException}s, so that they are not taken for failures of the network.
 */
final class BlobWriter implements AutoCloseable {
  private static final int CHUNK = 1 << 20;

  private final Path partial;
  private final HubFile file;
  private final FileChannel channel;
  private MessageDigest digest;
  private long position;

  private BlobWriter(Path partial, HubFile file, FileChannel channel) {
    this.partial = partial;
    this.file = file;
    this.channel = channel;
  }

  /** Opens a partial file and takes up what an earlier attempt left in it. */
  static BlobWriter open(Path partial, HubFile file) {
    FileChannel channel;
    try {
      channel =
          FileChannel.open(
              partial,
              Set.of(
                  StandardOpenOption.CREATE,
                  StandardOpenOption.READ,
                  StandardOpenOption.WRITE,
                  LinkOption.NOFOLLOW_LINKS));
    } catch (IOException e) {
      throw failed(partial, e);
    }
    BlobWriter writer = new BlobWriter(partial, file, channel);
    try {
      writer.takeUp();
      return writer;
    } catch (RuntimeException e) {
      writer.close();
      throw e;
    }
  }

  /** How many bytes there are. */
  long position() {
    return position;
  }

  boolean isComplete() {
    return position == file.bytes();
  }

  /** Appends a piece of the file; the caller has checked that it is not too long. */
  void append(ByteBuffer piece) {
    int length = piece.remaining();
    digest.update(piece.duplicate());
    try {
      while (piece.hasRemaining()) {
        channel.write(piece);
      }
    } catch (IOException e) {
      throw failed(partial, e);
    }
    position += length;
  }

  /** Throws away what is there. */
  void restart() {
    try {
      channel.truncate(0);
      channel.position(0);
    } catch (IOException e) {
      throw failed(partial, e);
    }
    position = 0;
    digest = newDigest(file);
  }

  /** Answers whether the content is the one that was asked for; call once, when complete. */
  boolean matches() {
    return HexFormat.of().formatHex(digest.digest()).equals(file.blob());
  }

  /** Waits until the disk has everything. */
  void force() {
    try {
      channel.force(true);
    } catch (IOException e) {
      throw failed(partial, e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw failed(partial, e);
    }
  }

  private void takeUp() {
    digest = newDigest(file);
    try {
      if (channel.size() > file.bytes()) {
        restart();
        return;
      }
      ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
      while (channel.read(chunk.clear()) > 0) {
        chunk.flip();
        position += chunk.remaining();
        digest.update(chunk);
      }
    } catch (IOException e) {
      throw failed(partial, e);
    }
  }

  /** Git hashes a header with the length before the content. */
  private static MessageDigest newDigest(HubFile file) {
    try {
      if (file.isLarge()) {
        return MessageDigest.getInstance("SHA-256");
      }
      MessageDigest git = MessageDigest.getInstance("SHA-1");
      git.update(("blob " + file.bytes() + "\0").getBytes(StandardCharsets.US_ASCII));
      return git;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1 and SHA-256", e);
    }
  }

  private static StorageException failed(Path partial, IOException failure) {
    return new StorageException(
        "cannot write %s: %s".formatted(partial, failure.getMessage()), failure);
  }
}
