package io.sensorium.host.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;

/** What operations answer. Immutable values; their fields are the command line's JSON. */
public final class Results {
  private Results() {}

  /** The answer to a search. */
  public record Hits(List<Hit> hits) {}

  /** One found item. */
  public record Hit(
      int rank,
      double score,
      String modality,
      String path,
      String id,
      Map<String, String> metadata) {}

  /**
   * Vectors, one an item, in the items' order.
   *
   * @param space null if no item could be embedded, and {@code version} too
   * @param embeddings null in the place of an item that could not be embedded
   * @param failed those items
   */
  public record Embeddings(
      String space,
      String version,
      int dimension,
      List<List<Float>> embeddings,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<FailedItem> failed) {
    public Embeddings {
      failed = failed == null ? List.of() : List.copyOf(failed);
    }
  }

  /**
   * An item that could not be embedded, and why.
   *
   * @param item its number in the order of the items, from 0
   */
  public record FailedItem(int item, String reason) {}

  /**
   * What an encoder found in an item.
   *
   * @param encoder the package that encoded it
   * @param tokens token states, row by row, as float32 in little-endian order
   * @param width of a token state
   * @param embedding of length 1, likewise
   */
  @SuppressWarnings("ArrayRecordComponent") // compared nowhere; JSON has it in base 64
  public record ItemFeatures(
      String encoder,
      String encoderVersion,
      String space,
      byte[] tokens,
      int width,
      byte[] embedding) {}

  /** Labels, most probable first. */
  public record Classification(List<Label> labels) {}

  /** One label's share. */
  public record Label(String label, double probability) {}

  /**
   * A text that a language model made.
   *
   * @param finishReason {@code end}, {@code stop} or {@code length}
   * @param logProbs one a token if log-probabilities were asked for, else null
   */
  public record Generated(
      String text,
      List<Integer> tokenIds,
      String model,
      int promptTokens,
      double tokensPerSecond,
      String finishReason,
      @JsonInclude(JsonInclude.Include.NON_NULL) List<TokenLogProb> logProbs) {}

  /**
   * How probable a token was.
   *
   * @param top the most probable ones there, best first; null for one of those
   */
  public record TokenLogProb(
      int id,
      String text,
      double logProb,
      @JsonInclude(JsonInclude.Include.NON_NULL) List<TokenLogProb> top) {}

  /** What became of files. */
  public record Indexing(
      long indexed, long unchanged, long removed, List<LeftOut> unreadable, double seconds) {}

  /** A file that was left out, and why. */
  public record LeftOut(String path, String reason) {}

  /** How far a long operation is; {@code total} is 0 while unknown. */
  public record Progress(long done, long total, double perSecond, double remainingSeconds) {}

  /** Installed models, those that were refused last, and what the language models do. */
  public record Models(
      List<Model> models, List<Refusal> refused, List<LanguageModel> languageModels) {
    /** Models of which none was refused, and none speaks. */
    public Models(List<Model> models) {
      this(models, List.of(), List.of());
    }
  }

  /**
   * A language model in service: what it has to do now, from {@code sequences} to {@code
   * tokensPerSecond}, and what it has done since the host started.
   */
  public record LanguageModel(
      String id,
      String version,
      boolean open,
      int sequences,
      int taken,
      int kept,
      int running,
      int waiting,
      long promptBacklog,
      double tokensPerSecond,
      long requests,
      long runs,
      long promptTokens,
      long rememberedTokens,
      long prefixHits,
      long answerTokens) {}

  /**
   * A model package that was not taken into service. {@code model} and {@code version} are empty
   * where its manifest cannot be read; {@code bundle} is 0 where none carries it.
   */
  public record Refusal(
      String source, String model, String version, String step, String reason, long bundle) {}

  /** An installed model, in short. {@code modality} and {@code space} are empty where none. */
  public record Model(
      String id,
      String version,
      String task,
      String architecture,
      List<String> modalities,
      String space,
      String licence,
      long bytes) {}

  /**
   * An installed model in full.
   *
   * @param commercialUse whether the licence allows it; null if its terms are not known
   */
  public record ModelDetails(
      Model model,
      Boolean commercialUse,
      String folder,
      List<Graph> graphs,
      Map<String, Object> calibration,
      List<File> files) {}

  /**
   * One graph of a model.
   *
   * @param modality what it reads as an encoder; blank if it is none
   */
  public record Graph(
      String name,
      String modality,
      List<TensorSignature> inputs,
      List<TensorSignature> outputs,
      Map<String, Object> preprocessing) {}

  /** A graph's input or output, for instance {@code float32[n,3,224,224]}. */
  public record TensorSignature(String name, String signature) {}

  /** A file of a package. */
  public record File(String path, long bytes, String sha256) {}

  /** How a model compares with a recording. */
  public record Verification(
      String model, boolean passed, List<Comparison> outputs, List<String> skipped) {}

  /** How one output compares. */
  public record Comparison(String name, double maxAbs, double meanAbs, double cosine) {}

  /**
   * What a model takes, in bytes but for the parameters.
   *
   * @param estimate of the parameters by formula; null where the configuration does not say enough
   * @param bytes of the weights by precision
   */
  public record Plan(
      String architecture,
      long parameters,
      @JsonInclude(JsonInclude.Include.NON_NULL) Long estimate,
      Map<String, Long> bytes,
      long kvBytesPerToken,
      long stateBytes,
      int batch,
      long workingBytes,
      long trainingBytes,
      List<GraphPlan> graphs) {}

  /** What one graph takes once it is loaded; its working bytes are for one item. */
  public record GraphPlan(String name, long parameters, long weightBytes, long workingBytes) {}

  /** How far items have followed their spaces' new versions. */
  public record Reembedding(
      String state,
      List<SpaceChange> changes,
      long moved,
      long removed,
      double perSecond,
      double remainingSeconds,
      List<KeptItem> kept,
      List<String> dropped) {}

  /** Items of one modality in an older version of their space. */
  public record SpaceChange(
      String from, String to, String modality, long items, List<String> waitingFor) {}

  /** An item that could not be embedded again, and why. */
  public record KeptItem(String id, String reason) {}

  /** What was removed. */
  public record Removal(String removed) {}

  /**
   * A bundle that was removed.
   *
   * @param then what becomes of the one that comes with the host; absent if none does
   */
  public record BundleRemoval(
      String removed, @JsonInclude(JsonInclude.Include.NON_NULL) String then) {}

  /**
   * Installed bundles.
   *
   * @param quarantined bundles that were kept out of service lately, latest last
   * @param leaving bundles that drain, close, or were removed and are not proved gone yet
   * @param classLoadersRetained of removed bundles, that the garbage collector has not collected
   *     yet
   */
  public record Bundles(
      List<Bundle> bundles,
      List<PluggedIn> quarantined,
      List<PluggedIn> leaving,
      int classLoadersRetained) {}

  /**
   * An installed bundle.
   *
   * @param step of the protocol that it is at
   * @param since when that began, as ISO 8601
   * @param swap how it took another's place; left out if it took none
   * @param reason why it is in quarantine; left out if it is not
   * @param brought its model packages and encoders
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Bundle(
      long id,
      String name,
      String version,
      String state,
      String origin,
      String step,
      String since,
      String swap,
      String reason,
      List<PluggedIn> brought) {}

  /**
   * A generation of something that is plugged in, was refused, or is leaving.
   *
   * @param kind {@code bundle}, {@code model} or {@code encoder}
   * @param bundleId the bundle that it is or that brought it; 0 for none
   * @param failedIn the step that it left for quarantine
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record PluggedIn(
      String kind,
      String name,
      String version,
      long bundleId,
      String step,
      String since,
      String swap,
      String reason,
      String failedIn) {}

  /** What the doctor found. */
  public record Health(
      boolean healthy,
      List<String> problems,
      Map<String, String> versions,
      String configuredDevice,
      List<Device> devices,
      @JsonInclude(JsonInclude.Include.NON_NULL) Index index,
      Memory memory,
      Home home,
      List<String> models,
      List<Encoder> encoders,
      List<Check> checks) {}

  /** What one health check says. */
  public record Check(String name, String status, List<String> messages) {}

  /** A device and whether its provider really loads. */
  public record Device(String name, boolean usable, String detail) {}

  /** How the index is doing. */
  public record Index(
      long items, boolean writable, String problem, boolean vectorised, String arithmetic) {}

  /** Memory in bytes. */
  public record Memory(long heapUsed, long heapMaximum, long machineFree, long machineTotal) {}

  /** The home and the process that holds it. */
  public record Home(String path, long freeDiskBytes, long process) {}

  /**
   * One encoder.
   *
   * @param step of the protocol that it is at, or at which it failed
   * @param swap how it took another's place; blank if it took none
   * @param reason why it is in quarantine; blank if it is not
   * @param bundle that brought it
   */
  public record Encoder(
      String modality,
      String space,
      String spaceVersion,
      int dimension,
      String model,
      String modelVersion,
      String state,
      String provider,
      long requests,
      double meanBatch,
      String step,
      String swap,
      String reason,
      long bundle) {}
}
