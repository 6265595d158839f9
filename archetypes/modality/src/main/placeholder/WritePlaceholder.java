import io.sensorium.api.Modality;
import io.sensorium.api.space.SpaceId;
import io.sensorium.api.tensor.ElementType;
import io.sensorium.api.tensor.Shape;
import io.sensorium.api.tensor.Tensor;
import io.sensorium.testkit.ProjectionPackage;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Writes the package that a generated project begins with. Only its manifest names the modality, as
 * an expression of the archetype's templates.
 */
final class WritePlaceholder {
  private static final int ROWS = 64;
  private static final int COLUMNS = 3;
  private static final int DIMENSION = 128;
  private static final long SEED = 20261121;
  private static final String STAND_IN = "stand-in-modality";

  private WritePlaceholder() {}

  public static void main(String... arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    ProjectionPackage placeholder =
        new ProjectionPackage(
            STAND_IN + "-placeholder",
            "1",
            new Modality(STAND_IN),
            new SpaceId(STAND_IN, "1"),
            Shape.of(1, ROWS, COLUMNS),
            DIMENSION,
            Map.of("rows", ROWS, "columns", COLUMNS, "mean", 0, "std", 1),
            SEED);
    Path media = Files.createDirectories(folder.resolve("media")).resolve("wave.csv");
    placeholder.writeTo(folder, Map.of("pre.wave." + ProjectionPackage.INPUT, wave(media)));
    Path manifest = folder.resolve("model.json");
    Files.writeString(
        manifest, Files.readString(manifest).replace(STAND_IN, "${modality}"));
  }

  /** A recording of as many readings as the graph takes: nothing has to be resampled. */
  private static Tensor wave(Path file) throws IOException {
    StringBuilder lines = new StringBuilder("x,y,z\n");
    Tensor tensor = Tensor.allocate(ElementType.FLOAT32, Shape.of(1, ROWS, COLUMNS));
    FloatBuffer values = tensor.asFloats();
    for (int row = 0; row < ROWS; row++) {
      for (int column = 0; column < COLUMNS; column++) {
        float value = (float) Math.sin(0.1 * (column + 1) * row);
        values.put(value);
        lines.append(column == 0 ? "" : ",").append(value);
      }
      lines.append('\n');
    }
    Files.writeString(file, lines);
    return tensor;
  }
}
