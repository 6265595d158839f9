package io.sensorium.models.training;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a training goes on from: the number of steps taken, parameters and moments. A save replaces
 * the file only when it is complete.
 *
 * @param step steps taken
 * @param tensors what {@link TrainingState#everything} returned
 */
public record StateFile(int step, List<Parameter> tensors) {
  private static final int MAGIC = 0x53_54_41_31;

  /** Replaces the file. */
  public void write(Path file) {
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    try {
      try (var out =
          new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(partial)))) {
        out.writeInt(MAGIC);
        out.writeInt(step);
        out.writeInt(tensors.size());
        for (Parameter tensor : tensors) {
          out.writeUTF(tensor.name());
          out.writeInt(tensor.shape().length);
          for (long dimension : tensor.shape()) {
            out.writeLong(dimension);
          }
          for (float value : tensor.values()) {
            out.writeFloat(value);
          }
        }
      }
      Files.move(
          partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("could not write the training state " + file, e);
    }
  }

  /** Reads what {@link #write} wrote. */
  public static StateFile read(Path file) {
    try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      if (in.readInt() != MAGIC) {
        throw new IllegalArgumentException(file + " is not a training state");
      }
      int step = in.readInt();
      int count = in.readInt();
      var tensors = new ArrayList<Parameter>(count);
      for (int i = 0; i < count; i++) {
        String name = in.readUTF();
        var shape = new long[in.readInt()];
        for (int k = 0; k < shape.length; k++) {
          shape[k] = in.readLong();
        }
        Parameter tensor = Parameter.filled(name, 0, shape);
        for (int k = 0; k < tensor.values().length; k++) {
          tensor.values()[k] = in.readFloat();
        }
        tensors.add(tensor);
      }
      return new StateFile(step, tensors);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read the training state " + file, e);
    }
  }

  /** Whether it was made of parameters with these names and shapes, in this order. */
  public boolean isOf(List<Parameter> initial) {
    List<Parameter> own = parameters();
    boolean same = own.size() == initial.size();
    for (int at = 0; same && at < own.size(); at++) {
      same =
          own.get(at).name().equals(initial.get(at).name())
              && Arrays.equals(own.get(at).shape(), initial.get(at).shape());
    }
    return same;
  }

  /** The trained parameters without the optimiser's moments. */
  public List<Parameter> parameters() {
    String prefix = "parameter.";
    return tensors.stream()
        .filter(tensor -> tensor.name().startsWith(prefix))
        .map(
            tensor ->
                new Parameter(
                    tensor.name().substring(prefix.length()), tensor.shape(), tensor.values()))
        .toList();
  }
}
