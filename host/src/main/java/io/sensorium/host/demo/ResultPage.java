package io.sensorium.host.demo;

import io.sensorium.api.Modality;
import io.sensorium.host.demo.DemoQuery.DemoHit;
import io.sensorium.host.demo.DemoTalk.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes the demo's answers as one self-contained HTML page: pictures and players inside it. */
final class ResultPage {
  private static final String TEMPLATE = "result-page.html";

  private ResultPage() {}

  /**
   * @param figures name and value pairs for the head of the page, in order
   */
  static void write(Path file, Demo.Result result, List<Figure> figures) throws IOException {
    String page =
        template()
            .replace("{{figures}}", figures.stream().map(ResultPage::figure).collect(lines()))
            .replace("{{talks}}", result.talks().stream().map(ResultPage::talk).collect(lines()))
            .replace("{{queries}}", acts(result.queries()));
    Files.writeString(file, page);
  }

  /** One figure of the head: {@code 0} {@code failed requests}. */
  record Figure(String value, String name) {}

  private static String acts(List<DemoQuery> queries) {
    StringBuilder html = new StringBuilder();
    String act = "";
    for (DemoQuery query : queries) {
      if (!query.act().equals(act)) {
        act = query.act();
        html.append("<h2>").append(escape(act)).append("</h2>\n");
      }
      html.append(section(query));
    }
    return html.toString();
  }

  private static String section(DemoQuery query) {
    String asked =
        query.examples().stream().map(ResultPage::media).collect(lines())
            + (query.words().isEmpty() ? "" : "<q>" + escape(query.words()) + "</q>");
    String note = query.note().isEmpty() ? "" : "<p class=note>" + escape(query.note()) + "</p>";
    return """
        <section><div class=asked>%s%s</div>
        <div class=hits>%s</div></section>
        """
        .formatted(asked, note, query.hits().stream().map(ResultPage::hit).collect(lines()));
  }

  private static String talk(DemoTalk talk) {
    return """
        <section><div class=asked>%s</div>
        <div class=talk>%s</div></section>"""
        .formatted(
            talk.media().stream().map(ResultPage::media).collect(lines()),
            talk.answers().stream().map(ResultPage::answer).collect(lines()));
  }

  private static String answer(Answer answer) {
    return """
        <div class="%s"><q>%s</q><b>%s</b><span>in truth: %s</span></div>"""
        .formatted(
            answer.right() ? "right" : "other",
            escape(answer.question()),
            escape(answer.said()),
            escape(answer.truth()));
  }

  private static String hit(DemoHit hit) {
    return """
        <figure class="%s">%s<figcaption><b>%s</b> %s</figcaption></figure>"""
        .formatted(
            hit.right() ? "right" : "other",
            hit.sample().map(ResultPage::media).orElse(bar(hit.score())),
            String.format(Locale.ROOT, "%.2f", hit.score()),
            escape(hit.label()));
  }

  private static String bar(double share) {
    return String.format(
        Locale.ROOT, "<div class=bar><i style=\"width:%.1f%%\"></i></div>", 100 * share);
  }

  private static String media(Sample sample) {
    if (sample.modality().equals(Sample.MOTION)) {
      return MotionPlot.of(sample.file(), sample.truth());
    }
    String data = base64(sample.file());
    return sample.modality().equals(Modality.AUDIO)
        ? "<audio controls preload=none src=\"data:audio/wav;base64," + data + "\"></audio>"
        : "<img alt=\"%s\" src=\"data:image/png;base64,%s\">"
            .formatted(escape(sample.truth()), data);
  }

  private static String figure(Figure figure) {
    return "<div><b>%s</b><span>%s</span></div>"
        .formatted(escape(figure.value()), escape(figure.name()));
  }

  private static String base64(Path file) {
    try {
      return Base64.getEncoder().encodeToString(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String template() throws IOException {
    try (InputStream in = ResultPage.class.getResourceAsStream(TEMPLATE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }

  private static java.util.stream.Collector<CharSequence, ?, String> lines() {
    return Collectors.joining("\n");
  }
}
