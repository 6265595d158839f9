package io.sensorium.models.world;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A group with its formation and place; lengths are fractions of the image's side.
 *
 * @param box side of each object's box
 * @param left left edge of the group
 * @param top upper edge of the group
 */
record Placed(Group group, Layout layout, double box, double left, double top) {

  private static final double MARGIN = 0.02;
  private static final double ROOM = 1 - 2 * MARGIN;
  private static final double GAP = 0.04;
  private static final double LONG_ROW_ROOM = 0.84;

  /** Places the groups of a scene without overlap. */
  static List<Placed> groups(Scene scene, RandomGenerator random) {
    return scene
        .relation()
        .map(relation -> pair(scene, relation, random))
        .orElseGet(() -> List.of(single(scene.first(), scene.positionOf(0), random)));
  }

  private static Placed single(Group group, Position position, RandomGenerator random) {
    double box = group.size().box() * random.nextDouble(0.92, 1.08);
    Layout layout = pick(Layout.fitting(group.count(), box, LONG_ROW_ROOM, LONG_ROW_ROOM), random);
    return new Placed(
        group,
        layout,
        box,
        aligned(position.column(), layout.width(box), random),
        aligned(position.row(), layout.height(box), random));
  }

  /** The near edge of an extent that lies at the start (0), the middle (1) or the end (2). */
  private static double aligned(int third, double extent, RandomGenerator random) {
    double slack = ROOM - extent;
    double inward = 0.08 * random.nextDouble() * slack;
    return MARGIN
        + switch (third) {
          case 0 -> inward;
          case 1 -> slack / 2 + 0.06 * slack * random.nextDouble(-1, 1);
          default -> slack - inward;
        };
  }

  private static List<Placed> pair(Scene scene, Relation relation, RandomGenerator random) {
    boolean sideBySide = relation == Relation.LEFT_OF;
    List<Placed> loose = new ArrayList<>();
    double used = GAP;
    for (Group group : scene.groups()) {
      double box = group.size().sharedBox() * random.nextDouble(0.94, 1.04);
      double reserved = reserved(scene, loose.size());
      double along = ROOM - used - reserved;
      Layout layout =
          pick(
              sideBySide
                  ? Layout.fitting(group.count(), box, along, LONG_ROW_ROOM)
                  : Layout.fitting(group.count(), box, LONG_ROW_ROOM, along),
              random);
      loose.add(new Placed(group, layout, box, 0, 0));
      used += sideBySide ? layout.width(box) : layout.height(box);
    }
    double slack = Math.max(0, ROOM - used);
    Placed first = loose.getFirst();
    Placed second = loose.getLast();
    double near = MARGIN + 0.3 * slack * random.nextDouble();
    double far = 1 - MARGIN - 0.3 * slack * random.nextDouble();
    return sideBySide
        ? List.of(
            first.at(near, first.across(first.height(), random)),
            second.at(far - second.width(), second.across(second.height(), random)))
        : List.of(
            first.at(first.across(first.width(), random), near),
            second.at(second.across(second.width(), random), far - second.height()));
  }

  /** The least that the groups after {@code index} need: their narrowest formation. */
  private static double reserved(Scene scene, int index) {
    if (index > 0) {
      return 0;
    }
    Group last = scene.groups().getLast();
    double box = last.size().sharedBox() * 1.04;
    double narrowest = Double.POSITIVE_INFINITY;
    for (Layout layout : Layout.fitting(last.count(), box, ROOM, LONG_ROW_ROOM)) {
      narrowest = Math.min(narrowest, layout.width(box));
    }
    return narrowest;
  }

  private double across(double extent, RandomGenerator random) {
    double slack = ROOM - extent;
    return MARGIN + slack / 2 + 0.12 * slack * random.nextDouble(-1, 1);
  }

  private Placed at(double newLeft, double newTop) {
    return new Placed(group, layout, box, newLeft, newTop);
  }

  private double width() {
    return layout.width(box);
  }

  private double height() {
    return layout.height(box);
  }

  private static Layout pick(List<Layout> layouts, RandomGenerator random) {
    return layouts.get(random.nextInt(layouts.size()));
  }
}
