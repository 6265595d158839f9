package io.sensorium.language;

import io.sensorium.api.language.DecodingOptions;
import io.sensorium.api.language.FinishReason;
import io.sensorium.api.language.Generation;
import io.sensorium.api.language.GenerationRequest;
import io.sensorium.api.language.LanguageModel;
import io.sensorium.api.language.Sequence;
import io.sensorium.api.language.TokenScore;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.language.decoding.Decoding;
import io.sensorium.language.decoding.DecodingRequest;
import io.sensorium.language.decoding.Decodings;
import io.sensorium.language.decoding.ScoredToken;
import io.sensorium.language.decoding.TokenConstraint;
import io.sensorium.language.scheduling.AdapterSource;
import io.sensorium.language.scheduling.Job;
import io.sensorium.language.text.AnswerText;
import io.sensorium.language.text.ModelText;
import io.sensorium.language.text.PromptTokens;
import io.sensorium.language.text.TokenHealing;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A request for a text, from words to words. */
final class TextJob implements Job {
  private final GenerationRequest request;
  private final Optional<AdapterSource> lowRank;
  private final ModelOpening opening;
  private final StringBuilder text = new StringBuilder();
  private DecodingRequest decoding;
  private Optional<AnswerText> answer = Optional.empty();
  private int read;

  /**
   * @param lowRank the adapter that the options name
   * @param opening of the model that will run it
   */
  TextJob(GenerationRequest request, Optional<AdapterSource> lowRank, ModelOpening opening) {
    this.request = request;
    this.lowRank = lowRank;
    this.opening = opening;
  }

  private DecodingOptions options() {
    return request.options();
  }

  @Override
  public int sequences() {
    return Decodings.sequences(options().strategy());
  }

  @Override
  public Optional<AdapterSource> adapter() {
    return lowRank;
  }

  @Override
  public Optional<Tensor> layerAdditions() {
    return request.layerAdditions();
  }

  @Override
  public void prepare() {
    OpenLanguage open = opening.opened();
    decoding =
        open.text().isPresent() ? words(open, open.text().get()) : ids(open.ids(request.prompt()));
  }

  private DecodingRequest words(OpenLanguage open, ModelText text) {
    requireWholeValue();
    PromptTokens prompt =
        text.encode(request.prompt(), open.model().contextLength(), open.model().mediaWidth());
    Optional<TokenHealing> healing =
        options().tokenHealing() ? TokenHealing.of(prompt, text.vocabulary()) : Optional.empty();
    AnswerText told = text.answer(request.prompt(), healing, options().stops());
    answer = Optional.of(told);
    PromptRows rows = PromptRows.of(healing.map(TokenHealing::prompt).orElse(prompt));
    return new DecodingRequest(
        rows.tokens(),
        rows.media(),
        options(),
        text.endTokens(),
        constraint(open, rows, healing),
        options().stops().isEmpty() ? Optional.empty() : Optional.of(told.stop()),
        text.unknownTokens());
  }

  private Optional<TokenConstraint> constraint(
      OpenLanguage open, PromptRows prompt, Optional<TokenHealing> healing) {
    if (options().jsonSchema().isEmpty()) {
      return healing.map(healed -> healed);
    }
    int room = open.model().contextLength() - prompt.tokens().size();
    int most = Math.max(1, Math.min(options().maxTokens(), room));
    ByteBuffer healed = healing.map(TokenHealing::removedBytes).orElse(ByteBuffer.allocate(0));
    return Optional.of(open.schemas().constraint(options().jsonSchema().get(), healed, most));
  }

  /** What a schema promises is a whole value, in which no control character stands raw. */
  private void requireWholeValue() {
    if (options().jsonSchema().isEmpty()) {
      return;
    }
    for (String stop : options().stops()) {
      if (stop.chars().noneMatch(unit -> unit < ' ')) {
        throw new IllegalArgumentException(
            "a stop text beside a JSON schema must have a control character, such as a line's end,"
                + " so that it cannot cut the value, which ends by itself; got '"
                + stop
                + "'");
      }
    }
  }

  private DecodingRequest ids(List<Integer> prompt) {
    if (!options().stops().isEmpty()
        || options().tokenHealing()
        || options().jsonSchema().isPresent()) {
      throw new IllegalArgumentException(
          "stop texts, token healing and schemas need a tokenizer; model %s has none"
              .formatted(request.model()));
    }
    return new DecodingRequest(prompt, options(), Set.of());
  }

  @Override
  public Decoding begin(LanguageModel model, Sequence sequence) {
    return Decodings.begin(model, sequence, decoding);
  }

  @Override
  public String advance(Decoding made) {
    List<Integer> certain = made.certain();
    StringBuilder piece = new StringBuilder();
    while (read < certain.size()) {
      int token = certain.get(read++);
      answer.ifPresent(each -> piece.append(each.accept(token)));
    }
    text.append(piece);
    return piece.toString();
  }

  @Override
  public String end() {
    String last = answer.map(AnswerText::end).orElse("");
    text.append(last);
    return last;
  }

  @Override
  public Generation finish(Decoding made, Duration prefill, Duration decode) {
    return new Generation(
        text.toString(),
        made.certain(),
        opening.opened().model().model().toString(),
        decoding.prompt().size(),
        finishReason(made),
        made.scores().stream().map(this::score).toList(),
        prefill,
        decode);
  }

  /** What is told last may complete a stop text, which no token did. */
  private FinishReason finishReason(Decoding made) {
    boolean stopped = answer.filter(AnswerText::stopped).isPresent();
    return stopped ? FinishReason.STOP : made.finishReason().orElseThrow();
  }

  private TokenScore score(ScoredToken token) {
    return new TokenScore(
        token.id(),
        opening
            .opened()
            .text()
            .map(each -> StandardCharsets.UTF_8.decode(each.vocabulary().bytes(token.id())))
            .map(Object::toString)
            .orElse(""),
        token.logProbability(),
        token.alternatives().stream().map(this::score).toList());
  }
}
