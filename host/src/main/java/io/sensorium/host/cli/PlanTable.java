package io.sensorium.host.cli;

import io.sensorium.host.operations.Results.GraphPlan;
import io.sensorium.host.operations.Results.Plan;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * Prints what a model takes.
 *
 * @param out where to
 */
record PlanTable(PrintWriter out) {
  /** Beyond this share, the formula's number is explained. */
  private static final double CLOSE = 0.02;

  void print(Plan plan) {
    line("architecture", plan.architecture());
    line("parameters", number(plan.parameters()) + " in the checkpoint's tensors");
    if (plan.estimate() != null) {
      line("  by formula", number(plan.estimate()) + difference(plan));
    }
    plan.bytes().forEach((precision, bytes) -> line(precision, size(bytes)));
    for (GraphPlan graph : plan.graphs()) {
      line(
          "graph " + graph.name(),
          "%s parameters, %s loaded, %s of activations an item"
              .formatted(
                  number(graph.parameters()),
                  Tables.bytes(graph.weightBytes()),
                  Tables.bytes(graph.workingBytes())));
    }
    line("working set", "%s for a batch of %d".formatted(size(plan.workingBytes()), plan.batch()));
    if (plan.kvBytesPerToken() > 0) {
      line("keys, values", size(plan.kvBytesPerToken()) + " a token");
    }
    if (plan.stateBytes() > 0) {
      line("state", size(plan.stateBytes()) + ", whatever the length");
    }
    line("training", size(plan.trainingBytes()) + " with Adam in fp32, before activations");
    out.flush();
  }

  private static String difference(Plan plan) {
    double share = (double) plan.estimate() / plan.parameters() - 1;
    String percent = String.format(Locale.ROOT, " (%+.1f %%)", 100 * share);
    return Math.abs(share) <= CLOSE
        ? percent
        : percent
            + ": it counts embeddings, attention, feed-forward and norms of the configured layers,"
            + " not positions, heads, projections' biases and what no graph reads";
  }

  private void line(String what, String value) {
    out.printf("%-14s %s%n", what, value);
  }

  private static String size(long bytes) {
    return "%s (%s bytes)".formatted(Tables.bytes(bytes), number(bytes));
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }
}
