package io.sensorium.host.remote;

import io.sensorium.api.ServiceGoneException;
import io.sensorium.host.launch.HomeFolder;
import io.sensorium.host.operations.Arguments.ClassifyArguments;
import io.sensorium.host.operations.Arguments.FeatureArguments;
import io.sensorium.host.operations.Arguments.ImportArguments;
import io.sensorium.host.operations.Arguments.IndexArguments;
import io.sensorium.host.operations.Arguments.Items;
import io.sensorium.host.operations.Arguments.JarArguments;
import io.sensorium.host.operations.Arguments.MemoryArguments;
import io.sensorium.host.operations.Arguments.Name;
import io.sensorium.host.operations.Arguments.Nothing;
import io.sensorium.host.operations.Arguments.PlanArguments;
import io.sensorium.host.operations.Arguments.ReembedArguments;
import io.sensorium.host.operations.Arguments.SearchArguments;
import io.sensorium.host.operations.Arguments.VerifyArguments;
import io.sensorium.host.operations.AskArguments;
import io.sensorium.host.operations.Call;
import io.sensorium.host.operations.GenerationArguments.Generate;
import io.sensorium.host.operations.HostOperations;
import io.sensorium.host.operations.MemoryResults.Ledger;
import io.sensorium.host.operations.Results.Bundle;
import io.sensorium.host.operations.Results.BundleRemoval;
import io.sensorium.host.operations.Results.Bundles;
import io.sensorium.host.operations.Results.Classification;
import io.sensorium.host.operations.Results.Embeddings;
import io.sensorium.host.operations.Results.Generated;
import io.sensorium.host.operations.Results.Health;
import io.sensorium.host.operations.Results.Hits;
import io.sensorium.host.operations.Results.Indexing;
import io.sensorium.host.operations.Results.ItemFeatures;
import io.sensorium.host.operations.Results.Model;
import io.sensorium.host.operations.Results.ModelDetails;
import io.sensorium.host.operations.Results.Models;
import io.sensorium.host.operations.Results.Plan;
import io.sensorium.host.operations.Results.Reembedding;
import io.sensorium.host.operations.Results.Removal;
import io.sensorium.host.operations.Results.Verification;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/** Asks the host that serves a home. One call at a time; close is idempotent. */
public final class RemoteOperations implements HostOperations {
  private final HostConnection host;

  private RemoteOperations(HostConnection host) {
    this.host = host;
  }

  /**
   * Connects to the host that serves a home.
   *
   * @return empty if none answers
   * @throws ServiceGoneException if what answers speaks another protocol
   */
  public static Optional<RemoteOperations> connect(HomeFolder home) {
    try {
      Optional<UnixDomainSocketAddress> address = SocketLocation.find(home);
      return address.isEmpty()
          ? Optional.empty()
          : Optional.of(
              new RemoteOperations(new HostConnection(SocketChannel.open(address.get()))));
    } catch (IOException e) {
      // A host that died leaves its socket behind; the next one to serve removes it.
      return Optional.empty();
    }
  }

  /** The device that the host was started for. */
  public String device() {
    return host.greeting().device();
  }

  /** The host's process. */
  public long process() {
    return host.greeting().process();
  }

  @Override
  public Indexing index(IndexArguments arguments, Call call) {
    return host.ask("index", arguments, Indexing.class, call);
  }

  @Override
  public Hits search(SearchArguments arguments, Call call) {
    return host.ask("search", arguments, Hits.class, call);
  }

  @Override
  public Embeddings embed(Items arguments, Call call) {
    return host.ask("embed", arguments, Embeddings.class, call);
  }

  @Override
  public ItemFeatures features(FeatureArguments arguments, Call call) {
    return host.ask("features", arguments, ItemFeatures.class, call);
  }

  @Override
  public Classification classify(ClassifyArguments arguments, Call call) {
    return host.ask("classify", arguments, Classification.class, call);
  }

  @Override
  public Generated generate(Generate arguments, Call call) {
    return host.ask("generate", arguments, Generated.class, call);
  }

  @Override
  public Generated ask(AskArguments arguments, Call call) {
    return host.ask("ask", arguments, Generated.class, call);
  }

  @Override
  public Models models(Call call) {
    return host.ask("models", new Nothing(), Models.class, call);
  }

  @Override
  public ModelDetails inspectModel(Name name, Call call) {
    return host.ask("inspectModel", name, ModelDetails.class, call);
  }

  @Override
  public Model importModel(ImportArguments arguments, Call call) {
    return host.ask("importModel", arguments, Model.class, call);
  }

  @Override
  public Plan planModel(PlanArguments arguments, Call call) {
    return host.ask("planModel", arguments, Plan.class, call);
  }

  @Override
  public Verification verifyModel(VerifyArguments arguments, Call call) {
    return host.ask("verifyModel", arguments, Verification.class, call);
  }

  @Override
  public Removal removeModel(Name name, Call call) {
    return host.ask("removeModel", name, Removal.class, call);
  }

  @Override
  public Reembedding reembed(ReembedArguments arguments, Call call) {
    return host.ask("reembed", arguments, Reembedding.class, call);
  }

  @Override
  public Bundles bundles(Call call) {
    return host.ask("bundles", new Nothing(), Bundles.class, call);
  }

  @Override
  public Bundle installBundle(JarArguments arguments, Call call) {
    return host.ask("installBundle", arguments, Bundle.class, call);
  }

  @Override
  public Bundle updateBundle(JarArguments arguments, Call call) {
    return host.ask("updateBundle", arguments, Bundle.class, call);
  }

  @Override
  public BundleRemoval removeBundle(Name name, Call call) {
    return host.ask("removeBundle", name, BundleRemoval.class, call);
  }

  @Override
  public Health doctor(Call call) {
    return host.ask("doctor", new Nothing(), Health.class, call);
  }

  @Override
  public Ledger memory(MemoryArguments arguments, Call call) {
    return host.ask("memory", arguments, Ledger.class, call);
  }

  @Override
  public void close() {
    host.close();
  }
}
