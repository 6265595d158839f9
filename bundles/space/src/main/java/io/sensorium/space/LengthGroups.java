package io.sensorium.space;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Puts items of like length together, so that short ones are not padded to the longest. */
final class LengthGroups {
  /** A run costs more than padding by half: below this ratio items share a run. */
  private static final double LONGEST_TO_SHORTEST = 1.5;

  private LengthGroups() {}

  /** The items in groups, shortest first; within a group in the order given if all are alike. */
  static List<List<PreparedItem>> of(List<PreparedItem> items) {
    List<PreparedItem> sorted = new ArrayList<>(items);
    sorted.sort(Comparator.comparingLong(PreparedItem::bytes));
    List<List<PreparedItem>> groups = new ArrayList<>();
    List<PreparedItem> group = new ArrayList<>();
    for (PreparedItem item : sorted) {
      if (!group.isEmpty() && item.bytes() > LONGEST_TO_SHORTEST * group.getFirst().bytes()) {
        groups.add(group);
        group = new ArrayList<>();
      }
      group.add(item);
    }
    if (!group.isEmpty()) {
      groups.add(group);
    }
    return groups;
  }
}
