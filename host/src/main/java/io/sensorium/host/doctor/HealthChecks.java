package io.sensorium.host.doctor;

import io.sensorium.host.api.Diagnosis.Check;
import io.sensorium.host.launch.Problems;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.StreamSupport;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.apache.felix.hc.api.ResultLog;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/**
 * Runs the health checks that bundles offer, the host's own and anybody's. Each runs on a thread of
 * its own; one that throws or takes too long is a problem, not a failure.
 */
final class HealthChecks {
  private static final long LIMIT_SECONDS = 5;

  private final BundleContext context;

  HealthChecks(BundleContext context) {
    this.context = context;
  }

  List<Check> run() {
    List<Running> running = new ArrayList<>();
    for (ServiceReference<HealthCheck> reference : references()) {
      HealthCheck check = context.getService(reference);
      if (check != null) {
        FutureTask<Result> task = new FutureTask<>(check::execute);
        String name = name(reference);
        Thread.ofPlatform().daemon().name("sensorium-health-" + name).start(task);
        running.add(new Running(name, reference, task));
      }
    }
    List<Check> checks = new ArrayList<>();
    for (Running each : running) {
      checks.add(await(each));
      context.ungetService(each.reference());
    }
    checks.sort(Comparator.comparing(Check::name));
    return checks;
  }

  private record Running(
      String name, ServiceReference<HealthCheck> reference, FutureTask<Result> task) {}

  private Collection<ServiceReference<HealthCheck>> references() {
    try {
      return context.getServiceReferences(HealthCheck.class, null);
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException("no filter is no syntax", e);
    }
  }

  private static String name(ServiceReference<HealthCheck> reference) {
    return reference.getProperty(HealthCheck.NAME) instanceof String name
        ? name
        : reference.getBundle().getSymbolicName();
  }

  private static Check await(Running check) {
    try {
      return check(check.name(), check.task().get(LIMIT_SECONDS, TimeUnit.SECONDS));
    } catch (TimeoutException e) {
      check.task().cancel(true);
      return broken(check.name(), "gave no answer within " + LIMIT_SECONDS + " s");
    } catch (ExecutionException e) {
      return broken(check.name(), Problems.line(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return broken(check.name(), "was interrupted");
    }
  }

  private static Check broken(String name, String reason) {
    String message = "the health check '%s' failed: %s".formatted(name, reason);
    return new Check(
        name, Result.Status.HEALTH_CHECK_ERROR.name(), List.of(message), List.of(message));
  }

  private static Check check(String name, Result result) {
    List<ResultLog.Entry> entries =
        StreamSupport.stream(result.spliterator(), false)
            .filter(entry -> !entry.isDebug())
            .toList();
    return new Check(
        name,
        result.getStatus().name(),
        entries.stream().map(ResultLog.Entry::getMessage).toList(),
        entries.stream()
            .filter(entry -> entry.getStatus() != Result.Status.OK)
            .map(ResultLog.Entry::getMessage)
            .toList());
  }
}
