package io.sensorium.backend.transformer;

import io.sensorium.api.memory.MemoryLedger;
import io.sensorium.api.memory.Reservation;
import io.sensorium.api.runtime.ResidentSession;
import io.sensorium.api.runtime.SessionLease;

/**
 * What an open model holds until it closes.
 *
 * @param lease of its session
 * @param retired closes the session where nobody else would; runs after the lease was given back
 * @param reservation of its sequences' memory
 * @param holder who is asked for lease and reservation
 * @param ledger where more is reserved; borrowed
 */
record Resources(
    SessionLease lease,
    Runnable retired,
    Reservation reservation,
    ModelHolder holder,
    MemoryLedger ledger)
    implements AutoCloseable {
  ResidentSession session() {
    return lease.resident().orElseThrow();
  }

  @Override
  public void close() {
    lease.close();
    retired.run();
    reservation.close();
  }
}
