package io.sensorium.examples.spring;

import io.sensorium.api.UnsupportedInputException;
import io.sensorium.host.api.SearchRequest;
import io.sensorium.host.api.Sensorium;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /search?text=three+red+bells&top=5}: the nearest files, best first. */
@RestController
class SearchController {
  private final Sensorium sensorium;

  SearchController(Sensorium sensorium) {
    this.sensorium = sensorium;
  }

  @GetMapping("/search")
  List<Found> search(@RequestParam String text, @RequestParam(defaultValue = "5") int top) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("text must not be blank");
    }
    return sensorium.search(SearchRequest.text(text).top(top)).stream()
        .map(hit -> new Found(hit.score(), hit.entry().modality().name(), hit.entry().path()))
        .toList();
  }

  /** What cannot be looked for, or not as many of it: the asker's mistake. */
  @ExceptionHandler({IllegalArgumentException.class, UnsupportedInputException.class})
  ProblemDetail refuse(RuntimeException failure) {
    return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, failure.getMessage());
  }

  /** One file. */
  record Found(double score, String modality, String path) {}
}
