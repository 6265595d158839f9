package io.sensorium.language.decoding;

import io.sensorium.api.language.Extension;
import io.sensorium.api.language.Prediction;
import io.sensorium.api.language.Sequence;
import java.util.List;
import java.util.Optional;

/** One text whose next token is chosen by the scores alone. */
final class SingleTextDecoding extends OneTextDecoding {
  private final Sequence sequence;
  private final TokenChooser chooser;

  SingleTextDecoding(TextRun run, TokenChooser chooser) {
    super(run, false);
    this.sequence = run.sequence();
    this.chooser = chooser;
  }

  @Override
  public void accept(List<Prediction> predictions) {
    Optional<float[]> offered = offers(predictions.getFirst());
    if (offered.isEmpty()) {
      return;
    }
    int token = chooser.choose(offered.get());
    take(token);
    if (finishReason().isEmpty()) {
      want(List.of(new Extension(sequence, List.of(token))));
    }
  }

  @Override
  public void close() {
    sequence.close();
  }
}
