package io.sensorium.models.graphs;

import java.util.List;
import java.util.Optional;

/** Activation functions. */
enum Activation {
  /** {@code x * Phi(x)}. */
  GELU,
  /** The tanh approximation of GELU. */
  GELU_TANH,
  /** {@code x * sigmoid(1.702 x)}. */
  QUICK_GELU,
  RELU,
  SILU,
  TANH,
  SIGMOID,
  IDENTITY;

  /** Every name that {@link #named} understands. */
  static final List<String> NAMES =
      List.of(
          "gelu",
          "gelu_new",
          "gelu_pytorch_tanh",
          "gelu_fast",
          "quick_gelu",
          "relu",
          "silu",
          "swish",
          "tanh",
          "sigmoid",
          "linear",
          "GELU",
          "ReLU",
          "SiLU",
          "Tanh",
          "Sigmoid",
          "Identity");

  /** By a transformers name, or by the last part of a torch class's name. */
  static Optional<Activation> named(String name) {
    return Optional.ofNullable(
        switch (name) {
          case "gelu", "GELU" -> GELU;
          case "gelu_new", "gelu_pytorch_tanh", "gelu_fast" -> GELU_TANH;
          case "quick_gelu" -> QUICK_GELU;
          case "relu", "ReLU" -> RELU;
          case "silu", "swish", "SiLU" -> SILU;
          case "tanh", "Tanh" -> TANH;
          case "sigmoid", "Sigmoid" -> SIGMOID;
          case "linear", "Identity" -> IDENTITY;
          default -> null;
        });
  }
}
