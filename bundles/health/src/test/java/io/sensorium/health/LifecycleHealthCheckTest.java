package io.sensorium.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.lifecycle.LifecycleEvent;
import io.sensorium.api.lifecycle.PlugIn;
import io.sensorium.api.lifecycle.PlugIn.Kind;
import io.sensorium.api.lifecycle.Step;
import org.apache.felix.hc.api.Result;
import org.apache.felix.hc.api.Result.Status;
import org.junit.jupiter.api.Test;

class LifecycleHealthCheckTest {
  private final LifecycleHealthCheck check = new LifecycleHealthCheck();

  @Test
  void isOkWhileEverythingIsReadyOrOnItsWay() {
    check.began(LifecycleEvent.of(motion(1), Step.READY));
    check.began(LifecycleEvent.of(motion(2), Step.SELF_TEST));

    assertThat(check.execute().getStatus()).isEqualTo(Status.OK);
  }

  @Test
  void warnsOfAPlugInInQuarantineAndSaysWhy() {
    check.began(LifecycleEvent.of(motion(1), Step.READY));
    check.began(LifecycleEvent.quarantined(motion(2), "it answers 12 numbers instead of 128"));

    Result result = check.execute();

    assertThat(result.getStatus()).isEqualTo(Status.WARN);
    assertThat(result.toString())
        .contains("encoder motion/m 1 is in quarantine: it answers 12 numbers instead of 128");
  }

  @Test
  void forgetsAQuarantineOnceALaterGenerationIsReady() {
    check.began(LifecycleEvent.quarantined(motion(2), "broken"));

    check.began(LifecycleEvent.of(motion(1), Step.READY));
    assertThat(check.execute().getStatus()).isEqualTo(Status.WARN);

    check.began(LifecycleEvent.of(motion(3), Step.READY));
    assertThat(check.execute().getStatus()).isEqualTo(Status.OK);
  }

  @Test
  void forgetsWhatIsGone() {
    check.began(LifecycleEvent.quarantined(motion(1), "broken"));
    check.began(LifecycleEvent.of(motion(1), Step.GONE));

    assertThat(check.execute().getStatus()).isEqualTo(Status.OK);
  }

  private static PlugIn motion(long generation) {
    return new PlugIn(Kind.ENCODER, "motion/m", "1", 7, generation);
  }
}
