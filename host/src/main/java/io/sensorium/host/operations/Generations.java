package io.sensorium.host.operations;

import io.sensorium.api.RequestContext;
import io.sensorium.api.ServiceGoneException;
import io.sensorium.api.language.ChatMessage;
import io.sensorium.api.language.DecodingOptions;
import io.sensorium.api.language.Generation;
import io.sensorium.api.language.GenerationRequest;
import io.sensorium.api.language.Prompt;
import io.sensorium.api.language.PromptPart;
import io.sensorium.api.language.TokenScore;
import io.sensorium.api.model.ModelRepository;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.host.api.HostStartException;
import io.sensorium.host.api.Question;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.launch.SettledModels;
import io.sensorium.host.operations.GenerationArguments.Generate;
import io.sensorium.host.operations.GenerationArguments.Words;
import io.sensorium.host.operations.Results.Generated;
import io.sensorium.host.operations.Results.TokenLogProb;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Has texts made, and shows them as results. Thread-safe. */
final class Generations {
  private final Sensorium sensorium;
  private final SettledModels models;

  Generations(Sensorium sensorium) {
    this.sensorium = sensorium;
    this.models = new SettledModels(this::present);
  }

  private Optional<ModelRepository> present() {
    try {
      return Optional.of(sensorium.models());
    } catch (ServiceGoneException e) {
      return Optional.empty();
    }
  }

  Generated generate(Generate arguments, Call call) {
    GenerationRequest request =
        new GenerationRequest(
            arguments.model(), prompt(arguments.prompt()), arguments.manner().options());
    awaitModel(arguments.model(), call.context());
    request.options().adapter().ifPresent(adapter -> awaitModel(adapter, call.context()));
    Generation made = sensorium.generate(request, call.text(), call.context());
    return shown(made, request.model(), request.options());
  }

  /**
   * Answers a question.
   *
   * @param media what it is about, read
   */
  Generated ask(AskArguments arguments, List<EncodeRequest> media, Call call) {
    DecodingOptions options = arguments.manner().options();
    Question question = new Question(arguments.model(), media, arguments.question(), options);
    awaitModels(call.context());
    Generation made = sensorium.ask(question, call.text(), call.context());
    return shown(made, arguments.model(), options);
  }

  private static Generated shown(Generation made, String model, DecodingOptions options) {
    return new Generated(
        made.text(),
        made.tokenIds(),
        model,
        made.promptTokens(),
        made.tokensPerSecond(),
        made.finishReason().name().toLowerCase(Locale.ROOT),
        options.logProbabilities() < 0
            ? null
            : made.scores().stream().map(score -> logProb(score, true)).toList());
  }

  private void awaitModel(String id, RequestContext context) {
    if (present().flatMap(repository -> repository.find(id)).isEmpty()) {
      awaitModels(context);
    }
  }

  /** A host that has just started may still be checking models and adapters. */
  private void awaitModels(RequestContext context) {
    try {
      models.await(System.nanoTime() + context.remainingNanos());
    } catch (TimeoutException e) {
      context.check("the model packages were checked");
    } catch (ExecutionException e) {
      throw new HostStartException("the model packages cannot be checked: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HostStartException("interrupted while the model packages were checked", e);
    }
  }

  private static Prompt prompt(Words words) {
    if (words.text() != null) {
      return Prompt.of(words.text());
    }
    if (words.ids() != null) {
      return new Prompt.Raw(
          words.ids().isEmpty() ? List.of() : List.of(new PromptPart.Tokens(words.ids())));
    }
    List<ChatMessage> messages = new ArrayList<>();
    if (words.system() != null) {
      messages.add(new ChatMessage("system", words.system()));
    }
    messages.add(new ChatMessage("user", words.question()));
    return new Prompt.Chat(messages);
  }

  private static TokenLogProb logProb(TokenScore score, boolean withAlternatives) {
    return new TokenLogProb(
        score.id(),
        score.text(),
        score.logProbability(),
        withAlternatives
            ? score.alternatives().stream().map(other -> logProb(other, false)).toList()
            : null);
  }
}
