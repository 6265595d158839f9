package io.sensorium.api.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.SensoriumException;
import io.sensorium.api.ServiceGoneException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LifecycleListenersTest {
  private static final PlugIn PLUG_IN = new PlugIn(PlugIn.Kind.MODEL, "m", "1", 0, 1);

  @Test
  void aListenerThatThrowsKeepsNobodyFromHearing() {
    List<Throwable> failures = new ArrayList<>();
    List<Step> heard = new ArrayList<>();
    var listeners = new LifecycleListeners((event, failure) -> failures.add(failure));
    LifecycleListener deaf =
        event -> {
          throw new LinkageError("deaf");
        };
    listeners.add(deaf);
    listeners.add(event -> heard.add(event.step()));

    listeners.tell(event(Step.LOAD));
    listeners.remove(deaf);
    listeners.tell(event(Step.READY));

    assertThat(heard).containsExactly(Step.LOAD, Step.READY);
    assertThat(failures).hasSize(1).first().isInstanceOf(LinkageError.class);
  }

  @Test
  void aReasonIsOneLineOfWhateverWasThrown() {
    assertThat(SensoriumException.reasonOf(new ServiceGoneException("gone\n  for good")))
        .isEqualTo("gone; for good");
    assertThat(SensoriumException.reasonOf(new IllegalStateException("why")))
        .isEqualTo("java.lang.IllegalStateException: why");
    RuntimeException hostile =
        new RuntimeException() {
          private static final long serialVersionUID = 1L;

          @Override
          public String getMessage() {
            throw new IllegalStateException("no words");
          }
        };
    assertThat(SensoriumException.reasonOf(hostile)).isEqualTo(hostile.getClass().getName());
    assertThat(SensoriumException.reasonOf(new RuntimeException("x".repeat(2_000)))).hasSize(500);
  }

  private static LifecycleEvent event(Step step) {
    return new LifecycleEvent(PLUG_IN, step, Optional.empty(), "");
  }
}
