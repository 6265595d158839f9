package io.sensorium.models.checkpoints;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes pickles, good and bad ones. */
final class PickleWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  PickleWriter() {
    op(0x80).op(2);
  }

  PickleWriter op(int opcode) {
    out.write(opcode);
    return this;
  }

  PickleWriter raw(String latin) {
    out.writeBytes(latin.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  PickleWriter global(String module, String name) {
    return raw("c" + module + "\n" + name + "\n");
  }

  PickleWriter string(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    op('X').int32(bytes.length);
    out.writeBytes(bytes);
    return this;
  }

  PickleWriter integer(long value) {
    op(0x8a).op(8);
    out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
    return this;
  }

  PickleWriter int32(int value) {
    out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    return this;
  }

  PickleWriter integers(long... values) {
    op('(');
    for (long value : values) {
      integer(value);
    }
    return op('t');
  }

  /** A storage by its persistent id. */
  PickleWriter storage(String type, String key, long elements) {
    op('(').string("storage").global("torch", type).string(key).string("cpu");
    return integer(elements).op('t').op('Q');
  }

  /** A tensor of a storage of floats. */
  PickleWriter tensor(String key, long elements, long first, long[] sizes, long[] strides) {
    global("torch._utils", "_rebuild_tensor_v2").op('(');
    storage("FloatStorage", key, elements).integer(first).integers(sizes).integers(strides);
    return op(0x89).global("collections", "OrderedDict").raw(")R").op('t').op('R');
  }

  byte[] stop() {
    op('.');
    return out.toByteArray();
  }

  /** A state dictionary of one tensor, {@code w}. */
  static byte[] oneTensor(String key, long elements, long first, long[] sizes, long[] strides) {
    return new PickleWriter()
        .op('}')
        .string("w")
        .tensor(key, elements, first, sizes, strides)
        .op('s')
        .stop();
  }
}
