package io.sensorium.host.hotplug.plugin;

import java.util.concurrent.CountDownLatch;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Does not return from its start before as many others have begun theirs as the test wants. */
public final class MeetingActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) throws InterruptedException {
    CountDownLatch meeting = (CountDownLatch) System.getProperties().get("meeting");
    meeting.countDown();
    meeting.await();
  }

  @Override
  public void stop(BundleContext context) {}
}
