package io.sensorium.host.demo;

import io.sensorium.host.demo.DemoQuery.DemoHit;
import io.sensorium.host.demo.DemoTalk.Answer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/** Writes what the demo answered as a tree of JSON values. Stateless. */
final class ResultJson {
  private ResultJson() {}

  static Map<String, Object> of(Path page, Demo.Result result, double seconds) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("page", page.toString());
    json.put("samples", result.samples());
    json.put("queries", result.queries().stream().map(ResultJson::json).toList());
    json.put(
        "answers",
        result.talks().stream()
            .flatMap(talk -> talk.answers().stream().map(answer -> json(talk, answer)))
            .toList());
    json.put("hotPlug", result.plug());
    json.put("seconds", seconds);
    return json;
  }

  private static Map<String, Object> json(DemoQuery query) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("act", query.act());
    json.put("asked", query.asked());
    json.put("firstIsRight", query.firstIsRight());
    json.put(
        "hits",
        IntStream.range(0, query.hits().size())
            .mapToObj(i -> json(i + 1, query.hits().get(i)))
            .toList());
    return json;
  }

  private static Map<String, Object> json(int rank, DemoHit hit) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("rank", rank);
    json.put("score", hit.score());
    json.put("label", hit.label());
    json.put("right", hit.right());
    hit.sample().ifPresent(sample -> json.put("path", sample.file().toString()));
    return json;
  }

  private static Map<String, Object> json(DemoTalk talk, Answer answer) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("media", talk.media().stream().map(ResultJson::json).toList());
    json.put("question", answer.question());
    json.put("answer", answer.said());
    json.put("truth", answer.truth());
    json.put("right", answer.right());
    return json;
  }

  private static Map<String, Object> json(Sample sample) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("modality", sample.modality().name());
    json.put("shows", sample.truth());
    json.put("path", sample.file().toString());
    return json;
  }
}
