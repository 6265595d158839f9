package io.sensorium.models.catalogue;

import io.sensorium.api.Modality;
import io.sensorium.api.model.Precision;
import java.util.List;

/**
 * What a checkpoint has for one modality.
 *
 * @param modality what it reads
 * @param parameters every number of it that is imported
 * @param matrices those in matrices of linear layers
 * @param tables those in tables of tokens and positions and in convolutions
 * @param stages its layers
 */
public record Tower(
    Modality modality, long parameters, long matrices, long tables, List<Stage> stages) {
  private static final long FLOAT_BYTES = 4;
  private static final long HALF_BYTES = 2;

  public Tower {
    stages = List.copyOf(stages);
    if (stages.isEmpty()) {
      throw new IllegalArgumentException("a tower needs a stage");
    }
    if (matrices < 1 || tables < 0 || matrices + tables > parameters) {
      throw new IllegalArgumentException(
          "matrices %d and tables %d must be among the parameters %d"
              .formatted(matrices, tables, parameters));
    }
  }

  /** Bytes of weights: integers leave tables in float16, and nothing touches vectors. */
  long weightBytes(Precision precision) {
    long vectors = FLOAT_BYTES * (parameters - matrices - tables);
    return vectors
        + switch (precision) {
          case FLOAT32 -> FLOAT_BYTES * (matrices + tables);
          case FLOAT16 -> HALF_BYTES * (matrices + tables);
          case INT8 -> matrices + HALF_BYTES * tables;
          // Half a byte, and a scale of four bytes for every 32.
          case INT4 -> matrices * 5 / 8 + HALF_BYTES * tables;
        };
  }

  /** Bytes of activations while one item passes. */
  long workingBytes() {
    return stages.stream().mapToLong(Stage::workingBytes).max().orElseThrow();
  }
}
