package io.sensorium.host.operations;

import io.sensorium.host.operations.Arguments.ClassifyArguments;
import io.sensorium.host.operations.Arguments.FeatureArguments;
import io.sensorium.host.operations.Arguments.ImportArguments;
import io.sensorium.host.operations.Arguments.IndexArguments;
import io.sensorium.host.operations.Arguments.Items;
import io.sensorium.host.operations.Arguments.JarArguments;
import io.sensorium.host.operations.Arguments.MemoryArguments;
import io.sensorium.host.operations.Arguments.Name;
import io.sensorium.host.operations.Arguments.PlanArguments;
import io.sensorium.host.operations.Arguments.ReembedArguments;
import io.sensorium.host.operations.Arguments.SearchArguments;
import io.sensorium.host.operations.Arguments.VerifyArguments;
import io.sensorium.host.operations.GenerationArguments.Generate;
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

/**
 * Everything that a command can ask of a host. Thread-safe.
 *
 * <p>Paths in arguments are absolute. Every operation throws {@link
 * io.sensorium.api.SensoriumException} with one clear line, or {@link IllegalArgumentException} for
 * arguments that make no sense; a call that is cancelled throws {@link
 * io.sensorium.api.RequestCancelledException}.
 */
public interface HostOperations extends AutoCloseable {
  Indexing index(IndexArguments arguments, Call call);

  Hits search(SearchArguments arguments, Call call);

  Embeddings embed(Items arguments, Call call);

  ItemFeatures features(FeatureArguments arguments, Call call);

  Classification classify(ClassifyArguments arguments, Call call);

  Generated generate(Generate arguments, Call call);

  Generated ask(AskArguments arguments, Call call);

  Models models(Call call);

  ModelDetails inspectModel(Name name, Call call);

  Model importModel(ImportArguments arguments, Call call);

  Plan planModel(PlanArguments arguments, Call call);

  Verification verifyModel(VerifyArguments arguments, Call call);

  Removal removeModel(Name name, Call call);

  Reembedding reembed(ReembedArguments arguments, Call call);

  Bundles bundles(Call call);

  Bundle installBundle(JarArguments arguments, Call call);

  Bundle updateBundle(JarArguments arguments, Call call);

  BundleRemoval removeBundle(Name name, Call call);

  Health doctor(Call call);

  Ledger memory(MemoryArguments arguments, Call call);

  /** Lets go of the host: closes one in this process, disconnects from one that is not. */
  @Override
  void close();
}
