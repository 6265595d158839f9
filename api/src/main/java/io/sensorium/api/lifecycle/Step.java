package io.sensorium.api.lifecycle;

/**
 * The steps of the protocol, in their order. A plug-in passes over steps that have no meaning for
 * its kind; it may leave for {@link #QUARANTINED} from every step before {@link #READY}.
 */
public enum Step {
  /** Finding everything that it imports. */
  RESOLVE,
  /** Checking signature or trust policy, and hashes. */
  VERIFY,
  /** Reserving its memory in the ledger. */
  ADMIT,
  /** Starting its code and opening its sessions. */
  LOAD,
  /** Reproducing its recorded golden vectors. */
  SELF_TEST,
  /** Running once, so that the first request does not pay for it. */
  WARM_UP,
  /** In service. */
  READY,
  /** Takes nothing new and finishes what it accepted. */
  DRAIN,
  /** Gives back sessions, services and files. */
  CLOSE,
  /** Removed; its leases, memory and class loader are watched until they are gone. */
  PROVE,
  /** Nothing of it is left. */
  GONE,
  /** Kept out of service after a failure; what served before serves on. */
  QUARANTINED
}
