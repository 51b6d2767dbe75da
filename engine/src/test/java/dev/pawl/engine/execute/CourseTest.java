package dev.pawl.engine.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.engine.dialect.Verdict;
import dev.pawl.engine.execute.Course.Command;
import dev.pawl.engine.execute.Course.Event;
import dev.pawl.engine.execute.Course.Failure;
import dev.pawl.engine.execute.Course.Mend;
import dev.pawl.engine.execute.Course.Move;
import dev.pawl.engine.verify.Observation;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is seen decides what is done. */
class CourseTest {
  private static final Event OK = new Event.Ok();
  private static final Event FREE = new Event.Way(true);
  private static final Event ABSENT = new Event.Observed(new Observation.Absent());
  private static final Event VALID = new Event.Observed(new Observation.Valid());
  private static final Event INVALID = new Event.Observed(new Observation.Invalid("half-made"));
  private static final Event UNSEEN = new Event.Observed(new Observation.Unobservable());
  private static final Event BUILDING =
      new Event.Observed(
          new Observation.Building(OptionalInt.empty(), Optional.of("7"), "backfilling"));
  private static final Event NEW = row(Phase.PENDING, false);
  private static final Event SENT_ONCE = row(Phase.APPLYING, false);

  private static Course.Traits traits(boolean repeatable, boolean handWritten, boolean idempotent) {
    return new Course.Traits(repeatable, handWritten, idempotent, true, false);
  }

  private static Event row(Phase phase, boolean applied) {
    return new Event.Row(phase, applied, false);
  }

  /** A DROP without IF EXISTS. */
  private static Course drop(Event... events) {
    return after(new Course.Traits(false, false, false, true, true), events);
  }

  private static Course after(Course.Traits traits, Event... events) {
    var course = Course.of(traits);
    for (var event : events) {
      course = course.on(event);
    }
    return course;
  }

  private static Course plain(Event... events) {
    return after(traits(false, false, false), events);
  }

  private static Event error(Verdict verdict) {
    return new Event.Error(verdict);
  }

  @Test
  void nothingIsSentBeforeItWasLookedForAndTheWayIsFreeAndTheLedgerSaysSo() {
    assertThat(plain().next()).isEqualTo(new Command.ReadRow());
    assertThat(plain(NEW).next()).isEqualTo(new Command.Observe());
    assertThat(plain(NEW, ABSENT).next()).isEqualTo(new Command.AskWay(Mend.SEND));
    assertThat(plain(NEW, ABSENT, new Event.Way(false)).next()).isEqualTo(new Command.Await());
    assertThat(plain(NEW, ABSENT, FREE).next()).isEqualTo(new Command.Write(Move.SENDING));
    assertThat(plain(NEW, ABSENT, FREE, OK).next()).isEqualTo(new Command.Act(Mend.SEND));
  }

  @Test
  void successIsLookedAtAgainAndConfirmedBeforeItIsVerified() {
    var sent = plain(NEW, ABSENT, FREE, OK, OK);
    assertThat(sent.next()).isEqualTo(new Command.Write(Move.SUCCEEDED));
    var looked = sent.on(OK).on(row(Phase.APPLIED, true)).on(VALID);
    assertThat(looked.next()).isEqualTo(new Command.Confirm());
    assertThat(looked.on(new Event.Answer(false)).next()).isEqualTo(new Command.Retry());
    var confirmed = looked.on(new Event.Answer(true));
    assertThat(confirmed.next()).isEqualTo(new Command.Write(Move.VERIFIED));
    assertThat(confirmed.on(OK).next()).isEqualTo(new Command.Done());
  }

  @Test
  void whatIsBuildingIsFollowedAndNeverSentWhoeverStartedIt() {
    assertThat(plain(NEW, BUILDING).next()).isEqualTo(new Command.Write(Move.FOLLOWED));
    assertThat(plain(NEW, BUILDING, OK).next()).isEqualTo(new Command.Await());
    assertThat(plain(SENT_ONCE, BUILDING).next()).isEqualTo(new Command.Await());
    assertThat(plain(SENT_ONCE, BUILDING, OK, SENT_ONCE, BUILDING).next())
        .isEqualTo(new Command.Await());
  }

  @Test
  void aSuccessWhileAnotherBuiltIsNoneWhenThatIsReverted() {
    var answeredEarly = plain(NEW, ABSENT, FREE, OK, OK, OK);
    var applied = row(Phase.APPLIED, true);
    assertThat(answeredEarly.on(applied).on(BUILDING).on(OK).on(applied).on(ABSENT).next())
        .isEqualTo(new Command.AskWay(Mend.SEND));
  }

  @Test
  void aSuccessThatIsGoneIsTriedAgainAFewTimesAndThenSaid() {
    var course = plain(NEW, ABSENT);
    var applied = row(Phase.APPLIED, true);
    int sent = 0;
    while (!(course.next() instanceof Command.Fail)) {
      course = course.on(FREE).on(OK).on(OK).on(OK).on(applied).on(ABSENT);
      sent++;
      if (course.next() instanceof Command.Retry) {
        course = course.on(OK).on(applied).on(ABSENT);
      }
    }
    assertThat(course.next()).isEqualTo(new Command.Fail(Failure.UNDONE));
    assertThat(sent).isEqualTo(Course.UNDONE + 1);
  }

  @Test
  void anEndThatIsNotKnownIsLookedForAndNotGuessed() {
    var lost = plain(NEW, ABSENT, FREE, OK, error(Verdict.AMBIGUOUS));
    assertThat(lost.next()).isEqualTo(new Command.Retry());
    assertThat(lost.on(OK).on(SENT_ONCE).on(VALID).next()).isEqualTo(new Command.Write(Move.FOUND));
    assertThat(lost.on(OK).on(SENT_ONCE).on(ABSENT).next())
        .isEqualTo(new Command.AskWay(Mend.SEND));
    assertThat(lost.on(OK).on(SENT_ONCE).on(UNSEEN).next())
        .isEqualTo(new Command.Fail(Failure.UNKNOWN));
    assertThat(lost.on(OK).on(SENT_ONCE).unanswered()).isTrue();
  }

  @Test
  void whatIsRepeatableIsRepeatedWhenItsEndIsNotKnown() {
    assertThat(after(traits(true, true, false), SENT_ONCE, UNSEEN).next())
        .isEqualTo(new Command.AskWay(Mend.SEND));
  }

  @Test
  void aHandWrittenPredicateSaysWhatCannotBeSeenButNeverInsteadOfSending() {
    var hand = traits(false, true, false);
    assertThat(after(hand, NEW, UNSEEN).next()).isEqualTo(new Command.AskWay(Mend.SEND));
    var unknown = after(hand, SENT_ONCE, UNSEEN);
    assertThat(unknown.next()).isEqualTo(new Command.Confirm());
    assertThat(unknown.on(new Event.Answer(true)).next()).isEqualTo(new Command.Write(Move.FOUND));
    assertThat(unknown.on(new Event.Answer(false)).next())
        .isEqualTo(new Command.Fail(Failure.UNKNOWN));
    assertThat(after(traits(false, true, true), SENT_ONCE, UNSEEN, new Event.Answer(false)).next())
        .isEqualTo(new Command.AskWay(Mend.SEND));
    var succeeded = after(hand, NEW, UNSEEN, FREE, OK, OK, OK, row(Phase.APPLIED, true), UNSEEN);
    assertThat(succeeded.on(new Event.Answer(false)).next()).isEqualTo(new Command.Retry());
  }

  @Test
  void existsIsLookedAtAndNotBelieved() {
    var refused = plain(NEW, ABSENT, FREE, OK, error(Verdict.EXISTS));
    assertThat(refused.next()).isEqualTo(new Command.ReadRow());
    assertThat(refused.on(SENT_ONCE).on(VALID).next()).isEqualTo(new Command.Write(Move.FOUND));
    assertThat(refused.on(SENT_ONCE).on(BUILDING).on(OK).on(SENT_ONCE).on(ABSENT).next())
        .isEqualTo(new Command.AskWay(Mend.SEND));
  }

  @Test
  void aRefusalThatTheLookDeniesIsTriedAgainTwiceAndThenPassedOn() {
    var course = plain(NEW, ABSENT);
    for (int k = 0; k < Course.REFUSED; k++) {
      course = course.on(FREE).on(OK).on(error(Verdict.EXISTS)).on(SENT_ONCE).on(ABSENT);
      assertThat(course.next()).isEqualTo(new Command.Retry());
      course = course.on(OK).on(SENT_ONCE).on(ABSENT);
    }
    course = course.on(FREE).on(OK).on(error(Verdict.EXISTS)).on(SENT_ONCE).on(ABSENT);
    assertThat(course.next()).isEqualTo(new Command.Fail(Failure.ERROR));
  }

  @Test
  void whatIsToGoAndWasNeverThereIsAskedOfTheServerAndNotAdopted() {
    assertThat(drop(NEW, VALID).next()).isEqualTo(new Command.AskWay(Mend.SEND));
    assertThat(drop(row(Phase.FAILED, false), VALID).next())
        .isEqualTo(new Command.AskWay(Mend.SEND));
    var refused = drop(NEW, VALID, FREE, OK, error(Verdict.EXISTS));
    var sent = new Event.Row(Phase.APPLYING, false, true);
    assertThat(refused.on(sent).on(VALID).next()).isEqualTo(new Command.Fail(Failure.MISSING));
    assertThat(refused.unanswered()).isFalse();
    // Whether the answer is lost in this run or with it, it is asked for again.
    var lost = drop(NEW, VALID, FREE, OK, error(Verdict.AMBIGUOUS), OK);
    assertThat(lost.on(sent).on(VALID).next()).isEqualTo(new Command.AskWay(Mend.SEND));
    assertThat(drop(sent, VALID).next()).isEqualTo(new Command.AskWay(Mend.SEND));
  }

  @Test
  void whatWasThereWhenItsDropWasSentOrFollowedIsDoneWhenItIsGone() {
    var found = new Command.Write(Move.FOUND);
    assertThat(drop(SENT_ONCE, VALID).next()).isEqualTo(found);
    assertThat(drop(NEW, BUILDING, OK, OK, SENT_ONCE, VALID).next()).isEqualTo(found);
    var refused = drop(NEW, ABSENT, FREE, OK, error(Verdict.EXISTS));
    assertThat(refused.on(SENT_ONCE).on(VALID).next()).isEqualTo(found);
  }

  @Test
  void aRefusedBuildLeavesNothingBehind() {
    var refused = plain(NEW, ABSENT, FREE, OK, error(Verdict.PERMANENT));
    assertThat(refused.next()).isEqualTo(new Command.RemoveLeftover());
    assertThat(refused.unanswered()).isFalse();
    assertThat(refused.on(OK).next()).isEqualTo(new Command.Fail(Failure.ERROR));
  }

  @Test
  void repairEndsAfterSomeTries() {
    var course = plain(NEW, INVALID);
    for (int k = 0; k < Course.REPAIRS; k++) {
      assertThat(course.next()).isEqualTo(new Command.AskWay(Mend.REPAIR));
      course = course.on(FREE).on(OK).on(OK).on(SENT_ONCE).on(INVALID);
    }
    assertThat(course.next()).isEqualTo(new Command.Fail(Failure.INVALID));
  }

  @Test
  void whatIsNotToBeRepairedIsNot() {
    assertThat(after(new Course.Traits(false, false, false, false, false), NEW, INVALID).next())
        .isEqualTo(new Command.Fail(Failure.INVALID));
    assertThat(plain(NEW, new Event.Observed(new Observation.Different("other"))).next())
        .isEqualTo(new Command.Fail(Failure.DIFFERENT));
  }

  @ParameterizedTest
  @EnumSource(
      value = Verdict.class,
      names = {"RETRY", "AMBIGUOUS"})
  void whatPassesIsWaitedForAndLookedAtAnew(Verdict verdict) {
    assertThat(plain(NEW, error(verdict)).next()).isEqualTo(new Command.Retry());
    assertThat(plain(NEW, error(verdict), OK).next()).isEqualTo(new Command.ReadRow());
  }

  @Test
  void aQuestionThatIsRefusedIsAFailure() {
    assertThat(plain(NEW, error(Verdict.PERMANENT)).next())
        .isEqualTo(new Command.Fail(Failure.ERROR));
    assertThat(plain(NEW, error(Verdict.HUMAN)).next())
        .isEqualTo(new Command.Fail(Failure.ERROR_HUMAN));
  }

  @Test
  void anAnswerToAnotherQuestionIsAMistake() {
    assertThatThrownBy(() -> plain(OK)).isInstanceOf(IllegalStateException.class);
  }
}
