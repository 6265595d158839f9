package io.sensorium.host.demo;

import io.sensorium.host.demo.DemoQuery.DemoHit;
import io.sensorium.host.demo.DemoTalk.Answer;
import io.sensorium.host.demo.ResultPage.Figure;
import io.sensorium.host.launch.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

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
    ResultPage.write(run.page, result, run.figures());
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

  /** One question to the language model. */
  public record AnswerRow(
      String media, String question, String answer, String truth, boolean right) {}

  /** Every question to the language model, in the order of asking. */
  public List<AnswerRow> answerRows() {
    return result.talks().stream()
        .flatMap(talk -> talk.answers().stream().map(answer -> row(talk, answer)))
        .toList();
  }

  /** How many questions found what they asked for, and how many were answered rightly. */
  public String summary() {
    return "%d of %d questions found what they asked for first, %d of %d were answered rightly, in %.0f s."
        .formatted(right(), result.queries().size(), rightAnswers(), answerRows().size(), seconds);
  }

  /** The answers as a tree of JSON values. */
  public Map<String, Object> asJson() {
    return ResultJson.of(page, result, seconds);
  }

  private List<Figure> figures() {
    HotPlug.Outcome plug = result.plug();
    return List.of(
        new Figure(Integer.toString(result.samples()), "files made, indexed and searched"),
        new Figure(
            right() + " / " + result.queries().size(), "questions whose first answer is right"),
        new Figure(
            rightAnswers() + " / " + answerRows().size(), "right answers of a language model"),
        new Figure(
            String.format(Locale.ROOT, "%.1f s", plug.seconds()),
            "from a jar in the folder to a sense of motion"),
        new Figure(
            plug.requests() + " / " + plug.failedRequests(), "searches answered / lost meanwhile"));
  }

  private long right() {
    return result.queries().stream().filter(DemoQuery::firstIsRight).count();
  }

  private long rightAnswers() {
    return answerRows().stream().filter(AnswerRow::right).count();
  }

  private static Row row(DemoQuery query) {
    DemoHit best = query.hits().getFirst();
    return new Row(query.asked(), best.label(), best.score(), best.right());
  }

  private static AnswerRow row(DemoTalk talk, Answer answer) {
    return new AnswerRow(
        talk.senses(), answer.question(), answer.said(), answer.truth(), answer.right());
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
