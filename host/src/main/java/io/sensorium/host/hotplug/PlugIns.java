package io.sensorium.host.hotplug;

import io.sensorium.host.api.LifecycleJournal;
import io.sensorium.host.api.PlugInPolicy;
import io.sensorium.host.launch.HomeFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;

/** Everything about bundles that come and go in one framework. Thread-safe once it was started. */
public final class PlugIns implements AutoCloseable {
  private final BundleContext context;
  private final LifecycleTeller teller;
  private final Departures departures = new Departures();
  private final Journal journal;
  private final BundleSteps steps;
  private final KeptStart start;
  private final BundleChanges changes;
  private final DeployTurns turns = new DeployTurns();
  private final DeployedBundles deployed;

  private PlugIns(BundleContext context, KeptHome home, List<Path> carried) {
    this.context = context;
    context.registerService(ResolverHookFactory.class, new SingletonHook(), null);
    this.teller = new LifecycleTeller(context);
    this.journal = new Journal(context, departures::retained);
    this.steps = new BundleSteps(context, teller, departures, home);
    this.start = new KeptStart(context, home, steps);
    InstalledBundles installed = new InstalledBundles(context);
    Quarantine quarantine = new Quarantine(journal, steps);
    Set<String> locations = new HashSet<>();
    carried.forEach(jar -> locations.add(BundleSteps.location(jar)));
    Arrivals arrivals = new Arrivals(context, home.policy().readyLimit());
    this.changes =
        new BundleChanges(
            steps,
            arrivals,
            home.kept(),
            new CarriedBundles(steps, arrivals, carried),
            installed,
            quarantine,
            new BundleViews(home.kept(), journal, steps, locations));
    this.deployed =
        new DeployedBundles(
            home.folder().deploy(), changes, home.kept(), installed, quarantine, turns);
  }

  /** What a home keeps; read once for each start of a host. */
  public static final class Kept {
    private final KeptHome home;

    /**
     * Checks every kept jar, sets damaged ones aside, and reads whom to trust.
     *
     * @throws io.sensorium.host.api.HostStartException if what the policy trusts cannot be read
     */
    public Kept(HomeFolder folder, PlugInPolicy policy) throws IOException {
      this.home = KeptHome.read(folder, policy);
    }
  }

  /**
   * For a framework that is initialised and not started yet.
   *
   * @param carried the jars of the host's own bundles
   */
  public static PlugIns in(BundleContext context, Kept kept, List<Path> carried) {
    return new PlugIns(context, kept.home, carried);
  }

  /**
   * Makes the framework hold what was committed and nothing else; called before it starts.
   *
   * @param carried the jars of the host's own bundles
   * @return those bundles that nothing took the place of, by their jars
   */
  public Map<Path, Bundle> install(List<Path> carried)
      throws IOException, org.osgi.framework.BundleException {
    return start.install(carried);
  }

  /** Starts what earlier runs added; called when the host's own bundles are active. */
  public void startKept() {
    start.start();
  }

  /**
   * Takes in what lies in the deploy folder, and from now on what is dropped there. Returns when
   * what lies there is in service or in quarantine.
   */
  public void watchDeployFolder(Bundle fileInstall) throws org.osgi.framework.BundleException {
    try {
      new FileInstallBridge(deployed).register(context, fileInstall);
    } catch (ClassNotFoundException e) {
      throw new org.osgi.framework.BundleException(fileInstall + " is not File Install", e);
    }
    // Not to be started by the framework: the installer has to be there first.
    fileInstall.start(Bundle.START_TRANSIENT);
    try {
      turns.awaitIdle();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new org.osgi.framework.BundleException(
          "interrupted while what lies in the deploy folder came in", e);
    }
  }

  /** Makes changes. */
  public BundleChanges changes() {
    return changes;
  }

  /** One line for each bundle that was passed over in the deploy folder for another file there. */
  public List<String> deployProblems() {
    return deployed.problems();
  }

  /** What is where. */
  public LifecycleJournal journal() {
    return journal;
  }

  /**
   * Whether code of a bundle still runs that was given up, so that the framework cannot stop it.
   */
  public boolean anyHangs() {
    return steps.anyHangs();
  }

  @Override
  public void close() {
    turns.close();
    departures.close();
    teller.close();
  }
}
