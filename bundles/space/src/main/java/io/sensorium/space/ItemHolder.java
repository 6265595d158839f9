package io.sensorium.space;

/** Whoever keeps an item until it is answered. */
@FunctionalInterface
interface ItemHolder {
  /** Drops the item, if it is still here. */
  void forget(Item item);
}
