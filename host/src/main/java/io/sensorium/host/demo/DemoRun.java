package io.sensorium.host.demo;

import io.sensorium.host.demo.DemoQuery.DemoHit;
import io.sensorium.host.demo.ResultPage.Figure;
import io.sensorium.host.launch.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A demo that was played: its page and its answers. Immutable. */
public final class DemoRun {
  private static final String MARK = ".sensorium-demo";

  private final Path page;
  private final Demo.Result result;
  private final double seconds;

  private DemoRun(Path page, Demo.Result result, double seconds) {
    this.page = page;
    this.result = result;
    this.seconds = seconds;
  }

  /**
   * Plays the demo in a folder, which an earlier demo may have left there.
   *
   * @param narrator hears one line for each thing that happens
   * @throws IOException if the folder holds anything else, or cannot be written
   */
  public static DemoRun in(Path folder, String device, Consumer<String> narrator, long seed)
      throws IOException {
    long start = System.nanoTime();
    Path target = folder.toAbsolutePath().normalize();
    clear(target);
    Demo.Result result = new Demo(target, device, narrator).play(seed);
    double seconds = (System.nanoTime() - start) / 1e9;
    DemoRun run = new DemoRun(target.resolve("results.html"), result, seconds);
    ResultPage.write(run.page, result.queries(), run.figures());
    return run;
  }

  /** The self-contained page. */
  public Path page() {
    return page;
  }

  /** One line of the table. */
  public record Row(String asked, String answer, double score, boolean right) {}

  /** The best answer to every question, in the order of asking. */
  public List<Row> rows() {
    return result.queries().stream()
        .filter(query -> !query.hits().isEmpty())
        .map(DemoRun::row)
        .toList();
  }

  /** How many questions found what they asked for. */
  public String summary() {
    return "%d of %d questions found what they asked for first, in %.0f s."
        .formatted(right(), result.queries().size(), seconds);
  }

  /** The answers as a tree of JSON values. */
  public Map<String, Object> asJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("page", page.toString());
    json.put("samples", result.samples());
    json.put("queries", result.queries().stream().map(DemoRun::json).toList());
    json.put("hotPlug", result.plug());
    json.put("seconds", seconds);
    return json;
  }

  private List<Figure> figures() {
    HotPlug.Outcome plug = result.plug();
    return List.of(
        new Figure(Integer.toString(result.samples()), "files made, indexed and searched"),
        new Figure(
            right() + " / " + result.queries().size(), "questions whose first answer is right"),
        new Figure(
            String.format(Locale.ROOT, "%.1f s", plug.seconds()),
            "from a jar in the folder to a sense of motion"),
        new Figure(
            plug.requests() + " / " + plug.failedRequests(), "searches answered / lost meanwhile"));
  }

  private long right() {
    return result.queries().stream().filter(DemoQuery::firstIsRight).count();
  }

  private static Row row(DemoQuery query) {
    DemoHit best = query.hits().getFirst();
    return new Row(asked(query), best.label(), best.score(), best.right());
  }

  private static String asked(DemoQuery query) {
    String examples =
        query.examples().stream()
            .map(sample -> sample.modality() + " of " + sample.truth())
            .collect(Collectors.joining(" "));
    if (query.words().isEmpty()) {
      return examples;
    }
    return examples.isEmpty() ? "\"" + query.words() + "\"" : examples + " " + query.words();
  }

  private static Map<String, Object> json(DemoQuery query) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("act", query.act());
    json.put("asked", asked(query));
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

  private static void clear(Path folder) throws IOException {
    if (Files.isDirectory(folder) && !Files.exists(folder.resolve(MARK)) && !isEmpty(folder)) {
      throw new IOException("an empty folder or an earlier demo is required; found " + folder);
    }
    FileTree.delete(folder);
    Files.createDirectories(folder);
    Files.createFile(folder.resolve(MARK));
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (var entries = Files.list(folder)) {
      return entries.findAny().isEmpty();
    }
  }
}
