package io.sensorium.models.world.looks;

import java.awt.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The drawing of one thing: filled shapes, painted in order, on a square of {@value #SIDE} units.
 * Its shapes are never changed after construction, so that all threads may share it.
 */
public record Look(List<Layer> layers) {

  /** Side of the square that a drawing fills. */
  public static final int SIDE = 100;

  public Look {
    layers = List.copyOf(layers);
  }

  /** One filled shape. */
  public record Layer(Shape shape, Ink ink) {

    public Layer {
      Objects.requireNonNull(shape, "shape");
      Objects.requireNonNull(ink, "ink");
    }
  }

  /** Stacks layers from the back to the front. One thread at a time. */
  static final class Builder {

    private final List<Layer> layers = new ArrayList<>();

    Builder main(Shape... shapes) {
      return add(Ink.MAIN, shapes);
    }

    Builder dark(Shape... shapes) {
      return add(Ink.DARK, shapes);
    }

    Builder light(Shape... shapes) {
      return add(Ink.LIGHT, shapes);
    }

    private Builder add(Ink ink, Shape... shapes) {
      layers.add(new Layer(Outlines.union(shapes), ink));
      return this;
    }

    Look build() {
      return new Look(layers);
    }
  }
}
