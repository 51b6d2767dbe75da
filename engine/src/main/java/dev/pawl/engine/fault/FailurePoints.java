package dev.pawl.engine.fault;

import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * Arms failure points from outside, by {@code PAWL_FAILURE_POINTS}: {@code 22:kill@2,9:freeze=30}
 * kills the process when it comes to point 22 for the second time. What happens is said on standard
 * error, for a log in the background would be lost with the process.
 */
public final class FailurePoints implements FailurePoint.Hook {
  /** The environment variable that arms them. */
  public static final String VARIABLE = "PAWL_FAILURE_POINTS";

  private static final Pattern FORM =
      Pattern.compile("(\\d+):(kill|pause|freeze)(?:=(\\d{1,6}))?(?:@(\\d{1,6}))?");

  /** What an operating system says of a process that was killed. */
  private static final int KILLED = 137;

  private enum Action {
    /** The process ends at once, as by SIGKILL. */
    KILL,
    /** The thread waits; the others, the heart among them, go on. */
    PAUSE,
    /** Every thread that comes to a point waits, as if the process were stopped. */
    FREEZE
  }

  /**
   * One of them.
   *
   * @param seconds 0 for without end
   * @param nth the time at which it acts, from 1
   */
  private record Fault(Action action, long seconds, int nth) {}

  private final Map<FailurePoint, List<Fault>> faults;
  private final Map<FailurePoint, AtomicInteger> counts = new EnumMap<>(FailurePoint.class);
  private final Object ice = new Object();
  private long frozenUntil;
  private boolean frozen;

  private FailurePoints(Map<FailurePoint, List<Fault>> faults) {
    this.faults = faults;
    faults.keySet().forEach(point -> counts.put(point, new AtomicInteger()));
  }

  /**
   * Arms what the environment asks for; nothing where it asks for nothing.
   *
   * @throws IllegalArgumentException for what cannot be read
   */
  public static void armFromEnvironment() {
    var text = System.getenv(VARIABLE);
    if (text != null && !text.isBlank()) {
      var hook = of(text);
      say("FAULTS WILL HAPPEN ON PURPOSE, for " + VARIABLE + "=" + text + ". Never in production.");
      FailurePoint.arm(hook);
    }
  }

  /**
   * Reads the variable's text.
   *
   * @throws IllegalArgumentException for what cannot be read
   */
  static FailurePoints of(String text) {
    var faults = new EnumMap<FailurePoint, List<Fault>>(FailurePoint.class);
    for (var part : text.split(",", -1)) {
      var form = FORM.matcher(part.strip());
      if (!form.matches()) {
        throw new IllegalArgumentException(
            VARIABLE
                + ": \""
                + part
                + "\" is not NUMBER:kill, NUMBER:pause=SECONDS or NUMBER:freeze=SECONDS,"
                + " each with @TIMES or without");
      }
      var point =
          Arrays.stream(FailurePoint.values())
              .filter(p -> Integer.toString(p.number()).equals(form.group(1)))
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          VARIABLE + ": there is no failure point " + form.group(1)));
      faults
          .computeIfAbsent(point, _ -> new ArrayList<>())
          .add(
              new Fault(
                  Action.valueOf(form.group(2).toUpperCase(Locale.ROOT)),
                  form.group(3) == null ? 0 : Long.parseLong(form.group(3)),
                  form.group(4) == null ? 1 : Integer.parseInt(form.group(4))));
    }
    return new FailurePoints(faults);
  }

  /** A socket for a connection to a database; when points are armed, one that knows of answers. */
  public static Socket socket() {
    return FailurePoint.isArmed() ? new ListeningSocket() : new Socket();
  }

  @Override
  public void reached(FailurePoint point) {
    var here = faults.get(point);
    if (here != null) {
      int time = counts.get(point).incrementAndGet();
      for (var fault : here) {
        if (fault.nth() == time) {
          happen(point, fault);
        }
      }
    }
    thaw();
  }

  private void happen(FailurePoint point, Fault fault) {
    say(
        "failure point "
            + point.number()
            + " ("
            + point.when()
            + "), time "
            + fault.nth()
            + ": "
            + fault.action().name().toLowerCase(Locale.ROOT));
    switch (fault.action()) {
      case KILL -> Runtime.getRuntime().halt(KILLED);
      case PAUSE -> sleep(System.nanoTime() + nanos(fault.seconds()));
      case FREEZE -> {
        synchronized (ice) {
          frozen = true;
          frozenUntil = System.nanoTime() + nanos(fault.seconds());
        }
      }
    }
  }

  private static long nanos(long seconds) {
    return seconds == 0 ? Long.MAX_VALUE / 4 : Duration.ofSeconds(seconds).toNanos();
  }

  /** Waits while all is frozen. */
  private void thaw() {
    long end;
    synchronized (ice) {
      if (!frozen) {
        return;
      }
      end = frozenUntil;
    }
    sleep(end);
  }

  /** Also when it is interrupted: what is stopped hears nothing. */
  private static void sleep(long end) {
    boolean interrupted = false;
    for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
      try {
        TimeUnit.NANOSECONDS.sleep(left);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void say(String what) {
    System.err.println("pawl: " + what);
    System.err.flush();
  }
}
