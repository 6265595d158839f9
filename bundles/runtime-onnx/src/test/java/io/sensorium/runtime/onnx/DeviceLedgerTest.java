package io.sensorium.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sensorium.api.RequestCancelledException;
import io.sensorium.api.RequestContext;
import io.sensorium.api.ResourceExhaustedException;
import io.sensorium.api.memory.MemoryAmounts;
import io.sensorium.api.memory.MemoryHolding;
import io.sensorium.api.memory.MemoryKind;
import io.sensorium.api.memory.MemoryRequest;
import io.sensorium.api.memory.Reservation;
import io.sensorium.api.runtime.Reclaimable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class DeviceLedgerTest {
  private static final long MEBI = 1 << 20;

  private final List<String> left = new ArrayList<>();
  private final DeviceLedger ledger = ledger(HolderPolicy.NONE);

  private static DeviceLedger ledger(HolderPolicy policy) {
    return new DeviceLedger(device -> device.cuda() ? 10 * MEBI : 100 * MEBI, policy);
  }

  /** Leaves when asked, if it may. */
  private final class Holder implements Reclaimable {
    private final String name;
    private final int priority;
    private volatile Duration idle;
    private volatile boolean willing = true;
    private Reservation reservation;

    private Holder(String name, int priority, long idleSeconds) {
      this.name = name;
      this.priority = priority;
      this.idle = Duration.ofSeconds(idleSeconds);
    }

    private Holder holding(DeviceLedger in, long mebibytes) {
      reservation = in.reserve(request(name, mebibytes).reclaimableBy(this), context());
      return this;
    }

    @Override
    public int priority() {
      return priority;
    }

    @Override
    public Duration idle() {
      return idle;
    }

    @Override
    public boolean reclaim() {
      if (willing) {
        left.add(name);
        reservation.close();
      }
      return willing;
    }
  }

  private static MemoryRequest request(String owner, long mebibytes) {
    return MemoryRequest.of("cpu", owner, MemoryKind.OTHER, mebibytes * MEBI);
  }

  private static RequestContext context() {
    return RequestContext.within(Duration.ofMinutes(1));
  }

  private static RequestContext moment() {
    return RequestContext.within(Duration.ofMillis(400));
  }

  @Test
  void theLeastImportantAndThenTheLongestIdleLeaveAndNoMoreThanNeeded() {
    new Holder("important", 5, 900).holding(ledger, 30);
    new Holder("young", 0, 10).holding(ledger, 20);
    new Holder("old", 0, 20).holding(ledger, 20);
    new Holder("low", -1, 1).holding(ledger, 20);
    ledger.reserve(request("new", 45), context());
    assertThat(left).containsExactly("low", "old");
    assertThat(ledger.reservedBytes(Device.CPU)).isEqualTo(95 * MEBI);
  }

  @Test
  void configuredPrioritiesCountAndThePinnedStay() {
    DeviceLedger strict = ledger(HolderPolicy.parse(" b , c", "a=7, d = -1,", Duration.ZERO));
    new Holder("a 1", -5, 900).holding(strict, 20);
    new Holder("b 1", -9, 900).holding(strict, 20);
    new Holder("c 2 (text)", -9, 900).holding(strict, 20);
    new Holder("d 1", 0, 1).holding(strict, 20);
    strict.reserve(request("new", 40), context());
    assertThat(left).containsExactly("d 1");
    assertThatThrownBy(() -> strict.reserve(request("more", 41), context()))
        .isInstanceOf(ResourceExhaustedException.class)
        .hasMessageContaining("b 1 has 20.0 MiB (pinned)")
        .hasMessageContaining("new has 40.0 MiB (cannot be asked)");
    assertThat(left).hasSize(1);
    assertThat(strict.report().getFirst().holdings())
        .extracting(MemoryHolding::priority)
        .containsExactly(7, -9, -9, 0);
    assertThatThrownBy(() -> HolderPolicy.parse("", "a:3", Duration.ZERO))
        .hasMessage("a priority must be id=number; got 'a:3'");
  }

  @Test
  void whoWorksIsWaitedFor() throws Exception {
    Holder busy = new Holder("busy", 0, 0).holding(ledger, 80);
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      Future<Reservation> waiting =
          thread.submit(() -> ledger.reserve(request("new", 40), context()));
      assertThat(ledger.report().getFirst().holdings())
          .singleElement()
          .matches(holding -> holding.state() == MemoryHolding.State.BUSY);
      busy.idle = Duration.ofMillis(1);
      waiting.get().close();
    }
    assertThat(left).containsExactly("busy");
  }

  @Test
  void aHolderThatWillNotLeaveIsAskedAgainUntilTheDeadlineAndNamedThen() {
    Holder stubborn = new Holder("stubborn", 0, 5).holding(ledger, 80);
    stubborn.willing = false;
    assertThatThrownBy(() -> ledger.reserve(request("new", 40), moment()))
        .isInstanceOfSatisfying(
            ResourceExhaustedException.class, e -> assertThat(e.retriable()).isTrue())
        .hasMessage(
            "new needs 40.0 MiB (other 40.0 MiB) on cpu; 20.0 MiB of the budget of 100.0 MiB are"
                + " free: stubborn has 80.0 MiB (would not leave)");
    stubborn.willing = true;
    ledger.reserve(request("new", 40), context()).close();
  }

  @Test
  void whoPromisedToLeaveAndStaysIsAskedByTheNext() {
    AtomicInteger asked = new AtomicInteger();
    Reclaimable liar =
        new Reclaimable() {
          @Override
          public int priority() {
            return 0;
          }

          @Override
          public Duration idle() {
            return Duration.ofSeconds(1);
          }

          @Override
          public boolean reclaim() {
            asked.incrementAndGet();
            return true;
          }
        };
    ledger.reserve(request("liar", 80).reclaimableBy(liar), context());
    for (int i = 1; i <= 2; i++) {
      assertThatThrownBy(() -> ledger.reserve(request("new", 40), moment()))
          .hasMessageContaining("liar has 80.0 MiB (asked to leave, still here)");
      assertThat(asked).hasValue(i);
    }
  }

  @Test
  void aHolderThatThrowsIsLeftAlone() {
    Reclaimable broken =
        new Reclaimable() {
          @Override
          public int priority() {
            return 0;
          }

          @Override
          public Duration idle() {
            throw new IllegalStateException("broken");
          }

          @Override
          public boolean reclaim() {
            return true;
          }
        };
    ledger.reserve(request("broken", 80).reclaimableBy(broken), context());
    assertThatThrownBy(() -> ledger.reserve(request("new", 40), context()))
        .hasMessageContaining("broken has 80.0 MiB (cannot be asked)");
  }

  @Test
  void aCancelledRequestWaitsNoLonger() throws Exception {
    new Holder("busy", 0, 0).holding(ledger, 80);
    RequestContext context = context();
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      Future<Reservation> waiting =
          thread.submit(() -> ledger.reserve(request("new", 40), context));
      context.cancel();
      assertThatThrownBy(waiting::get).hasCauseInstanceOf(RequestCancelledException.class);
    }
  }

  @Test
  void reservationsGrowAndShrink() {
    Reservation cache = ledger.reserve(request("cache", 10), context());
    Holder idle = new Holder("idle", 0, 5).holding(ledger, 60);
    cache.resize(MemoryKind.CACHE, 30 * MEBI, context());
    assertThat(ledger.reservedBytes(Device.CPU)).isEqualTo(100 * MEBI);
    cache.resize(MemoryKind.CACHE, 31 * MEBI, context());
    assertThat(left).containsExactly("idle");
    assertThatThrownBy(() -> cache.resize(MemoryKind.CACHE, 91 * MEBI, context()))
        .isInstanceOf(ResourceExhaustedException.class);
    assertThat(cache.amounts().of(MemoryKind.CACHE)).isEqualTo(31 * MEBI);
    cache.resize(MemoryKind.CACHE, 0, context());
    assertThat(cache.amounts()).isEqualTo(MemoryAmounts.of(MemoryKind.OTHER, 10 * MEBI));
    cache.close();
    idle.reservation.resize(MemoryKind.CACHE, 5, context());
    cache.measured(MemoryKind.OTHER, 5, 5);
    assertThat(ledger.reservedBytes(Device.CPU)).isZero();
  }

  @Test
  void whatWasMeasuredCountsEvenBeyondTheBudget() {
    Reservation model = ledger.reserve(request("model", 90), context());
    model.measured(MemoryKind.OTHER, 120 * MEBI, 130 * MEBI);
    MemoryHolding holding = ledger.report().getFirst().holdings().getFirst();
    assertThat(holding.planned().total()).isEqualTo(90 * MEBI);
    assertThat(holding.measured().total()).isEqualTo(120 * MEBI);
    assertThat(holding.reserved().total()).isEqualTo(130 * MEBI);
    assertThatThrownBy(() -> ledger.reserve(request("new", 1), context()))
        .hasMessageContaining("-30.0 MiB of the budget of 100.0 MiB are free");
    model.measured(MemoryKind.OTHER, 40 * MEBI, 50 * MEBI);
    ledger.reserve(request("new", 50), context());
  }

  @Test
  void concurrentReservationsNeverExceedTheBudget() throws Exception {
    int threads = 16;
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    AtomicLong held = new AtomicLong();
    AtomicLong most = new AtomicLong();
    CountDownLatch start = new CountDownLatch(1);
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> done = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        SplittableRandom random = new SplittableRandom(seed + i);
        String owner = "owner-" + i;
        done.add(
            executor.submit(
                () -> {
                  start.await();
                  for (int round = 0; round < 50; round++) {
                    work(owner, 1 + random.nextInt(70), held, most);
                  }
                  return null;
                }));
      }
      start.countDown();
      for (Future<?> each : done) {
        each.get();
      }
    }
    assertThat(most.get()).isBetween(1L, 100L);
    assertThat(ledger.reservedBytes(Device.CPU)).isZero();
  }

  /** Holds memory for a moment in which it cannot be asked, and waits its turn for it. */
  private void work(String owner, long mebibytes, AtomicLong held, AtomicLong most) {
    Reclaimable busy = new Holder(owner, 0, 0);
    try (Reservation reservation =
        ledger.reserve(request(owner, mebibytes).reclaimableBy(busy), context())) {
      assertThat(reservation.amounts().total()).isEqualTo(mebibytes * MEBI);
      most.accumulateAndGet(held.addAndGet(mebibytes), Math::max);
      held.addAndGet(-mebibytes);
    }
  }

  @Test
  void aLargeRequestIsNotOvertakenForEver() throws Exception {
    Holder busy = new Holder("busy", 0, 0).holding(ledger, 60);
    try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
      Future<Reservation> large =
          executor.submit(() -> ledger.reserve(request("large", 70), context()));
      while (!isPromised()) {
        TimeUnit.MILLISECONDS.sleep(1);
      }
      Future<Reservation> small =
          executor.submit(() -> ledger.reserve(request("small", 30), context()));
      TimeUnit.MILLISECONDS.sleep(30);
      assertThat(small.isDone()).isFalse();
      busy.reservation.close();
      large.get();
      small.get();
    }
    assertThat(ledger.reservedBytes(Device.CPU)).isEqualTo(100 * MEBI);
  }

  /** Whether somebody waits already, so that others have to. */
  private boolean isPromised() {
    try {
      ledger.reserve(request("probe", 1), RequestContext.within(Duration.ofMillis(2))).close();
      return false;
    } catch (ResourceExhaustedException e) {
      return true;
    }
  }

  @Test
  void devicesHaveBudgetsOfTheirOwn() {
    ledger.reserve(MemoryRequest.of("cuda:1", "a", MemoryKind.WEIGHTS, 10 * MEBI), context());
    ledger.reserve(request("b", 100), context());
    assertThat(ledger.reservedBytes(Device.cuda(0))).isZero();
    assertThat(ledger.fits(Device.cuda(0), 10 * MEBI)).isTrue();
    assertThat(ledger.fits(Device.cuda(1), 1)).isFalse();
    assertThatThrownBy(
            () -> ledger.reserve(MemoryRequest.of("cuda:1", "c", MemoryKind.WEIGHTS, 1), context()))
        .hasMessageContaining("on cuda:1");
    assertThat(ledger.report())
        .extracting(device -> device.device())
        .containsExactly("cpu", "cuda:0", "cuda:1");
    assertThatThrownBy(() -> MemoryRequest.of("gpu", "c", MemoryKind.WEIGHTS, 1))
        .hasMessage("a device must be cpu or cuda:n; got 'gpu'");
  }
}
