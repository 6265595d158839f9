package io.sensorium.host.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sensorium.api.Modality;
import io.sensorium.api.RequestContext;
import io.sensorium.api.ServiceGoneException;
import io.sensorium.api.index.IndexQuery;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.host.FakeEmbeddings;
import io.sensorium.host.FakeIndex;
import io.sensorium.host.api.SearchRequest;
import io.sensorium.host.reembedding.ScoreSamples;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SearcherTest {
  private final FakeEmbeddings embeddings = new FakeEmbeddings();
  private final FakeIndex index = new FakeIndex();
  private final Searcher searcher =
      new Searcher(embeddings, index, "world", ScoreSamples.load(Path.of("none")));

  @Test
  void asksForTheUnitSumOfItsTerms() {
    SearchRequest request =
        SearchRequest.of(EncodeRequest.of(Modality.IMAGE, MediaInput.ofText("#bell")))
            .plus(EncodeRequest.text("red"))
            .minus(EncodeRequest.text("blue"));

    Embedding asked = ask(request).embedding().orElseThrow();

    Embedding wanted =
        FakeEmbeddings.unit("#bell")
            .plus(FakeEmbeddings.unit("red"), 1)
            .plus(FakeEmbeddings.unit("blue"), -1)
            .normalized();
    assertThat(asked.norm()).isCloseTo(1, within(1e-4));
    assertThat(asked.cosine(wanted)).isCloseTo(1, within(1e-6));
  }

  @Test
  void keepsTheWeightOfTheFirstTerm() {
    SearchRequest request =
        SearchRequest.of(EncodeRequest.text("a"))
            .with(new SearchRequest.Term(EncodeRequest.text("b"), 0.25));
    SearchRequest mirrored =
        new SearchRequest(
            request.terms().reversed(), false, request.among(), request.where(), request.top());

    Embedding one = ask(request).embedding().orElseThrow();
    Embedding other = ask(mirrored).embedding().orElseThrow();

    assertThat(one.cosine(other)).isCloseTo(1, within(1e-6));
  }

  @Test
  void passesFiltersAndTheWordsOfPositiveTextsWhenAsked() {
    SearchRequest request =
        SearchRequest.text("small bells")
            .plus(EncodeRequest.of(Modality.IMAGE, MediaInput.ofText("#x")))
            .minus(EncodeRequest.text("red"))
            .among(Modality.IMAGE)
            .having(Map.of("extension", "png"))
            .top(7);

    IndexQuery plain = ask(request);
    IndexQuery hybrid = ask(request.byWordsToo());

    assertThat(plain.text()).isEmpty();
    assertThat(hybrid.text()).contains("small bells");
    assertThat(hybrid.modalities()).containsExactly(Modality.IMAGE);
    assertThat(hybrid.where()).containsEntry("extension", "png");
    assertThat(hybrid.top()).isEqualTo(7);
  }

  @Test
  void refusesTermsThatCancelOut() {
    SearchRequest request = SearchRequest.text("bell").minus(EncodeRequest.text("bell"));

    assertThatThrownBy(() -> ask(request))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cancel");
  }

  @Test
  void throwsWhatTheEncoderFailsWith() {
    embeddings.failures.add(new ServiceGoneException("no text encoder"));

    assertThatThrownBy(() -> ask(SearchRequest.text("bell")))
        .isInstanceOf(ServiceGoneException.class)
        .hasMessage("no text encoder");
  }

  private IndexQuery ask(SearchRequest request) {
    searcher.search(request, RequestContext.within(Duration.ofMinutes(1)));
    return index.lastQuery;
  }
}
