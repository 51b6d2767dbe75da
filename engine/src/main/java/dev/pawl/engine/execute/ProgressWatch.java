package dev.pawl.engine.execute;

import dev.pawl.engine.plan.Step;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** While a statement runs, shows its progress; closed, it tells nothing of it any more. */
final class ProgressWatch implements AutoCloseable {
  private final CountDownLatch end = new CountDownLatch(1);
  private final Worker worker;
  private final Step step;
  private final int backend;
  private final Duration poll;
  private final Thread thread;

  ProgressWatch(Worker worker, Step step, int backend, Duration poll) {
    this.worker = worker;
    this.step = step;
    this.backend = backend;
    this.poll = poll;
    thread = Thread.ofVirtual().name("progress-" + step.id()).start(this::watch);
  }

  private void watch() {
    try {
      while (!end.await(poll.toMillis(), TimeUnit.MILLISECONDS)) {
        worker
            .heartbeat
            .progress(worker.dialect, backend)
            .ifPresent(p -> worker.tracker.progress(step, p.percent(), p.job(), p.detail()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws InterruptedException {
    end.countDown();
    thread.join();
  }
}
