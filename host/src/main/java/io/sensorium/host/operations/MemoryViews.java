package io.sensorium.host.operations;

import io.sensorium.api.lifecycle.Swap;
import io.sensorium.api.memory.DeviceMemory;
import io.sensorium.api.memory.MemoryAmounts;
import io.sensorium.api.memory.MemoryHolding;
import io.sensorium.api.memory.MemoryKind;
import io.sensorium.api.memory.ProcessMemory;
import io.sensorium.api.memory.SwapPlan;
import io.sensorium.host.operations.MemoryResults.Account;
import io.sensorium.host.operations.MemoryResults.Holder;
import io.sensorium.host.operations.MemoryResults.Need;
import io.sensorium.host.operations.MemoryResults.Part;
import io.sensorium.host.operations.MemoryResults.Totals;
import io.sensorium.host.operations.MemoryResults.Upgrade;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Shows the ledger's values as results that travel. */
final class MemoryViews {
  private static final double MILLIS = 1000;

  private MemoryViews() {}

  static Account account(DeviceMemory device) {
    return new Account(
        device.device(),
        orNull(device.budgetBytes()),
        device.reservedBytes(),
        device.measuredBytes(),
        device.holdings().stream().map(MemoryViews::holder).toList());
  }

  private static Holder holder(MemoryHolding holding) {
    Map<String, Part> kinds = new LinkedHashMap<>();
    for (MemoryKind kind : MemoryKind.values()) {
      Part part =
          new Part(
              holding.planned().of(kind),
              holding.reserved().of(kind),
              measured(holding.measured(), holding.measured().of(kind)));
      if (part.plannedBytes() > 0 || part.reservedBytes() > 0 || part.measuredBytes() != null) {
        kinds.put(kind.name().toLowerCase(Locale.ROOT), part);
      }
    }
    return new Holder(
        holding.owner(),
        holding.state().name().toLowerCase(Locale.ROOT),
        holding.planned().total(),
        holding.reserved().total(),
        measured(holding.measured(), holding.measured().total()),
        kinds,
        holding.priority(),
        holding.pinned(),
        holding.idle().toMillis() / MILLIS);
  }

  private static Long measured(MemoryAmounts all, long bytes) {
    return all.bytes().isEmpty() || bytes == 0 ? null : Long.valueOf(bytes);
  }

  static Totals process(ProcessMemory process) {
    return new Totals(
        orNull(process.residentBytes()),
        orNull(process.anonymousBytes()),
        orNull(process.mappedBytes()),
        orNull(process.allocatedBytes()),
        process.heapUsedBytes(),
        process.heapCommittedBytes(),
        process.heapMaximumBytes());
  }

  static Upgrade upgrade(String model, Optional<String> replaces, SwapPlan plan) {
    return new Upgrade(
        model,
        replaces.orElse(null),
        plan.swap().map(MemoryViews::name).orElse("does-not-fit"),
        plan.devices().stream()
            .map(
                device ->
                    new Need(
                        device.device(),
                        orNull(device.budgetBytes()),
                        device.reservedBytes(),
                        device.incomingBytes(),
                        device.outgoingBytes(),
                        device.idleBytes()))
            .toList());
  }

  private static String name(Swap swap) {
    return swap.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Long orNull(OptionalLong bytes) {
    return bytes.isPresent() ? bytes.getAsLong() : null;
  }
}
