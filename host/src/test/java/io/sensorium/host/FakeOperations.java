package io.sensorium.host;

import io.sensorium.api.UnsupportedInputException;
import io.sensorium.host.operations.Arguments;
import io.sensorium.host.operations.AskArguments;
import io.sensorium.host.operations.Call;
import io.sensorium.host.operations.GenerationArguments;
import io.sensorium.host.operations.HostOperations;
import io.sensorium.host.operations.MemoryResults;
import io.sensorium.host.operations.Results;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Answers with values that say what was asked. */
public final class FakeOperations implements HostOperations {
  public final AtomicInteger closed = new AtomicInteger();
  public final CountDownLatch indexing = new CountDownLatch(1);
  public final CountDownLatch cancelled = new CountDownLatch(1);
  public final List<List<Arguments.Item>> embedded = new ArrayList<>();
  public volatile Arguments.SearchArguments searched;
  public volatile GenerationArguments.Generate generated;
  public volatile AskArguments asked;
  public volatile boolean endless;
  public volatile Arguments.ImportArguments imported;
  public volatile Boolean commercialUse = true;
  public volatile List<Results.ModelDetails> adapters = List.of();
  public volatile List<Results.LeftOut> leftOut = List.of();

  @Override
  public Results.Indexing index(Arguments.IndexArguments arguments, Call call) {
    indexing.countDown();
    call.progress().accept(new Results.Progress(1, 7, 2.5, 2.4));
    while (endless) {
      if (call.context().isCancelled()) {
        cancelled.countDown();
      }
      call.context().check("the next file");
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
    return new Results.Indexing(arguments.paths().size(), 2, 3, leftOut, 0.5);
  }

  @Override
  public Results.Hits search(Arguments.SearchArguments arguments, Call call) {
    searched = arguments;
    return new Results.Hits(
        List.of(
            new Results.Hit(1, 0.75, "image", "/a/ü.png", "/a/ü.png", Map.of("extension", "png")),
            new Results.Hit(2, 0.5, "audio", "/b.wav", "/b.wav", Map.of())));
  }

  @Override
  public Results.Embeddings embed(Arguments.Items arguments, Call call) {
    embedded.add(arguments.items());
    List<List<Float>> vectors = new ArrayList<>();
    List<Results.FailedItem> failed = new ArrayList<>();
    for (Arguments.Item item : arguments.items()) {
      boolean broken = item.text() != null && item.text().startsWith("!");
      if (broken) {
        failed.add(new Results.FailedItem(vectors.size(), "it is broken"));
      }
      vectors.add(broken ? null : List.of(0.6f, -0.8f));
    }
    boolean none = failed.size() == vectors.size();
    return new Results.Embeddings(
        none ? null : "world", none ? null : "1", none ? 0 : 2, vectors, failed);
  }

  @Override
  public Results.ItemFeatures features(Arguments.FeatureArguments arguments, Call call) {
    return new Results.ItemFeatures(
        arguments.encoder(), "1", "world@1", new byte[] {0, 0, -128, 63}, 1, new byte[4]);
  }

  @Override
  public Results.Classification classify(Arguments.ClassifyArguments arguments, Call call) {
    return new Results.Classification(
        arguments.labels().stream().map(label -> new Results.Label(label, 0.25)).toList());
  }

  @Override
  public Results.Generated ask(AskArguments arguments, Call call) {
    asked = arguments;
    call.text().accept("Three.");
    return new Results.Generated("Three.", List.of(9, 2), arguments.model(), 31, 80, "end", null);
  }

  @Override
  public Results.Generated generate(GenerationArguments.Generate arguments, Call call) {
    generated = arguments;
    call.text().accept("three ");
    call.text().accept("bells");
    return new Results.Generated(
        "three bells",
        List.of(5, 6),
        arguments.model() + " 1",
        7,
        12.5,
        "end",
        arguments.manner().logProbabilities() < 0
            ? null
            : List.of(new Results.TokenLogProb(5, "three ", -0.25, List.of())));
  }

  @Override
  public Results.Models models(Call call) {
    return new Results.Models(
        Stream.concat(
                Stream.of(model("world-image")), adapters.stream().map(Results.ModelDetails::model))
            .toList());
  }

  /** An adapter as it is declared. */
  public static Results.ModelDetails adapter(String id, String encoder, String languageModel) {
    var model =
        new Results.Model(
            id, "2", "projection", "projection", List.of(), "", "Apache-2.0", 2_000_000);
    Map<String, Object> declared =
        Map.of("kind", "query", "encoder", encoder, "language_model", languageModel);
    return new Results.ModelDetails(
        model,
        true,
        "/home/packages",
        List.of(new Results.Graph("projection", "", List.of(), List.of(), declared)),
        Map.of(),
        List.of());
  }

  private static Results.Model model(String id) {
    return new Results.Model(
        id, "1", "embedding", "vit", List.of("image"), "world@1", "Apache-2.0", 12_345_678);
  }

  @Override
  public Results.ModelDetails inspectModel(Arguments.Name name, Call call) {
    for (Results.ModelDetails adapter : adapters) {
      if (adapter.model().id().equals(name.name())) {
        return adapter;
      }
    }
    return new Results.ModelDetails(
        model(name.name()),
        commercialUse,
        "/home/packages",
        List.of(
            new Results.Graph(
                "vision",
                "image",
                List.of(new Results.TensorSignature("pixel_values", "float32[n,3,64,64]")),
                List.of(),
                Map.of("size", 64))),
        Map.of(),
        List.of(new Results.File("model.onnx", 7, "ab")));
  }

  @Override
  public Results.Model importModel(Arguments.ImportArguments arguments, Call call) {
    imported = arguments;
    return model("imported");
  }

  @Override
  public Results.Plan planModel(Arguments.PlanArguments arguments, Call call) {
    return new Results.Plan(
        arguments.precision() == null ? "vit" : "vit in " + arguments.precision(),
        1_000_000,
        900_000L,
        Map.of("fp32", 4_000_000L),
        0,
        0,
        arguments.batch(),
        arguments.batch() * 5_000L,
        16_000_000,
        List.of(new Results.GraphPlan("vision", 1_000_000, 4_000_000, 5_000)));
  }

  @Override
  public Results.Verification verifyModel(Arguments.VerifyArguments arguments, Call call) {
    return new Results.Verification(
        arguments.model(),
        arguments.golden() == null,
        List.of(new Results.Comparison("image_embeds", 1e-6, 1e-7, 0.999999)),
        List.of("depth_embeds"));
  }

  @Override
  public Results.Removal removeModel(Arguments.Name name, Call call) {
    return new Results.Removal(name.name());
  }

  @Override
  public Results.Reembedding reembed(Arguments.ReembedArguments arguments, Call call) {
    return new Results.Reembedding(
        arguments.action().name().toLowerCase(Locale.ROOT),
        List.of(new Results.SpaceChange("world@1", "world@2", "image", 7, List.of("text"))),
        5,
        1,
        2.5,
        2.8,
        List.of(new Results.KeptItem("/a.png", "cannot be read")),
        List.of("world@0"));
  }

  @Override
  public Results.Bundles bundles(Call call) {
    return new Results.Bundles(List.of(bundle("sensorium-space")), List.of(), List.of(), 0);
  }

  private static Results.Bundle bundle(String name) {
    return new Results.Bundle(
        7,
        name,
        "0.1.0",
        "ACTIVE",
        "carried",
        "READY",
        "2026-01-01T00:00:00Z",
        null,
        null,
        List.of());
  }

  @Override
  public Results.Bundle installBundle(Arguments.JarArguments arguments, Call call) {
    throw new UnsupportedInputException("no bundle:\n  " + arguments.jar());
  }

  @Override
  public Results.Bundle updateBundle(Arguments.JarArguments arguments, Call call) {
    return bundle(arguments.name());
  }

  @Override
  public Results.BundleRemoval removeBundle(Arguments.Name name, Call call) {
    return new Results.BundleRemoval(name.name(), "what comes with the host serves again");
  }

  @Override
  public Results.Health doctor(Call call) {
    return new Results.Health(
        false,
        List.of("no encoder is ready"),
        Map.of("sensorium", "0"),
        "cpu",
        List.of(new Results.Device("cpu", true, "fine")),
        new Results.Index(3, true, "", true, "vectors"),
        new Results.Memory(1, 2, 3, 4),
        new Results.Home("/home", 5, 6),
        List.of("world-image 1"),
        List.of(),
        List.of(new Results.Check("encoders", "CRITICAL", List.of("no encoder is ready"))));
  }

  @Override
  public MemoryResults.Ledger memory(Arguments.MemoryArguments arguments, Call call) {
    long mebi = 1 << 20;
    MemoryResults.Holder holder =
        new MemoryResults.Holder(
            "clip-b32 1 (vision)",
            "idle",
            600 * mebi,
            400 * mebi,
            380 * mebi,
            Map.of("weights", new MemoryResults.Part(400 * mebi, 350 * mebi, 340 * mebi)),
            2,
            false,
            12.4);
    MemoryResults.Holder reported =
        new MemoryResults.Holder(
            "index (mapped files)", "reported", 0, 0, mebi, Map.of(), 0, false, 0);
    String named = arguments.path() == null ? arguments.model() : arguments.path();
    return new MemoryResults.Ledger(
        List.of(
            new MemoryResults.Account(
                "cpu", 1600 * mebi, 400 * mebi, 380 * mebi, List.of(holder, reported))),
        new MemoryResults.Totals(7 * mebi, 5 * mebi, 2 * mebi, null, 1, 2, 3),
        named == null
            ? null
            : new MemoryResults.Upgrade(
                named,
                "clip-b32 1",
                "drain-and-swap",
                List.of(
                    new MemoryResults.Need(
                        "cpu", 1600 * mebi, 400 * mebi, 1500 * mebi, 400 * mebi, 0))));
  }

  @Override
  public void close() {
    closed.incrementAndGet();
  }
}
