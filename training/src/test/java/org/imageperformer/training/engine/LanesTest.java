package org.imageperformer.training.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LanesTest {
  @Test
  void giveTheirResultsInOrder() {
    try (Lanes lanes = new Lanes(3)) {
      assertThat(lanes.run(lane -> 10 * lane)).containsExactly(0, 10, 20);
      assertThat(lanes.runInTurn(lane -> 10 * lane)).containsExactly(0, 10, 20);
    }
  }

  /** Each part waits for all to have begun. */
  @Test
  void workAtTheSameTime() {
    CountDownLatch begun = new CountDownLatch(3);
    try (Lanes lanes = new Lanes(3)) {
      assertThat(
              lanes.run(
                  lane -> {
                    begun.countDown();
                    await(begun);
                    return lane;
                  }))
          .containsExactly(0, 1, 2);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void tellAllFailuresWhenAllHaveEnded() {
    AtomicInteger ended = new AtomicInteger();
    CountDownLatch failed = new CountDownLatch(2);
    try (Lanes lanes = new Lanes(4)) {
      Throwable failure =
          catchThrowable(
              () ->
                  lanes.run(
                      lane -> {
                        if (lane == 1) {
                          failed.countDown();
                          throw new IllegalStateException("lane one");
                        }
                        if (lane == 3) {
                          failed.countDown();
                          throw new StackOverflowError("lane three");
                        }
                        await(failed);
                        return ended.incrementAndGet();
                      }));

      assertThat(ended).hasValue(2);
      assertThat(failure).isInstanceOf(IllegalStateException.class).hasMessage("lane one");
      assertThat(failure.getSuppressed())
          .singleElement()
          .isInstanceOf(StackOverflowError.class)
          .extracting(Throwable::getMessage)
          .isEqualTo("lane three");
    }
  }

  @Test
  void mayFailWithOneAndTheSameError() {
    OutOfMemoryError only = new OutOfMemoryError("the only one");
    try (Lanes lanes = new Lanes(2)) {
      assertThat(
              catchThrowable(
                  () ->
                      lanes.run(
                          lane -> {
                            throw only;
                          })))
          .isSameAs(only);
    }
  }
}
