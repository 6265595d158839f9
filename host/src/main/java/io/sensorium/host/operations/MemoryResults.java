package io.sensorium.host.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;

/** What the ledger tells. Immutable values; their fields are the command line's JSON. */
public final class MemoryResults {
  private MemoryResults() {}

  /**
   * Everything that is held, by device.
   *
   * @param plan whether something new would fit; null if nothing was asked
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Ledger(List<Account> devices, Totals process, Upgrade plan) {}

  /**
   * One device's account, in bytes.
   *
   * @param budgetBytes null where nobody knows what the device has
   */
  public record Account(
      String device,
      Long budgetBytes,
      long reservedBytes,
      long measuredBytes,
      List<Holder> holders) {}

  /**
   * What one owner holds, in bytes.
   *
   * @param state {@code busy}, {@code idle}, {@code leaving}, {@code fixed} or {@code reported}
   * @param measuredBytes null where nothing was measured
   * @param kinds the parts, for instance {@code weights}
   */
  public record Holder(
      String owner,
      String state,
      long plannedBytes,
      long reservedBytes,
      Long measuredBytes,
      Map<String, Part> kinds,
      int priority,
      boolean pinned,
      double idleSeconds) {}

  /** One kind of memory; {@code measuredBytes} is null where it was not measured. */
  public record Part(long plannedBytes, long reservedBytes, Long measuredBytes) {}

  /** The whole process, in bytes; what the system does not tell is null. */
  public record Totals(
      Long residentBytes,
      Long anonymousBytes,
      Long mappedBytes,
      Long allocatedBytes,
      long heapUsedBytes,
      long heapCommittedBytes,
      long heapMaximumBytes) {}

  /**
   * How something new would take its place.
   *
   * @param model its id
   * @param replaces the installed version that would go; null for none
   * @param swap {@code blue-green}, {@code drain-and-swap}, or {@code does-not-fit}
   */
  public record Upgrade(String model, String replaces, String swap, List<Need> devices) {}

  /** One device's part of a plan, in bytes; {@code budgetBytes} is null where nobody knows it. */
  public record Need(
      String device,
      Long budgetBytes,
      long reservedBytes,
      long incomingBytes,
      long outgoingBytes,
      long idleBytes) {}
}
