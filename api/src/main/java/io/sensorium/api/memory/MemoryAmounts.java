package io.sensorium.api.memory;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * Bytes by what they are for. Immutable.
 *
 * @param bytes positive, in the order of the kinds; what is not in it is zero
 */
public record MemoryAmounts(Map<MemoryKind, Long> bytes) {
  /** Nothing. */
  public static final MemoryAmounts NONE = new MemoryAmounts(Map.of());

  public MemoryAmounts {
    EnumMap<MemoryKind, Long> positive = new EnumMap<>(MemoryKind.class);
    bytes.forEach(
        (kind, amount) -> {
          if (amount < 0) {
            throw new IllegalArgumentException(
                "memory must not be negative; got %d bytes for %s".formatted(amount, kind));
          }
          if (amount > 0) {
            positive.put(kind, amount);
          }
        });
    bytes = Collections.unmodifiableMap(positive);
  }

  /** So many bytes for one thing. */
  public static MemoryAmounts of(MemoryKind kind, long bytes) {
    return new MemoryAmounts(Map.of(kind, bytes));
  }

  /** The bytes for one thing. */
  public long of(MemoryKind kind) {
    return bytes.getOrDefault(kind, 0L);
  }

  /** The same with another amount for one thing. */
  public MemoryAmounts with(MemoryKind kind, long changed) {
    EnumMap<MemoryKind, Long> amounts = new EnumMap<>(MemoryKind.class);
    amounts.putAll(bytes);
    amounts.put(kind, changed);
    return new MemoryAmounts(amounts);
  }

  /** All of it together. */
  public long total() {
    return bytes.values().stream().reduce(0L, Math::addExact);
  }
}
