package io.sensorium.runtime.onnx;

import io.sensorium.api.RequestContext;
import io.sensorium.api.memory.DeviceMemory;
import io.sensorium.api.memory.MemoryHolding;
import io.sensorium.api.memory.MemoryLedger;
import io.sensorium.api.memory.MemoryReport;
import io.sensorium.api.memory.MemoryReporter;
import io.sensorium.api.memory.MemoryRequest;
import io.sensorium.api.memory.Reservation;
import io.sensorium.api.memory.SwapPlan;
import io.sensorium.api.model.ModelGraph;
import io.sensorium.api.runtime.DeviceStatus;
import io.sensorium.api.runtime.GraphEngine;
import io.sensorium.api.runtime.InferenceRuntime;
import io.sensorium.api.runtime.SessionLease;
import io.sensorium.api.runtime.SessionStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runtime over ONNX Runtime, and over the engines that other bundles bring. Thread-safe.
 *
 * <p>The device is the framework property {@value #DEVICE_PROPERTY}, {@code auto} where it is not
 * set. Native code is loaded when the first session opens, not when the bundle starts. A run is
 * told to end within 5 ms of its deadline or cancellation; ONNX Runtime obeys between two nodes of
 * the graph.
 */
@Component(
    service = {InferenceRuntime.class, MemoryLedger.class},
    configurationPid = "io.sensorium.runtime.onnx",
    immediate = true)
@Designate(ocd = RuntimeConfiguration.class)
public final class OnnxInferenceRuntime implements InferenceRuntime, MemoryLedger, AutoCloseable {
  /** Framework property: {@code cpu}, {@code cuda[:n]} or {@code auto}. */
  public static final String DEVICE_PROPERTY = "sensorium.device";

  private static final String HOME_PROPERTY = "sensorium.home";
  private static final Logger LOG = LoggerFactory.getLogger(OnnxInferenceRuntime.class);
  private static final int MEBI_SHIFT = 20;
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final Devices devices;
  private final SessionSettings settings;
  private final ScheduledExecutorService watcher;
  private final GraphEngines engines;
  private final DeviceLedger ledger;
  private final SessionAdmission admission;
  private final LeaseTable table;
  private final IdleReclaim reclaiming;
  private final ProcessFigures process = new ProcessFigures();
  private final Set<MemoryReporter> reporters = ConcurrentHashMap.newKeySet();

  /** Started by Declarative Services. */
  @Activate
  public OnnxInferenceRuntime(BundleContext context, RuntimeConfiguration configuration) {
    this(
        Optional.ofNullable(context.getProperty(DEVICE_PROPERTY)).orElse("auto"),
        SessionSettings.of(
            configuration.threads(),
            configuration.spinning(),
            configuration.decodeSpinMicros(),
            Duration.ofMillis(configuration.drainMillis())),
        new MemoryBudget(
            (long) configuration.memoryMebibytes() << MEBI_SHIFT,
            (long) configuration.deviceMemoryMebibytes() << MEBI_SHIFT,
            configuration.plannedItems()),
        HolderPolicy.parse(
            configuration.pinned(),
            configuration.priorities(),
            Duration.ofSeconds(configuration.idleSeconds())),
        Optional.ofNullable(context.getProperty(HOME_PROPERTY))
            .map(home -> Path.of(home, "memory", "measured.properties")));
  }

  /**
   * A runtime outside OSGi; the caller closes it.
   *
   * @param device {@code cpu}, {@code cuda[:n]} or {@code auto}
   * @throws IllegalArgumentException if the device is none of them
   */
  public OnnxInferenceRuntime(String device, SessionSettings settings) {
    this(device, settings, MemoryBudget.DEFAULT, HolderPolicy.NONE, Optional.empty());
  }

  OnnxInferenceRuntime(
      String device,
      SessionSettings settings,
      MemoryBudget budget,
      HolderPolicy policy,
      Optional<Path> kept) {
    this.devices = new Devices(DeviceRequest.parse(device), DeviceProbe::probe);
    this.settings = settings;
    this.watcher =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("sensorium-onnx-watch").factory());
    this.engines =
        new GraphEngines(new OnnxSessionOpener(devices, settings, new RunWatch(watcher)));
    this.ledger = new DeviceLedger(budget::of, policy);
    SessionMeasure.Tools tools =
        new SessionMeasure.Tools(
            new DeviceMeter(process), new QuietTime(), new MeasuredMemory(kept), budget.items());
    this.admission = new SessionAdmission(engines, ledger, this::deviceOfGraphs, tools);
    this.table = new LeaseTable(admission);
    this.reclaiming = new IdleReclaim(ledger, policy.idleTimeout());
  }

  /** What all sessions share is loaded first, so that none of them is measured with it. */
  private Device deviceOfGraphs() {
    Device device = devices.chosen();
    OnnxEnvironment.get();
    return device;
  }

  /**
   * Runs graphs of another runtime from now on.
   *
   * @param properties of the service, {@link GraphEngine#RUNTIME} among them
   */
  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "removeEngine")
  public void addEngine(GraphEngine engine, Map<String, Object> properties) {
    engines.add(engine, properties);
  }

  /** Opens nothing with the engine any more; its sessions close with their last leases. */
  public void removeEngine(GraphEngine engine, Map<String, Object> properties) {
    engines.remove(engine).ifPresent(table::retireAll);
  }

  /** Shows what a reporter holds from now on. */
  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "removeReporter")
  public void addReporter(MemoryReporter reporter) {
    reporters.add(reporter);
  }

  /** Shows it no more. */
  public void removeReporter(MemoryReporter reporter) {
    reporters.remove(reporter);
  }

  @Override
  public Reservation reserve(MemoryRequest request, RequestContext context) {
    return ledger.reserve(request, context);
  }

  @Override
  public boolean fits(String device, long bytes) {
    return ledger.fits(Device.parse(device), bytes);
  }

  @Override
  public SwapPlan plan(List<ModelGraph> incoming, List<ModelGraph> outgoing) {
    return admission.plan(incoming, outgoing);
  }

  @Override
  public MemoryReport report() {
    return new MemoryReport(
        ledger.report().stream().map(this::withReports).toList(), process.read());
  }

  private DeviceMemory withReports(DeviceMemory device) {
    if (!device.device().equals(Device.CPU.toString())) {
      return device;
    }
    List<MemoryHolding> holdings = new ArrayList<>(device.holdings());
    for (MemoryReporter reporter : reporters) {
      try {
        holdings.addAll(reporter.holdings());
      } catch (RuntimeException | LinkageError e) {
        LOG.warn("somebody does not say what memory is held", e);
      }
    }
    return new DeviceMemory(
        device.device(),
        device.budgetBytes(),
        device.reservedBytes(),
        device.measuredBytes(),
        holdings);
  }

  @Override
  public SessionLease lease(ModelGraph graph, RequestContext context) {
    return table.lease(graph, context);
  }

  @Override
  public boolean retire(ModelGraph graph, RequestContext context) {
    return table.retire(graph, context);
  }

  @Override
  public List<SessionStatus> sessions() {
    return table.statuses();
  }

  @Override
  public List<DeviceStatus> devices() {
    return devices.statuses().stream().map(this::withMemory).toList();
  }

  private DeviceStatus withMemory(DeviceStatus status) {
    if (!status.usable()) {
      return status;
    }
    Device device = DeviceRequest.parse(status.name()).device().orElse(Device.CPU);
    long budget = ledger.budgetBytes(device);
    String memory =
        Figures.mebibytes(ledger.reservedBytes(device))
            + (budget == Long.MAX_VALUE ? "" : " of " + Figures.mebibytes(budget));
    return new DeviceStatus(
        status.name(), true, status.detail() + "; sessions have reserved " + memory);
  }

  @Override
  public String configuredDevice() {
    return devices.request().toString();
  }

  /**
   * Drains and closes every session; leases that are not brought back in time are ended.
   *
   * @throws io.sensorium.api.DeadlineExceededException if a run does not end though it was told to
   */
  @Deactivate
  @Override
  public void close() {
    reclaiming.close();
    try {
      table.close(settings.drain(), GRACE);
    } finally {
      watcher.shutdown();
    }
  }
}
