package io.sensorium.api.language;

/** Why a text ended. */
public enum FinishReason {
  /** The model ended it. */
  END,
  /** One of the stop texts would have come. */
  STOP,
  /** It has as many tokens as were asked for, or as the model's context holds. */
  LENGTH
}
