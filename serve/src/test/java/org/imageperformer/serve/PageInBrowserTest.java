package org.imageperformer.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import javax.imageio.ImageIO;
import org.imageperformer.datasets.ImageSet;
import org.imageperformer.datasets.Shifts;
import org.imageperformer.datasets.Turn;
import org.imageperformer.datasets.TurnedImages;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** The page in Chromium, with models that ship; left out where there is no Chromium. */
@Tag("slow")
class PageInBrowserTest {
  private static final String PERFORMER = "performer-mnist";
  private static final String EQUIVARIANT = "equivariant-mnist";

  @TempDir private static Path folder;
  private static Browser browser;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    Optional<Browser> found = Browser.start();
    assumeTrue(found.isPresent(), "there is no Chromium with its chromedriver on the PATH");
    browser = found.get();
    TestModels.halfPlus(3, folder.resolve("half"));
    server =
        TestServer.of(
            "../pretrained/" + PERFORMER, "../pretrained/" + EQUIVARIANT, folder + "/half");
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void open() throws Exception {
    browser.show(1400, "light");
    browser.driver.get(server.uri("/").toString());
    awaitSweeps();
  }

  @AfterEach
  void nothingIsComplainedOfAndNothingLeavesTheHost() {
    assertThat(browser.console()).isEmpty();
    assertThat(browser.requests())
        .isNotEmpty()
        .allMatch(
            url -> url.startsWith(server.uri("/").toString()) || url.matches("(data|blob):.*"));
  }

  /** What a model says about the picture where it is. */
  private record Answer(String name, double probability) {}

  @Test
  void theArrowKeysMoveATestImage() throws Exception {
    Answer performer = answer(PERFORMER);
    Answer equivariant = answer(EQUIVARIANT);
    assertThat(performer.name()).isEqualTo("1");
    assertThat(equivariant.name()).isEqualTo("1");

    WebElement canvas = browser.driver.findElement(By.id("canvas"));
    for (int i = 0; i < 6; i++) {
      canvas.sendKeys(Keys.ARROW_RIGHT);
    }
    awaitPlace("moved by 6 to the right and 0 down, turned by 0°");

    assertThat(answer(EQUIVARIANT).name()).isEqualTo("1");
    assertThat(answer(EQUIVARIANT).probability())
        .isCloseTo(equivariant.probability(), within(1e-4));
    assertThat(answer(PERFORMER).name()).isNotEqualTo("1");
    assertThat(verdict(EQUIVARIANT, "shift")).isEqualTo("recognises 1 at 17 of 17");
    assertThat(kept(PERFORMER, "shift")).isLessThan(9);
  }

  @Test
  void aDigitIsDrawnAndMovedByTheMouse() throws Exception {
    browser.driver.findElement(By.id("clear")).click();
    WebElement canvas = browser.driver.findElement(By.id("canvas"));
    int pixel = canvas.getSize().getWidth() / 32;
    // A one: from (3, -8) to (-2, 8) off the centre, in pixels of the picture.
    new Actions(browser.driver)
        .moveToElement(canvas, 3 * pixel, -8 * pixel)
        .clickAndHold()
        .moveByOffset(-2 * pixel, 6 * pixel)
        .moveByOffset(-2 * pixel, 6 * pixel)
        .moveByOffset(-1 * pixel, 4 * pixel)
        .release()
        .perform();
    browser.await(
        "the drawing is swept", () -> verdict(EQUIVARIANT, "shift").startsWith("keeps 1 "));
    awaitPlace("moved by 0 to the right and 0 down, turned by 0°");
    Answer performer = answer(PERFORMER);
    Answer equivariant = answer(EQUIVARIANT);
    assertThat(equivariant.name()).isEqualTo("1");

    browser.driver.findElement(By.cssSelector("[name=drag][value=move]")).click();
    new Actions(browser.driver)
        .moveToElement(canvas)
        .clickAndHold()
        .moveByOffset(3 * pixel, 0)
        .moveByOffset(3 * pixel, 0)
        .release()
        .perform();
    awaitPlace("moved by 6 to the right and 0 down, turned by 0°");

    assertThat(answer(EQUIVARIANT).name()).isEqualTo("1");
    assertThat(answer(EQUIVARIANT).probability())
        .isCloseTo(equivariant.probability(), within(1e-4));
    assertThat(answer(PERFORMER)).isNotEqualTo(performer);
    assertThat(kept(EQUIVARIANT, "shift")).isEqualTo(17);
    assertThat(kept(PERFORMER, "shift")).isLessThan(17);
  }

  @Test
  void aTurnAndItsWayBack() throws Exception {
    Answer before = answer(PERFORMER);
    WebElement angle = browser.driver.findElement(By.id("angle"));
    angle.sendKeys(Keys.HOME);
    awaitPlace("moved by 0 to the right and 0 down, turned by -180°");
    assertThat(angle.getAttribute("value")).isEqualTo("-180");

    browser.driver.findElement(By.id("back")).click();
    awaitPlace("moved by 0 to the right and 0 down, turned by 0°");
    assertThat(answer(PERFORMER)).isEqualTo(before);
  }

  @Test
  void aPictureOfInkOnPaperIsTaken() throws Exception {
    Path file = folder.resolve("one.png");
    BufferedImage picture = new BufferedImage(200, 160, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = picture.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, 200, 160);
    graphics.setColor(Color.BLACK);
    graphics.fillRect(93, 30, 14, 100);
    graphics.dispose();
    ImageIO.write(picture, "png", file.toFile());

    browser.driver.findElement(By.id("file")).sendKeys(file.toString());
    browser.await("it is inverted", () -> text("#note").startsWith("Light was taken for dark"));
    browser.await("it is swept", () -> verdict(EQUIVARIANT, "shift").startsWith("keeps 1 "));

    assertThat(answer(EQUIVARIANT).name()).isEqualTo("1");
  }

  @Test
  void picturesAreMovedAndTurnedAsTheTestsDoIt() {
    byte[] pixels = new byte[7 * 7];
    new Random(1).nextBytes(pixels);
    ImageSet images = ImageSet.of(pixels, new byte[1], 7, 7, 1);

    for (int columns = -8; columns <= 8; columns++) {
      assertThat(moved(pixels, columns)).isEqualTo(numbers(Shifts.shifted(images, 1, columns)));
    }
    for (int degrees = -180; degrees <= 180; degrees += 15) {
      List<Long> turned = changed(pixels, "turned(%s)".formatted(degrees));
      List<Long> expected = numbers(new TurnedImages(images, Turn.by(degrees), false).toSet());
      for (int i = 0; i < pixels.length; i++) {
        // Both round a value that is a bit another one.
        assertThat(turned.get(i)).as("%s degrees", degrees).isCloseTo(expected.get(i), within(1L));
      }
    }
  }

  private static List<Long> moved(byte[] pixels, int columns) {
    return changed(pixels, "moved(%s, 1)".formatted(columns));
  }

  /** What the page makes of a gray image of 7x7. */
  @SuppressWarnings("unchecked") // JavaScript's numbers are whole ones here
  private static List<Long> changed(byte[] pixels, String change) {
    return (List<Long>)
        script(
            "return [...new Pixels(7, 7, 1, Uint8Array.from(%s)).%s.values]"
                .formatted(Arrays.toString(pixels), change));
  }

  private static List<Long> numbers(ImageSet images) {
    List<Long> numbers = new ArrayList<>();
    ByteBuffer image = images.image(0);
    while (image.hasRemaining()) {
      numbers.add((long) (image.get() & 0xff));
    }
    return numbers;
  }

  @Test
  void modelsOfOtherThingsAreNamed() {
    assertThat(text("#not-shown"))
        .isEqualTo("half is not shown: its input is no image of bytes: x float [?].");
    assertThat(browser.driver.findElements(By.cssSelector("article"))).hasSize(2);
  }

  @Test
  void everythingFitsAtAnyWidthAndInTheDark() {
    for (int width : List.of(360, 1400)) {
      for (String colours : List.of("light", "dark")) {
        browser.show(width, colours);
        assertThat(script("return innerWidth")).isEqualTo((long) width);
        assertThat(
                script(
                    "return document.documentElement.scrollWidth"
                        + " - document.documentElement.clientWidth"))
            .isEqualTo(0L);
        assertThat(script("return getComputedStyle(document.body).backgroundColor"))
            .isEqualTo(colours.equals("light") ? "rgb(255, 255, 255)" : "rgb(20, 24, 29)");
      }
    }
  }

  @Test
  void everythingHasANameForThoseWhoDoNotSeeIt() {
    List<WebElement> controls =
        browser.driver.findElements(By.cssSelector("button, input, canvas[tabindex], [role=img]"));

    assertThat(controls).hasSizeGreaterThan(20);
    assertThat(controls)
        .allSatisfy(control -> assertThat(control.getAccessibleName()).isNotBlank());
    assertThat(browser.driver.findElement(By.cssSelector("#summary")).getAttribute("textContent"))
        .startsWith(PERFORMER + ": 1, ");
  }

  private static Object script(String script) {
    return browser.driver.executeScript(script);
  }

  private static String text(String selector) {
    return browser.driver.findElement(By.cssSelector(selector)).getText();
  }

  private static WebElement card(String model) {
    return browser.driver.findElement(By.cssSelector("article[aria-label=" + model + "]"));
  }

  private static Answer answer(String model) {
    WebElement card = card(model);
    return new Answer(
        card.getAttribute("data-class"), Double.parseDouble(card.getAttribute("data-probability")));
  }

  private static String verdict(String model, String sweep) {
    return card(model).findElement(By.cssSelector("[data-sweep=" + sweep + "] .verdict")).getText();
  }

  private static int kept(String model, String sweep) {
    return Integer.parseInt(
        card(model)
            .findElement(By.cssSelector("[data-sweep=" + sweep + "]"))
            .getAttribute("data-kept"));
  }

  private static void awaitPlace(String place) throws InterruptedException {
    for (String model : List.of(PERFORMER, EQUIVARIANT)) {
      browser.await(
          model + " has answered: " + place,
          () -> place.equals(card(model).getAttribute("data-place")));
    }
  }

  private static void awaitSweeps() throws InterruptedException {
    for (String model : List.of(PERFORMER, EQUIVARIANT)) {
      browser.await(
          model + " is there",
          () ->
              !browser
                  .driver
                  .findElements(
                      By.cssSelector(
                          "article[aria-label=" + model + "] [data-sweep=angle][data-kept]"))
                  .isEmpty());
    }
    awaitPlace("moved by 0 to the right and 0 down, turned by 0°");
    browser.await(
        "the answers are read out",
        () -> (Boolean) script("return document.getElementById('summary').textContent !== ''"));
  }
}
