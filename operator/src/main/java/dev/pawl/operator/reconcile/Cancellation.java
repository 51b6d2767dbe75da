package dev.pawl.operator.reconcile;

import dev.pawl.engine.execute.Cause;
import dev.pawl.engine.execute.Intervention;
import dev.pawl.engine.execute.LedgerReader;
import dev.pawl.engine.execute.StepState;
import dev.pawl.engine.execute.Target;
import dev.pawl.engine.execute.UnavailableException;
import dev.pawl.operator.source.InputException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Cancels what runs for a stream, on a virtual thread of its own, once. */
final class Cancellation implements Runnable {
  private final String stream;
  private final String by;
  private final Supplier<Target> target;
  private final Optional<Runner> runner;
  private final Runnable news;
  private volatile Optional<End> end = Optional.empty();

  /** How it ended. */
  sealed interface End {
    /**
     * Nothing runs any more.
     *
     * @param said what was done
     * @param steps as the ledger has them now
     */
    record Done(String said, List<StepState> steps) implements End {}

    /** It is to be tried again. */
    record Failed(Cause cause) implements End {}
  }

  private Cancellation(
      String stream, String by, Supplier<Target> target, Optional<Runner> runner, Runnable news) {
    this.stream = stream;
    this.by = by;
    this.target = target;
    this.runner = runner;
    this.news = news;
  }

  /**
   * Starts.
   *
   * @param target reads the Secrets; throws {@link InputException}
   * @param runner our own, which is ended first: its connections, not its statement
   * @param news called when it has ended
   */
  static Cancellation start(
      String stream, String by, Supplier<Target> target, Optional<Runner> runner, Runnable news) {
    var cancellation = new Cancellation(stream, by, target, runner, news);
    Thread.ofVirtual().name("cancel " + stream).start(cancellation);
    return cancellation;
  }

  @Override
  public void run() {
    end = Optional.of(execute());
    news.run();
  }

  private End execute() {
    try {
      if (runner.isPresent()) {
        runner.get().cancelAndJoin();
      }
      var address = target.get();
      var outcome = Intervention.cancel(address, stream, by);
      var said = String.join("; ", outcome.said());
      return outcome.done()
          ? new End.Done(said, LedgerReader.read(address).getOrDefault(stream, List.of()))
          : new End.Failed(Cause.of("CancelFailed", said));
    } catch (UnavailableException e) {
      return new End.Failed(e.why());
    } catch (InputException e) {
      return new End.Failed(e.why());
    } catch (InterruptedException e) {
      return new End.Failed(Cause.of("CancelFailed", "the operator ends"));
    }
  }

  /** How it ended; empty while it is at work. */
  Optional<End> end() {
    return end;
  }
}
