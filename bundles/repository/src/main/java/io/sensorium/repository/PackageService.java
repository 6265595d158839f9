package io.sensorium.repository;

import io.sensorium.api.RequestContext;
import io.sensorium.api.lifecycle.Step;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.runtime.InferenceRuntime;
import io.sensorium.repository.ServedPackages.Served;
import java.time.Duration;
import java.util.List;

/** Puts packages into service and takes them out of it. Changes of one id come one at a time. */
final class PackageService {
  private static final Duration RETIRE_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration VERDICT_TIMEOUT = Duration.ofMinutes(5);

  private final InferenceRuntime runtime;
  private final PackagePublisher publisher;
  private final EncoderVerdicts verdicts;
  private final ServedPackages served = new ServedPackages();

  PackageService(InferenceRuntime runtime, PackagePublisher publisher, EncoderVerdicts verdicts) {
    this.runtime = runtime;
    this.publisher = publisher;
    this.verdicts = verdicts;
  }

  /** What is in service now. */
  ServedPackages served() {
    return served;
  }

  /**
   * Puts a package into service in place of what was there under its id: the new one is published,
   * and its encoders are open, before the old one is withdrawn. One in another version of the same
   * space stays.
   *
   * @return what was replaced, which is out of service
   * @throws io.sensorium.api.ModelLoadException if an encoder refuses it; then it is withdrawn, and
   *     the old one serves on
   */
  List<Served> replace(ModelPackage model, Attempt attempt) {
    if (served.replacedBy(model).isEmpty()) {
      served.add(new Served(model, attempt, publisher.publish(model)));
      attempt.begin(Step.READY);
      return List.of();
    }
    attempt.replaces();
    List<Served> replaced;
    try (EncoderVerdicts.Watch encoders = verdicts.watch(model.manifest())) {
      Runnable withdraw = publisher.publish(model);
      try {
        encoders.await(VERDICT_TIMEOUT);
      } catch (RuntimeException refused) {
        withdraw.run();
        retire(model);
        throw refused;
      }
      replaced = served.add(new Served(model, attempt, withdraw));
    }
    attempt.begin(Step.READY);
    replaced.forEach(this::withdrawn);
    return replaced;
  }

  /** Leaves a package that is in service there, on behalf of somebody else or once more. */
  ModelPackage keep(Served there, Attempt attempt) {
    served.add(new Served(there.model(), attempt, there.withdraw()));
    attempt.begin(Step.READY);
    there.attempt().begin(Step.GONE);
    return there.model();
  }

  /** Takes a package out of service. */
  void withdraw(Served gone) {
    served.remove(gone);
    withdrawn(gone);
  }

  private void withdrawn(Served gone) {
    gone.attempt().begin(Step.DRAIN);
    gone.withdraw().run();
    gone.attempt().begin(Step.CLOSE);
    retire(gone.model());
    gone.attempt().begin(Step.GONE);
  }

  /** Closes the sessions of a package. */
  void retire(ModelPackage model) {
    model.graphs().forEach(this::retire);
  }

  void retire(ModelGraph graph) {
    runtime.retire(graph, RequestContext.within(RETIRE_TIMEOUT));
  }

  /** Takes everything out of service. */
  void close() {
    served.withdrawAll();
  }
}
