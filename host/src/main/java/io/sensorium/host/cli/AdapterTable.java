package io.sensorium.host.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.sensorium.host.operations.Arguments.Name;
import io.sensorium.host.operations.Call;
import io.sensorium.host.operations.HostOperations;
import io.sensorium.host.operations.Results.Graph;
import io.sensorium.host.operations.Results.Model;
import io.sensorium.host.operations.Results.ModelDetails;
import java.io.PrintWriter;
import java.util.List;

/**
 * Installed adapters: {@code adapter list}.
 *
 * @param models each a model with what it stands between
 */
record AdapterTable(List<Adapter> models) {
  private static final String PROJECTION = "projection";

  /**
   * One adapter.
   *
   * @param kind how it is made, for instance {@code mlp}
   * @param encoder whose findings it reads
   * @param languageModel what it shows them to
   */
  record Adapter(@JsonUnwrapped Model model, String kind, String encoder, String languageModel) {
    private static Adapter of(ModelDetails details) {
      return new Adapter(
          details.model(),
          declared(details, "kind"),
          declared(details, "encoder"),
          declared(details, "language_model"));
    }

    private static String declared(ModelDetails details, String key) {
      return details.graphs().stream()
          .map(Graph::preprocessing)
          .filter(declared -> declared.get(key) != null)
          .map(declared -> declared.get(key).toString())
          .findFirst()
          .orElse("");
    }

    private List<String> row() {
      return List.of(
          model.id(),
          model.version(),
          kind,
          encoder,
          languageModel,
          Tables.bytes(model.bytes()),
          model.licence());
    }
  }

  static AdapterTable read(HostOperations host, Call call) {
    return new AdapterTable(
        host.models(call).models().stream()
            .filter(model -> model.task().equals(PROJECTION))
            .map(model -> Adapter.of(host.inspectModel(new Name(model.id()), call)))
            .toList());
  }

  void print(PrintWriter out) {
    Tables.print(
        out,
        List.of("id", "version", "kind", "encoder", "language model", "size", "licence"),
        models.stream().map(Adapter::row).toList());
  }
}
