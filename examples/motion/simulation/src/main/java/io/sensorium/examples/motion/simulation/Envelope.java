package io.sensorium.examples.motion.simulation;

/** How strongly a thing moves in the course of one burst of {@value Movement#SECONDS} seconds. */
enum Envelope {
  /** A knock. */
  KNOCK {
    @Override
    double at(double t) {
      return Math.exp(-t / 0.07);
    }
  },
  /** A blow that rings. */
  RING {
    @Override
    double at(double t) {
      return Math.exp(-t / 0.2);
    }
  },
  /** Even, with soft ends. */
  STEADY {
    @Override
    double at(double t) {
      return Math.min(1, 20 * Math.min(t, Movement.SECONDS - t));
    }
  },
  /** Comes and goes. */
  SWELL {
    @Override
    double at(double t) {
      double sine = Math.sin(Math.PI * t / Movement.SECONDS);
      return sine * sine;
    }
  },
  /** Rises to a sudden end. */
  SURGE {
    @Override
    double at(double t) {
      double part = t / Movement.SECONDS;
      return part * part * Math.min(1, 25 * (1 - part));
    }
  },
  /** Two knocks. */
  TWICE {
    @Override
    double at(double t) {
      return Math.exp(-t / 0.05) + (t > 0.3 ? Math.exp(-(t - 0.3) / 0.05) : 0);
    }
  };

  /**
   * The factor on the movement.
   *
   * @param t seconds since the burst began, 0..{@value Movement#SECONDS}
   */
  abstract double at(double t);
}
