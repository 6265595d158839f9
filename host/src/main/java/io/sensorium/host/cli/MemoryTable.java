package io.sensorium.host.cli;

import io.sensorium.host.operations.MemoryResults.Account;
import io.sensorium.host.operations.MemoryResults.Holder;
import io.sensorium.host.operations.MemoryResults.Ledger;
import io.sensorium.host.operations.MemoryResults.Need;
import io.sensorium.host.operations.MemoryResults.Totals;
import io.sensorium.host.operations.MemoryResults.Upgrade;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/**
 * Prints the ledger.
 *
 * @param out where to
 */
record MemoryTable(PrintWriter out) {
  private static final int BAR_WIDTH = 40;

  void print(Ledger ledger) {
    ledger.devices().forEach(this::print);
    print(ledger.process());
    if (ledger.plan() != null) {
      print(ledger.plan());
    }
    out.flush();
  }

  private void print(Account account) {
    if (account.budgetBytes() == null) {
      out.printf(
          "%s  %s reserved, no limit known%n",
          account.device(), Tables.bytes(account.reservedBytes()));
    } else {
      out.printf(
          "%s  [%s] %s of %s reserved%n",
          account.device(),
          bar(account.reservedBytes(), account.budgetBytes()),
          Tables.bytes(account.reservedBytes()),
          Tables.bytes(account.budgetBytes()));
    }
    if (!account.holders().isEmpty()) {
      out.println();
      Tables.print(
          out,
          List.of("owner", "state", "planned", "reserved", "measured", "priority", "idle", "kinds"),
          account.holders().stream().map(MemoryTable::row).toList());
    }
    out.println();
  }

  private static List<String> row(Holder holder) {
    return List.of(
        holder.owner(),
        holder.pinned() ? "pinned" : holder.state(),
        known(holder.plannedBytes()),
        known(holder.reservedBytes()),
        known(holder.measuredBytes()),
        Integer.toString(holder.priority()),
        holder.idleSeconds() == 0
            ? "-"
            : String.format(Locale.ROOT, "%.0f s", holder.idleSeconds()),
        String.join(", ", holder.kinds().keySet()));
  }

  private static String known(Long bytes) {
    return bytes == null || bytes == 0 ? "-" : Tables.bytes(bytes);
  }

  /** Full where more is reserved than there should be. */
  static String bar(long part, long whole) {
    double share = whole == 0 ? 1 : Math.clamp((double) part / whole, 0, 1);
    int filled = (int) Math.ceil(share * BAR_WIDTH);
    return "#".repeat(filled) + ".".repeat(BAR_WIDTH - filled);
  }

  private void print(Totals process) {
    out.printf(
        "process  %s resident: %s anonymous, %s of mapped files; %s allocated by native code%n",
        known(process.residentBytes()),
        known(process.anonymousBytes()),
        known(process.mappedBytes()),
        known(process.allocatedBytes()));
    out.printf(
        "heap     %s used, %s taken, %s at most%n",
        Tables.bytes(process.heapUsedBytes()),
        Tables.bytes(process.heapCommittedBytes()),
        Tables.bytes(process.heapMaximumBytes()));
  }

  private void print(Upgrade plan) {
    String old = plan.replaces() == null ? "" : " instead of " + plan.replaces();
    out.printf("plan     %s%s: %s%n", plan.model(), old, inWords(plan));
    for (Need need : plan.devices()) {
      out.printf(
          "  %s  needs %s; %s reserved of %s, of which %s of idle others and %s of the old version%n",
          need.device(),
          Tables.bytes(need.incomingBytes()),
          Tables.bytes(need.reservedBytes()),
          known(need.budgetBytes()),
          Tables.bytes(need.idleBytes()),
          Tables.bytes(need.outgoingBytes()));
    }
  }

  private static String inWords(Upgrade plan) {
    return switch (plan.swap()) {
      case "blue-green" ->
          plan.replaces() == null ? "fits (blue-green)" : "fits beside the old one (blue-green)";
      case "drain-and-swap" -> "fits once the old one has gone (drain-and-swap)";
      default -> "does not fit";
    };
  }
}
